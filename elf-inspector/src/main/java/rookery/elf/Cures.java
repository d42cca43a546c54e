package rookery.elf;

import java.util.List;

/// Which package a library comes from, so that a refusal can name the way out.
final class Cures {
    private record Origin(String libraryPrefix, String atom) {}

    private static final List<Origin> ORIGINS =
            List.of(
                    new Origin("libz.so", "sys-libs/zlib"),
                    new Origin("libssl.so", "dev-libs/openssl"),
                    new Origin("libcrypto.so", "dev-libs/openssl"),
                    new Origin("libcurl", "net-misc/curl"),
                    new Origin("libcares.so", "net-dns/c-ares"),
                    new Origin("libnghttp2.so", "net-libs/nghttp2"),
                    new Origin("libzstd.so", "app-arch/zstd"),
                    new Origin("libsqlite3.so", "dev-db/sqlite"),
                    new Origin("libbz2.so", "app-arch/bzip2"),
                    new Origin("liblzma.so", "app-arch/xz-utils"),
                    new Origin("liblz4.so", "app-arch/lz4"),
                    new Origin("libbrotli", "app-arch/brotli"),
                    new Origin("libpcre2", "dev-libs/libpcre2"),
                    new Origin("libxml2.so", "dev-libs/libxml2"),
                    new Origin("libidn2.so", "net-dns/libidn2"),
                    new Origin("libpsl.so", "net-libs/libpsl"),
                    new Origin("libssh2.so", "net-libs/libssh2"),
                    new Origin("libgit2.so", "dev-libs/libgit2"),
                    new Origin("libffi.so", "dev-libs/libffi"),
                    new Origin("libpcap.so", "net-libs/libpcap"),
                    new Origin("libseccomp.so", "sys-libs/libseccomp"),
                    new Origin("libgmp.so", "dev-libs/gmp"),
                    new Origin("libevent", "dev-libs/libevent"));

    private static final List<String> LIBC =
            List.of(
                    "libc.so",
                    "libc.musl-",
                    "libm.so",
                    "libpthread.so",
                    "libdl.so",
                    "librt.so",
                    "libresolv.so",
                    "libutil.so",
                    "ld-linux",
                    "ld-musl");

    private static final List<String> COMPILER =
            List.of("libgcc_s.so", "libstdc++.so", "libc++.so", "libunwind.so", "libatomic.so");

    private Cures() {}

    static String forLibrary(String library) {
        for (Origin origin : ORIGINS) {
            if (library.startsWith(origin.libraryPrefix())) {
                return "build "
                        + origin.atom()
                        + " with USE=static-libs and link with -extldflags -static";
            }
        }
        if (LIBC.stream().anyMatch(library::startsWith)) {
            return "link the C library statically: -linkmode external -extldflags -static";
        }
        if (COMPILER.stream().anyMatch(library::startsWith)) {
            return "link the compiler's own library statically: -extldflags \"-static -static-libgcc\"";
        }
        return "build the package that owns "
                + library
                + " with USE=static-libs and link with -extldflags -static";
    }
}
