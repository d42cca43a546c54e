# Copyright 2026 the Rookery authors
# Distributed under the terms of the Apache License, Version 2.0

EAPI=8

inherit rookery-static

DESCRIPTION="SQL database engine in one file"
HOMEPAGE="https://sqlite.org/"
# Debian keeps the source tree, not upstream's amalgamation: these bytes are Debian's only.
SRC_URI="sqlite3_${PV}.orig.tar.xz"
S="${WORKDIR}/sqlite3-${PV}"

LICENSE="public-domain"
SLOT="3"
KEYWORDS="amd64 arm64 riscv"
IUSE="+fts +geopoly +session"
# The tree becomes the amalgamation by scripts in Tcl and two small programs that run on the build host.
BDEPEND="dev-lang/tcl sys-devel/gcc"

# No ./configure: it only prepares for shared libraries, the shell and tests, none of which is built here.
src_configure() {
	rookery_export
}

src_compile() {
	emake -j1 -f main.mk TOP="${S}" BCC="gcc -O1" OPTS= sqlite3.c

	local options=(
		-DSQLITE_THREADSAFE=1 -DSQLITE_OMIT_LOAD_EXTENSION
		-DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_RTREE
		-DSQLITE_ENABLE_UNLOCK_NOTIFY
	)
	use fts && options+=( -DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS3_PARENTHESIS -DSQLITE_ENABLE_FTS4 -DSQLITE_ENABLE_FTS5 )
	use geopoly && options+=( -DSQLITE_ENABLE_GEOPOLY )
	use session && options+=( -DSQLITE_ENABLE_PREUPDATE_HOOK -DSQLITE_ENABLE_SESSION )
	if ! rookery_is_windows; then
		options+=( -DHAVE_FDATASYNC=1 -DHAVE_GMTIME_R=1 -DHAVE_LOCALTIME_R=1 -DHAVE_STRERROR_R=1 -DHAVE_USLEEP=1 )
	fi
	set -- ${CC} ${CPPFLAGS} ${CFLAGS} -fPIC "${options[@]}" -c -o sqlite3.o sqlite3.c
	echo "${@}"
	"${@}" || die "compiling the amalgamation failed"
	${AR} rcs libsqlite3.a sqlite3.o || die

	local private=-lm
	rookery_is_windows || private+=" -lpthread"
	sed -e "s|@prefix@|${EPREFIX}/usr|; s|@exec_prefix@|\${prefix}|; s|@libdir@|\${prefix}/$(get_libdir)|" \
		-e "s|@includedir@|\${prefix}/include|; s|@PACKAGE_VERSION@|${PV}|; s|@LIBS@|${private}|" sqlite3.pc.in >sqlite3.pc || die
}

src_install() {
	dolib.a libsqlite3.a
	doheader sqlite3.h sqlite3ext.h
	insinto /usr/$(get_libdir)/pkgconfig
	doins sqlite3.pc
}
