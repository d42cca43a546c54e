# Copyright 2026 the Rookery authors
# Distributed under the terms of the Apache License, Version 2.0

EAPI=8

inherit rookery-static

DESCRIPTION="Fast lossless compression"
HOMEPAGE="https://facebook.github.io/zstd/"
# As Debian keeps it: upstream's files without a part of the tests.
SRC_URI="libzstd_${PV}+dfsg2.orig.tar.xz"

LICENSE="|| ( BSD GPL-2 )"
SLOT="0/1"
KEYWORDS="amd64 arm64 riscv"

# Multithreaded as everywhere else (the static target alone would not be), and without the formats from before 1.0.
ZSTD_MAKE=( -C lib ZSTD_LEGACY_SUPPORT=0 CPPFLAGS_STATICLIB=-DZSTD_MULTITHREAD V=1 )

src_configure() {
	rookery_export
}

src_compile() {
	emake "${ZSTD_MAKE[@]}" PREFIX="${EPREFIX}/usr" LIBDIR="${EPREFIX}/usr/$(get_libdir)" libzstd.a libzstd.pc
}

src_install() {
	dolib.a lib/libzstd.a
	doheader lib/{zdict,zstd,zstd_errors}.h
	insinto /usr/$(get_libdir)/pkgconfig
	doins lib/libzstd.pc
}
