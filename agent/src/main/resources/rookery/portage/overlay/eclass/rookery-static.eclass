# Copyright 2026 the Rookery authors
# Distributed under the terms of the Apache License, Version 2.0

# @ECLASS: rookery-static.eclass
# @SUPPORTED_EAPIS: 8
# @BLURB: static libraries for a foreign CHOST, by crossdev's tool names and nothing else
# @DESCRIPTION:
# The little of toolchain-funcs and cmake.eclass that this repository needs, so that it stands alone without ::gentoo.

case ${EAPI} in
	8) ;;
	*) die "${ECLASS}: EAPI ${EAPI:-0} is not supported" ;;
esac

# Only archives are ever installed: they end in one static program, which has no use for a shared library.
IUSE="+static-libs"
REQUIRED_USE="static-libs"

# @FUNCTION: rookery_export
# @DESCRIPTION:
# Exports the CHOST's tools; what the user's package.env has set stays.
rookery_export() {
	export CC=${CC:-${CHOST}-gcc} CXX=${CXX:-${CHOST}-g++} AR=${AR:-${CHOST}-ar} RANLIB=${RANLIB:-${CHOST}-ranlib}
	export NM=${NM:-${CHOST}-nm} STRIP=${STRIP:-${CHOST}-strip} PKG_CONFIG=${PKG_CONFIG:-${CHOST}-pkg-config}
	export RC=${RC:-${CHOST}-windres}
}

# @FUNCTION: rookery_is_windows
rookery_is_windows() {
	[[ ${CHOST} == *-mingw32 ]]
}

# @FUNCTION: rookery_cmake
# @USAGE: <directory with CMakeLists.txt> [-DNAME=VALUE]...
# @DESCRIPTION:
# Configures into ${WORKDIR}/build. Makefiles rather than ninja, which not every host has.
rookery_cmake() {
	local source=${1} system=Linux
	shift
	rookery_export
	rookery_is_windows && system=Windows
	cmake -S "${source}" -B "${WORKDIR}/build" -G "Unix Makefiles" -Wno-dev \
		-DCMAKE_BUILD_TYPE=None \
		-DCMAKE_SYSTEM_NAME=${system} \
		-DCMAKE_SYSTEM_PROCESSOR="${CHOST%%-*}" \
		-DCMAKE_C_COMPILER="$(type -P "${CC}")" \
		-DCMAKE_CXX_COMPILER="$(type -P "${CXX}")" \
		-DCMAKE_AR="$(type -P "${AR}")" \
		-DCMAKE_RANLIB="$(type -P "${RANLIB}")" \
		-DCMAKE_FIND_ROOT_PATH="${ESYSROOT}" \
		-DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER \
		-DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY \
		-DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
		-DCMAKE_INSTALL_PREFIX="${EPREFIX}/usr" \
		-DCMAKE_INSTALL_LIBDIR="$(get_libdir)" \
		-DBUILD_SHARED_LIBS=OFF \
		"$@" || die "cmake failed"
}
