# The smallest ebuild of one's own: a static library from a file beside it. To link it, add
# dev-libs/nest to the spec's packages and `#cgo LDFLAGS: -lnest` to the program.
EAPI=8

DESCRIPTION="A library with one function, as an example of a local repository"
HOMEPAGE="https://example.invalid/"
S="${WORKDIR}"

LICENSE="Apache-2.0"
SLOT="0"
KEYWORDS="amd64 arm64 riscv"
IUSE="+static-libs"
REQUIRED_USE="static-libs"

src_compile() {
	"${CHOST}-gcc" ${CPPFLAGS} ${CFLAGS} -c "${FILESDIR}"/nest.c -o nest.o || die
	"${CHOST}-ar" rcD libnest.a nest.o || die
}

src_install() {
	doheader "${FILESDIR}"/nest.h
	insinto /usr/$(get_libdir)
	doins libnest.a
}
