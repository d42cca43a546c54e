package rookery.elf.bytes;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// Looks for several byte strings in one pass over a range, window by window, and remembers where
/// each occurs first.
public final class PatternSearch {
    private static final int WINDOW_BYTES = 256 << 10;
    private static final int MAX_PATTERN_BYTES = 256;

    private final List<String> texts;
    private final List<byte[]> patterns = new ArrayList<>();
    private final int[][] byFirstByte = new int[256][];
    private final long[] firstAt;
    private final int longest;

    /// Each pattern's characters stand for one byte each.
    public PatternSearch(List<String> patterns) {
        this.texts = List.copyOf(patterns);
        int max = 1;
        for (int i = 0; i < patterns.size(); i++) {
            byte[] bytes = patterns.get(i).getBytes(StandardCharsets.ISO_8859_1);
            if (bytes.length == 0 || bytes.length > MAX_PATTERN_BYTES) {
                throw new IllegalArgumentException(
                        "a pattern has 1 to 256 bytes, not " + bytes.length);
            }
            this.patterns.add(bytes);
            max = Math.max(max, bytes.length);
            int first = Byte.toUnsignedInt(bytes[0]);
            int[] before = byFirstByte[first] == null ? new int[0] : byFirstByte[first];
            int[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = i;
            byFirstByte[first] = after;
        }
        this.longest = max;
        this.firstAt = new long[patterns.size()];
        Arrays.fill(firstAt, -1);
    }

    /// Searches one more range of the file. A match that crosses the end of the range is none.
    public void search(Input input, long offset, long length) {
        Source.checkRange(offset, length, input.sizeBytes());
        long end = offset + length;
        for (long start = offset; start < end; start += WINDOW_BYTES) {
            // Windows overlap, so that a match across their border is seen in the first of them.
            long wanted = Math.min(end - start, (long) WINDOW_BYTES + longest - 1);
            View view = input.view(start, wanted, ByteOrder.LITTLE_ENDIAN);
            searchWindow(view, Math.min(WINDOW_BYTES, wanted));
        }
    }

    private void searchWindow(View view, long starts) {
        for (long at = 0; at < starts; at++) {
            int[] candidates = byFirstByte[view.u8(at)];
            if (candidates != null) {
                for (int candidate : candidates) {
                    if (firstAt[candidate] < 0 && view.startsWith(at, patterns.get(candidate))) {
                        firstAt[candidate] = view.fileOffset(at);
                    }
                }
            }
        }
    }

    /// Where the pattern was first seen.
    public OptionalLong firstAt(String pattern) {
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).equals(pattern) && firstAt[i] >= 0) {
                return OptionalLong.of(firstAt[i]);
            }
        }
        return OptionalLong.empty();
    }
}
