package rookery.elf.bytes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// Looks for several byte strings in one pass over a range, window by window, and remembers where
/// they occur.
///
/// Where the shortest string has `n` bytes, every occurrence covers exactly one of the places that
/// are `n - 1` bytes apart, together with the byte before it. Only the pairs of bytes at these
/// places are looked at, and hardly any of them occurs in a string that is looked for. Unlike a
/// search that jumps as far as the last pair allowed, the next place never waits for the table: on
/// a processor that does several things at once this is twice as fast.
public final class PatternSearch {
    private static final int WINDOW_BYTES = 256 << 10;
    private static final int SHORTEST_PATTERN_BYTES = 2;
    private static final int MAX_PATTERN_BYTES = 256;
    private static final int PAIRS = 1 << 16;

    /// Later places of the same pattern tell nothing new.
    private static final int MAX_HITS = 64;

    private final List<String> texts;
    private final byte[][] patterns;

    /// True for the pairs of bytes at the start of some pattern.
    private final boolean[] telling = new boolean[PAIRS];

    /// Per pair of bytes: the first of its clues, plus one; 0 is none.
    private final int[] firstClue = new int[PAIRS];

    /// A pair says that a pattern may begin some bytes before.
    private record Clue(int pattern, int back, int next) {}

    private final Clue[] clues;
    private final long[][] hits;
    private final int[] hitCount;
    private final int stride;
    private final int longest;
    private final byte[] window;

    /// Each pattern's characters stand for one byte each.
    public PatternSearch(List<String> patterns) {
        this.texts = List.copyOf(patterns);
        int count = texts.size();
        this.patterns = new byte[count][];
        this.hits = new long[count][];
        this.hitCount = new int[count];
        int least = MAX_PATTERN_BYTES;
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
        this.stride = least - 1;
        this.longest = most;
        this.window = new byte[WINDOW_BYTES + most];
        this.clues = new Clue[count * stride];
        index();
    }

    private void index() {
        int clue = 0;
        for (int i = 0; i < patterns.length; i++) {
            // Each goes before those that are there: the one furthest back, which is the first in
            // the file, comes to the front.
            for (int back = 1; back <= stride; back++) {
                int pair = pair(patterns[i], back);
                telling[pair] = true;
                clues[clue] = new Clue(i, back, firstClue[pair]);
                firstClue[pair] = ++clue;
            }
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
        boolean[] told = telling;
        int step = stride;
        int end = Math.min(length, starts + step);
        for (int at = step; at < end; at += step) {
            if (told[(bytes[at - 1] & 0xff) << 8 | (bytes[at] & 0xff)]) {
                compare(start, at, length, starts);
            }
        }
    }

    private void compare(long start, int at, int length, int starts) {
        for (int i = firstClue[pair(window, at)]; i != 0; ) {
            Clue clue = clues[i - 1];
            byte[] pattern = patterns[clue.pattern()];
            int from = at - clue.back();
            if (from >= 0
                    && from < starts
                    && from + pattern.length <= length
                    && window[from] == pattern[0]
                    && window[from + stride] == pattern[stride]
                    && Arrays.equals(
                            window, from, from + pattern.length, pattern, 0, pattern.length)) {
                hit(clue.pattern(), start + from);
            }
            i = clue.next();
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

    /// Begins anew, as if nothing had been searched.
    public void forget() {
        Arrays.fill(hitCount, 0);
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
