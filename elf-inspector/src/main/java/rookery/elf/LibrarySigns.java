package rookery.elf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.PatternSearch;
import rookery.elf.bytes.UnreadableException;

/// By which texts well-known C libraries are told, and how their versions are read.
///
/// Some write their name and version into one text. Others leave a bare number like `3.40.1`; it
/// counts only near a text that no other library has.
final class LibrarySigns {
    private static final int AFTER_BYTES = 160;

    /// A library's constant texts lie together; the linker puts those of one object file into one
    /// piece.
    private static final long NEAR_BYTES = 192 << 10;

    /// What stands before a bare version need not be a text that ends with a NUL.
    ///
    /// @param near the version stands alone somewhere around the anchor, not right behind it
    private record Sign(String library, String anchor, Pattern version, boolean near) {}

    private static final List<Sign> SIGNS =
            List.of(
                    behind(
                            "openssl",
                            "OpenSSL ",
                            "OpenSSL (\\d+\\.\\d+\\.\\d+[a-z]*)(?:-[\\w.]+)? +\\d{1,2} [A-Z][a-z]{2} \\d{4}"),
                    behind("libressl", "LibreSSL ", "LibreSSL (\\d+\\.\\d+\\.\\d+)"),
                    behind("mbedtls", "bed TLS ", "bed TLS (\\d+\\.\\d+\\.\\d+)"),
                    behind("zlib", " deflate ", " deflate (\\d+\\.\\d+[\\w.-]*) Copyright"),
                    behind("zlib", " inflate ", " inflate (\\d+\\.\\d+[\\w.-]*) Copyright"),
                    behind("curl", "libcurl/", "libcurl/(\\d+\\.\\d+\\.\\d+)"),
                    behind("expat", "expat_", "expat_(\\d+\\.\\d+\\.\\d+)"),
                    behind("libssh2", "libssh2_", "libssh2_(\\d+\\.\\d+\\.\\d+)"),
                    behind("libgit2", "libgit2 ", "libgit2 (\\d+\\.\\d+\\.\\d+)"),
                    behind("libpng", "libpng version ", "libpng version (\\d+\\.\\d+\\.\\d+)"),
                    behind(
                            "libjpeg-turbo",
                            "libjpeg-turbo version ",
                            "libjpeg-turbo version (\\d+\\.\\d+\\.\\d+)"),
                    behind("ncurses", "ncurses ", "ncurses (\\d+\\.\\d+\\.\\d{8})"),
                    behind("lua", "$LuaVersion: Lua ", "\\$LuaVersion: Lua (\\d+\\.\\d+\\.\\d+)"),
                    behind(
                            "glibc",
                            "GNU C Library ",
                            "GNU C Library \\([^)]{1,80}\\) (?:stable|development) release version (\\d+\\.\\d+)"),
                    near("musl", "musl libc (", "(?<![\\w.])(1\\.\\d\\.\\d{1,2})\0"),
                    near("sqlite", "SQLite format 3", "(?<![\\w.])(3\\.\\d{1,2}\\.\\d{1,2})\0"),
                    near(
                            "nghttp2",
                            "The user callback function failed",
                            "(?<![\\w.])(1\\.\\d{1,2}\\.\\d{1,2})\0"),
                    near(
                            "c-ares",
                            "c-ares library initialization not yet performed",
                            "(?<![\\w.])(1\\.[1-9]\\d\\.\\d{1,2})\0"),
                    near(
                            "zstd",
                            "Restored data doesn't match checksum",
                            "(?<![\\w.])(1\\.[3-9]\\.\\d{1,2})\0"),
                    near(
                            "bzip2",
                            "bzip2/libbzip2: internal error number",
                            "(?<![\\w.])(1\\.0\\.\\d), \\d{1,2}-[A-Z][a-z]{2}-\\d{4}\0"),
                    near(
                            "pcre2",
                            "missing terminating ] for character class",
                            "(?<![\\w.])(10\\.\\d{2}) \\d{4}-\\d{2}-\\d{2}\0"));

    private LibrarySigns() {}

    private static Sign behind(String library, String anchor, String version) {
        return new Sign(library, anchor, Pattern.compile(version), false);
    }

    private static Sign near(String library, String anchor, String version) {
        return new Sign(library, anchor, Pattern.compile(version), true);
    }

    static List<String> anchors() {
        return SIGNS.stream().map(Sign::anchor).toList();
    }

    /// The libraries whose signs a finished search met, each once.
    static List<Library> read(Input input, PatternSearch search) {
        List<Library> found = new ArrayList<>();
        for (Sign sign : SIGNS) {
            if (found.stream().noneMatch(l -> l.name().equals(sign.library()))) {
                for (long place : search.places(sign.anchor())) {
                    Optional<Library> library = version(input, sign, place);
                    if (library.isPresent()) {
                        found.add(library.get());
                        break;
                    }
                }
            }
        }
        return List.copyOf(found);
    }

    private static Optional<Library> version(Input input, Sign sign, long place) {
        try {
            return sign.near() ? nearest(input, sign, place) : behind(input, sign, place);
        } catch (UnreadableException e) {
            return Optional.empty();
        }
    }

    private static Optional<Library> behind(Input input, Sign sign, long place) {
        Matcher matcher =
                sign.version()
                        .matcher(
                                latin(
                                        input,
                                        place,
                                        Math.min(AFTER_BYTES, input.sizeBytes() - place)));
        return matcher.lookingAt()
                ? Optional.of(
                        new Library(sign.library(), matcher.group(1), place + matcher.start(1)))
                : Optional.empty();
    }

    private static Optional<Library> nearest(Input input, Sign sign, long place) {
        long start = Math.max(0, place - NEAR_BYTES);
        long end = Math.min(input.sizeBytes(), place + NEAR_BYTES);
        Matcher matcher = sign.version().matcher(latin(input, start, end - start));
        Optional<Library> best = Optional.empty();
        long distance = Long.MAX_VALUE;
        for (int from = 0; matcher.find(from); from = matcher.start() + 1) {
            long at = start + matcher.start(1);
            if (Math.abs(at - place) < distance) {
                distance = Math.abs(at - place);
                best = Optional.of(new Library(sign.library(), matcher.group(1), at));
            }
        }
        return best;
    }

    private static String latin(Input input, long offset, long length) {
        byte[] bytes = input.view(offset, length, ByteOrder.LITTLE_ENDIAN).bytes(0, length);
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
