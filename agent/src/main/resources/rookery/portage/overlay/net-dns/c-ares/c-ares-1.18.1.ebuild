# Copyright 2026 the Rookery authors
# Distributed under the terms of the Apache License, Version 2.0

EAPI=8

inherit rookery-static

DESCRIPTION="C library for asynchronous DNS requests"
HOMEPAGE="https://c-ares.org/"
# Debian keeps upstream's own bytes (its signature fits), under its own name.
SRC_URI="
	https://c-ares.org/download/c-ares-${PV}.tar.gz -> c-ares_${PV}.orig.tar.gz
	https://github.com/c-ares/c-ares/releases/download/cares-${PV//./_}/c-ares-${PV}.tar.gz -> c-ares_${PV}.orig.tar.gz
"

LICENSE="MIT"
SLOT="0"
KEYWORDS="amd64 arm64 riscv"
BDEPEND="dev-build/cmake"

# CMake, not configure: that one tries about 860 failing compiles for the argument types of recvfrom.
src_configure() {
	rookery_cmake "${S}" \
		-DCARES_STATIC=ON \
		-DCARES_STATIC_PIC=ON \
		-DCARES_SHARED=OFF \
		-DCARES_BUILD_TESTS=OFF \
		-DCARES_BUILD_TOOLS=OFF
}

src_compile() {
	emake -C "${WORKDIR}/build"
}

src_install() {
	emake -C "${WORKDIR}/build" DESTDIR="${D}" install
	rm -r "${ED}"/usr/share/man || die
}
