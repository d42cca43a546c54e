# Copyright 2026 the Rookery authors
# Distributed under the terms of the Apache License, Version 2.0

EAPI=8

inherit rookery-static

DESCRIPTION="TLS and cryptography toolkit"
HOMEPAGE="https://openssl-library.org/"
# Debian keeps upstream's own bytes (its signature fits), under its own name.
SRC_URI="
	https://github.com/openssl/openssl/releases/download/openssl-${PV}/openssl-${PV}.tar.gz -> openssl_${PV}.orig.tar.gz
	https://www.openssl.org/source/openssl-${PV}.tar.gz -> openssl_${PV}.orig.tar.gz
"

LICENSE="Apache-2.0"
SLOT="0/3"
KEYWORDS="~amd64 ~arm64 ~riscv"
IUSE="+asm +minimal"
BDEPEND="dev-lang/perl"

# What a TLS 1.2 or 1.3 client or server never asks for: with USE=minimal about a third less to compile.
OPENSSL_TRIMMED=(
	aria bf camellia cast cmp cms ct dsa ec2m gost idea md4 mdc2 ocb rc2 rc4 rmd160 scrypt seed siphash sm2 sm3 sm4 srp
	srtp ts whirlpool
)

src_configure() {
	rookery_export
	# Configure would put it before the full tool names.
	unset CROSS_COMPILE
	local target
	case ${CHOST} in
		x86_64-*-mingw32) target=mingw64 ;;
		x86_64-*) target=linux-x86_64 ;;
		aarch64-*) target=linux-aarch64 ;;
		riscv64-*) target=linux64-riscv64 ;;
		*) die "OpenSSL has no target for ${CHOST} here" ;;
	esac
	local trimmed=()
	use minimal && trimmed=( "${OPENSSL_TRIMMED[@]/#/no-}" )
	perl ./Configure ${target} --prefix="${EPREFIX}/usr" --libdir="$(get_libdir)" --openssldir="${EPREFIX}/etc/ssl" \
		no-shared no-tests no-dso no-engine no-module no-legacy no-comp $(usex asm '' no-asm) "${trimmed[@]}" ${CFLAGS} || die
}

src_compile() {
	# The libraries alone: the openssl program would be as much again.
	emake build_generated
	emake libcrypto.a libssl.a libcrypto.pc libssl.pc openssl.pc
}

src_install() {
	emake -j1 DESTDIR="${D}" install_dev
}
