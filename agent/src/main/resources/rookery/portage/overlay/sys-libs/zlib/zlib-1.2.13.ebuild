# Copyright 2026 the Rookery authors
# Distributed under the terms of the Apache License, Version 2.0

EAPI=8

inherit rookery-static

DESCRIPTION="Standard (de)compression library"
HOMEPAGE="https://zlib.net/"
# As Debian keeps it: upstream's files without contrib/.
SRC_URI="zlib_${PV}.dfsg.orig.tar.bz2"
S="${WORKDIR}/zlib-${PV}.dfsg"

LICENSE="ZLIB"
SLOT="0/1"
KEYWORDS="amd64 arm64 riscv"

src_configure() {
	rookery_export
	# A hand-written configure: it asks `uname` of the build host unless told.
	local -x uname=Linux
	rookery_is_windows && uname=MINGW
	./configure --prefix="${EPREFIX}/usr" --libdir="${EPREFIX}/usr/$(get_libdir)" --static || die
}

src_compile() {
	emake libz.a
}

src_install() {
	doheader zlib.h zconf.h
	dolib.a libz.a
	insinto /usr/$(get_libdir)/pkgconfig
	doins zlib.pc
}
