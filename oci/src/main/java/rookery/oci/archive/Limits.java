package rookery.oci.archive;

import rookery.oci.archive.ArchiveException.Kind;

/// How much an archive may hold. The ratio compares what comes out with what went in, and counts
/// only from [#RATIO_FLOOR_BYTES] on, because small archives of zeros are harmless.
public record Limits(long maxEntries, long maxTotalBytes, long maxFileBytes, int maxRatio) {
    /// Below this many unpacked bytes the ratio is not looked at.
    public static final long RATIO_FLOOR_BYTES = 64L << 20;

    /// For source trees and binary packages: generous for the largest real ones.
    public static final Limits ORDINARY = new Limits(500_000, 16L << 30, 8L << 30, 200);

    public Limits {
        if (maxEntries < 1 || maxTotalBytes < 0 || maxFileBytes < 0 || maxRatio < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }

    void checkTotals(long entries, long bytes) throws ArchiveException {
        if (entries > maxEntries) {
            throw new ArchiveException(Kind.LIMIT, "more than " + maxEntries + " entries");
        }
        if (bytes > maxTotalBytes) {
            throw new ArchiveException(Kind.LIMIT, "more than " + maxTotalBytes + " bytes in all");
        }
    }

    void checkFile(String name, long bytes) throws ArchiveException {
        if (bytes > maxFileBytes) {
            throw new ArchiveException(
                    Kind.LIMIT,
                    Names.quoted(name) + " has " + bytes + " bytes; the limit is " + maxFileBytes);
        }
    }

    void checkRatio(long unpacked, long packed) throws ArchiveException {
        if (unpacked > RATIO_FLOOR_BYTES && unpacked / maxRatio > packed) {
            throw new ArchiveException(
                    Kind.LIMIT,
                    packed
                            + " packed bytes give more than "
                            + maxRatio
                            + " times as many: refused as a decompression bomb");
        }
    }
}
