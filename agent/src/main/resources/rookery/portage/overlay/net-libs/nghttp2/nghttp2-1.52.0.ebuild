# Copyright 2026 the Rookery authors
# Distributed under the terms of the Apache License, Version 2.0

EAPI=8

inherit rookery-static

DESCRIPTION="HTTP/2 C library"
HOMEPAGE="https://nghttp2.org/"
# Debian takes the tagged tree, not upstream's release archive: these bytes are Debian's only.
SRC_URI="nghttp2_${PV}.orig.tar.gz"

LICENSE="MIT"
SLOT="0/1.14"
KEYWORDS="amd64 arm64 riscv"
BDEPEND="dev-build/cmake"

src_configure() {
	# The library is C, but CMake tests a C++ compiler all the same. With the C driver in its place these tests don't
	# make zig build libc++ first.
	local -x CXX=${CHOST}-gcc
	rookery_cmake "${S}" \
		-DENABLE_LIB_ONLY=ON \
		-DENABLE_STATIC_LIB=ON \
		-DENABLE_SHARED_LIB=OFF \
		-DENABLE_DOC=OFF \
		-DENABLE_FAILMALLOC=OFF \
		-DENABLE_WERROR=OFF
}

src_compile() {
	emake -C "${WORKDIR}/build/lib"
}

src_install() {
	emake -C "${WORKDIR}/build/lib" DESTDIR="${D}" install
}
