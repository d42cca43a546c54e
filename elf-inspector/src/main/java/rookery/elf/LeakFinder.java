package rookery.elf;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.PatternSearch;

/// Paths of the machine that built the program: they tell who built it where, and change its bytes
/// from one machine to the next.
final class LeakFinder {
    private static final List<String> ROOTS =
            List.of(
                    "/home/",
                    "/root/",
                    "/Users/",
                    "/tmp/",
                    "/var/tmp/",
                    "/build/",
                    "/builds/",
                    "/workspace/");

    static final int MAX_PATH_BYTES = 256;
    private static final int MAX_LEAKS = 8;

    private static final Pattern PATH = Pattern.compile("/[\\w.+@~/-]+");

    /// Programs name paths of these roots for good reasons (`/tmp/`, `/root/.netrc`); what ends
    /// like a source file, or goes deep below somebody's home, is no such path.
    private static final Pattern FROM_A_BUILD =
            Pattern.compile(
                    "/.+\\.(c|cc|cpp|cxx|h|hh|hpp|s|S|go|rs|o|a|lo|zig)|/(home|Users|builds)/[\\w.-]+/[\\w-][^/]*/.+|/var/tmp/portage/.+|/root/[\\w-][^/]*/[^/]+/.+");

    private LeakFinder() {}

    static List<String> roots() {
        return ROOTS;
    }

    static List<Leak> read(Input input, PatternSearch search) {
        List<Leak> leaks = new ArrayList<>();
        read(input, search, input.sizeBytes(), Optional.empty(), 0, leaks);
        return leaks;
    }

    /// Adds what a finished search met.
    ///
    /// @param below where a path must begin to count
    /// @param section what was unpacked
    /// @param before how much of the section lies before the input
    static void read(
            Input input,
            PatternSearch search,
            long below,
            Optional<String> section,
            long before,
            List<Leak> leaks) {
        for (String root : ROOTS) {
            for (long place : search.places(root)) {
                if (place < below && leaks.size() < MAX_LEAKS) {
                    path(input, place)
                            .filter(p -> leaks.stream().noneMatch(l -> l.path().equals(p)))
                            .ifPresent(p -> leaks.add(new Leak(p, before + place, section)));
                }
            }
        }
    }

    private static Optional<String> path(Input input, long place) {
        long start = Math.max(0, place - 1);
        long length = Math.min(MAX_PATH_BYTES, input.sizeBytes() - start);
        byte[] bytes = input.view(start, length, ByteOrder.LITTLE_ENDIAN).bytes(0, length);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int begin = (int) (place - start);
        // "/usr/home/x" and "${HOME}/tmp/x" begin before.
        if (begin == 1 && (text.charAt(0) > ' ' && "\"'=:(,;".indexOf(text.charAt(0)) < 0)) {
            return Optional.empty();
        }
        Matcher path = PATH.matcher(text).region(begin, text.length());
        return path.lookingAt() && FROM_A_BUILD.matcher(path.group()).matches()
                ? Optional.of(path.group())
                : Optional.empty();
    }
}
