package rookery.elf.bytes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// Looks for several byte strings in one pass over a range, window by window, and remembers where
/// they occur.
///
/// This is Wu and Manber's search: a table over pairs of bytes says how far the window may jump, so
/// most bytes are never looked at.
public final class PatternSearch {
    private static final int WINDOW_BYTES = 256 << 10;
    private static final int SHORTEST_PATTERN_BYTES = 2;
    private static final int MAX_PATTERN_BYTES = 256;
    private static final int PAIRS = 1 << 16;

    /// Later places of the same pattern tell nothing new.
    private static final int MAX_HITS = 64;

    private final List<String> texts;
    private final byte[][] patterns;
    private final byte[] jump = new byte[PAIRS];

    /// Per pair of bytes at the end of the common length: the patterns to compare, each plus one; 0
    /// is none.
    private final int[] firstCandidate = new int[PAIRS];

    private final int[] nextCandidate;
    private final long[][] hits;
    private final int[] hitCount;
    private final int shortest;
    private final int longest;
    private final byte[] window;

    /// Each pattern's characters stand for one byte each.
    public PatternSearch(List<String> patterns) {
        this.texts = List.copyOf(patterns);
        int count = texts.size();
        this.patterns = new byte[count][];
        this.nextCandidate = new int[count];
        this.hits = new long[count][];
        this.hitCount = new int[count];
        int least = Byte.MAX_VALUE;
        int most = SHORTEST_PATTERN_BYTES;
        for (int i = 0; i < count; i++) {
            byte[] bytes = texts.get(i).getBytes(StandardCharsets.ISO_8859_1);
            if (bytes.length < SHORTEST_PATTERN_BYTES || bytes.length > MAX_PATTERN_BYTES) {
                throw new IllegalArgumentException(
                        "a pattern has 2 to 256 bytes, not " + bytes.length);
            }
            this.patterns[i] = bytes;
            hits[i] = new long[4];
            least = Math.min(least, bytes.length);
            most = Math.max(most, bytes.length);
        }
        this.shortest = least;
        this.longest = most;
        this.window = new byte[WINDOW_BYTES + most];
        index();
    }

    private void index() {
        Arrays.fill(jump, (byte) (shortest - 1));
        for (int i = 0; i < patterns.length; i++) {
            byte[] bytes = patterns[i];
            for (int end = 1; end < shortest; end++) {
                int pair = pair(bytes, end);
                jump[pair] = (byte) Math.min(jump[pair], shortest - 1 - end);
            }
            int last = pair(bytes, shortest - 1);
            nextCandidate[i] = firstCandidate[last];
            firstCandidate[last] = i + 1;
        }
    }

    private static int pair(byte[] bytes, int end) {
        return (bytes[end - 1] & 0xff) << 8 | (bytes[end] & 0xff);
    }

    /// Searches one more range of the file. A match that crosses the end of the range is none.
    public void search(Input input, long offset, long length) {
        Source.checkRange(offset, length, input.sizeBytes());
        long end = offset + length;
        for (long start = offset; start < end; start += WINDOW_BYTES) {
            // Windows overlap, so that a match across their border is seen in the first of them.
            int wanted = (int) Math.min(end - start, (long) WINDOW_BYTES + longest - 1);
            input.copy(start, wanted, window);
            searchWindow(start, wanted, Math.min(WINDOW_BYTES, wanted));
        }
    }

    private void searchWindow(long start, int length, int starts) {
        byte[] bytes = window;
        byte[] jumps = jump;
        int common = shortest - 1;
        int last = Math.min(length, starts + common);
        for (int end = common; end < last; ) {
            int pair = pair(bytes, end);
            int by = jumps[pair];
            if (by == 0) {
                compare(pair, start, end - common, length);
                by = 1;
            }
            end += by;
        }
    }

    private void compare(int pair, long start, int at, int length) {
        for (int i = firstCandidate[pair]; i != 0; i = nextCandidate[i - 1]) {
            byte[] pattern = patterns[i - 1];
            if (at + pattern.length <= length
                    && Arrays.equals(window, at, at + pattern.length, pattern, 0, pattern.length)) {
                hit(i - 1, start + at);
            }
        }
    }

    private void hit(int pattern, long offset) {
        int count = hitCount[pattern];
        if (count < MAX_HITS) {
            if (count == hits[pattern].length) {
                hits[pattern] = Arrays.copyOf(hits[pattern], 2 * count);
            }
            hits[pattern][count] = offset;
            hitCount[pattern] = count + 1;
        }
    }

    /// Where the pattern was first seen.
    public OptionalLong firstAt(String pattern) {
        int i = texts.indexOf(pattern);
        return i < 0 || hitCount[i] == 0 ? OptionalLong.empty() : OptionalLong.of(hits[i][0]);
    }

    /// The first places of the pattern, in the order of searching.
    public List<Long> places(String pattern) {
        int i = texts.indexOf(pattern);
        List<Long> places = new ArrayList<>();
        for (int hit = 0; i >= 0 && hit < hitCount[i]; hit++) {
            places.add(hits[i][hit]);
        }
        return places;
    }
}
