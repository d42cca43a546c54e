package rookery.coordinator.blobs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A run of a blob's bytes.
///
/// @param first offset of the first byte
/// @param last offset of the last one
record Span(long first, long last) {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");
    private static final Pattern CONTENT_RANGE = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    long lengthBytes() {
        return last - first + 1;
    }

    /// What a `Range` header asks of a blob. Empty where it asks for several runs or in a way that
    /// HTTP does not know: such a header is ignored, and the whole is sent.
    static Optional<Span> asked(String range, long sizeBytes) throws Refusal {
        Matcher parts = RANGE.matcher(range);
        if (!parts.matches()) return Optional.empty();
        String from = parts.group(1);
        String to = parts.group(2);
        if (from.isEmpty() && to.isEmpty()) return Optional.empty();
        long first;
        long last;
        if (from.isEmpty()) {
            first = Math.max(0, sizeBytes - Long.parseLong(to));
            last = to.matches("0+") ? -1 : sizeBytes - 1;
        } else {
            first = Long.parseLong(from);
            last = to.isEmpty() ? sizeBytes - 1 : Math.min(Long.parseLong(to), sizeBytes - 1);
            if (!to.isEmpty() && Long.parseLong(to) < first) return Optional.empty();
        }
        if (first >= sizeBytes || last < first)
            throw new Refusal(
                            416,
                            "UNSUPPORTED",
                            "the blob has " + sizeBytes + " bytes, none of them in " + range)
                    .with("Content-Range", "bytes */" + sizeBytes);
        return Optional.of(new Span(first, last));
    }

    /// What a chunk says of itself, in the distribution API's own form of `Content-Range`.
    static Span told(String contentRange) throws Refusal {
        Matcher parts = CONTENT_RANGE.matcher(contentRange);
        if (parts.matches()) {
            var span = new Span(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
            if (span.last >= span.first) return span;
        }
        throw new Refusal(
                400,
                "BLOB_UPLOAD_INVALID",
                "a chunk's Content-Range is <first byte>-<last byte>, as in 0-65535");
    }
}
