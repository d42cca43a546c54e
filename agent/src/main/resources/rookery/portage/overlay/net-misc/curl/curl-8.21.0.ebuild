# Copyright 2026 the Rookery authors
# Distributed under the terms of the Apache License, Version 2.0

EAPI=8

inherit rookery-static

DESCRIPTION="Client library for URL transfers"
HOMEPAGE="https://curl.se/"
# Debian keeps upstream's own bytes (its signature fits), under its own name.
SRC_URI="
	https://curl.se/download/curl-${PV}.tar.gz -> curl_${PV}.orig.tar.gz
	https://github.com/curl/curl/releases/download/curl-${PV//./_}/curl-${PV}.tar.gz -> curl_${PV}.orig.tar.gz
"

LICENSE="curl"
SLOT="0"
KEYWORDS="~amd64 ~arm64 ~riscv"
IUSE="+adns +http2 +ssl"
RDEPEND="
	sys-libs/zlib:=[static-libs(+)]
	adns? ( net-dns/c-ares:=[static-libs(+)] )
	http2? ( net-libs/nghttp2:=[static-libs(+)] )
	ssl? ( dev-libs/openssl:=[static-libs(+)] )
"
DEPEND="${RDEPEND}"
BDEPEND="dev-lang/perl virtual/pkgconfig"

src_configure() {
	rookery_export
	# Only the library is wanted, with HTTP(S), FTP and what costs nothing; each --without saves configure a search.
	local options=(
		--enable-static --disable-shared --disable-dependency-tracking
		--disable-ldap --disable-ldaps --disable-manual --disable-libcurl-option --disable-debug --disable-curldebug --disable-werror
		--enable-optimize --enable-threaded-resolver
		--without-brotli --without-gssapi --without-libgsasl --without-libidn2 --without-libpsl
		--without-libssh --without-libssh2 --without-nghttp3 --without-ngtcp2
		--without-quiche --without-zstd --without-zsh-functions-dir --without-fish-functions-dir
		--with-zlib="${ESYSROOT}/usr"
		--with-ca-bundle="${EPREFIX}/etc/ssl/certs/ca-certificates.crt" --without-ca-path
		$(use_with http2 nghttp2)
	)
	if use adns; then options+=( --enable-ares --disable-threaded-resolver ); fi
	if use ssl; then options+=( --with-openssl="${ESYSROOT}/usr" ); else options+=( --without-ssl ); fi
	econf "${options[@]}"
}

src_compile() {
	emake -C lib
}

src_install() {
	emake -C lib DESTDIR="${D}" install
	emake -C include DESTDIR="${D}" install
	insinto /usr/$(get_libdir)/pkgconfig
	doins libcurl.pc
	find "${ED}" -name '*.la' -delete || die
}
