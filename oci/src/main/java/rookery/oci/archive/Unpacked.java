package rookery.oci.archive;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZIOException;
import org.tukaani.xz.XZInputStream;
import rookery.oci.archive.ArchiveException.Kind;

/// The plain bytes of a stream that may be gzip, zstd, xz or none of them, which its first bytes
/// tell. Counts on both sides and enforces the ratio and an upper bound. Closing it frees the
/// decompressor and leaves the stream below open.
final class Unpacked extends InputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    /// Frames that ask for a larger window than 128 MiB are refused; zstd's own levels need less.
    private static final int MAX_WINDOW_LOG = 27;

    /// `xz -9` wants 65 MiB for its dictionary; the header of a few bytes may ask for 4 GiB.
    private static final int MAX_XZ_KIB = 72 << 10;

    private final Limits limits;
    private final long maxBytes;
    private final Counted packed;
    private final InputStream plain;
    private final boolean compressed;
    private long unpackedBytes;

    /// The stream below, counted, and safe from being closed by a decompressor.
    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = in.read(bytes, offset, length);
            count += Math.max(n, 0);
            return n;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public void close() {}
    }

    Unpacked(InputStream in, Limits limits, long maxBytes) throws IOException {
        this.limits = limits;
        this.maxBytes = maxBytes;
        this.packed = new Counted(in);
        var buffered = new BufferedInputStream(packed, BUFFER_BYTES);
        buffered.mark(8);
        byte[] magic = buffered.readNBytes(6);
        buffered.reset();
        this.plain = open(magic, buffered);
        this.compressed = !(plain instanceof BufferedInputStream);
    }

    private static InputStream open(byte[] magic, InputStream in) throws IOException {
        int first = magic.length < 4 ? 0 : big(magic);
        if (first >>> 16 == 0x1f8b) {
            try {
                return new GZIPInputStream(in, BUFFER_BYTES);
            } catch (ZipException | EOFException e) {
                throw new ArchiveException(Kind.MALFORMED, "a broken gzip header", e);
            }
        }
        // 184D2A50 to 184D2A5F, little-endian, begin a skippable frame.
        if (first == 0x28b52ffd || (first & 0xf0ffffff) == 0x502a4d18) {
            return new ZstdInputStreamNoFinalizer(in).setLongMax(MAX_WINDOW_LOG);
        }
        if (first == 0xfd377a58) {
            try {
                return new XZInputStream(in, MAX_XZ_KIB);
            } catch (XZIOException | EOFException e) {
                throw new ArchiveException(Kind.MALFORMED, "a broken xz header", e);
            }
        }
        if (first >>> 8 == 0x425a68) {
            throw new ArchiveException(
                    Kind.FORBIDDEN, "compressed with bzip2; only gzip, zstd and xz are read here");
        }
        return in;
    }

    private static int big(byte[] magic) {
        return ((magic[0] & 0xff) << 24)
                | ((magic[1] & 0xff) << 16)
                | ((magic[2] & 0xff) << 8)
                | (magic[3] & 0xff);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n;
        try {
            n = plain.read(bytes, offset, length);
        } catch (MemoryLimitException e) {
            throw new ArchiveException(
                    Kind.LIMIT,
                    "xz wants %d KiB of memory, more than the %d that it gets here"
                            .formatted(e.getMemoryNeeded(), MAX_XZ_KIB),
                    e);
        } catch (ZipException | EOFException | ZstdIOException | XZIOException e) {
            throw new ArchiveException(
                    Kind.MALFORMED, "the compressed data is broken or cut off", e);
        }
        unpackedBytes += Math.max(n, 0);
        if (unpackedBytes > maxBytes) {
            throw new ArchiveException(Kind.LIMIT, "more than " + maxBytes + " bytes in all");
        }
        if (compressed) {
            limits.checkRatio(unpackedBytes, packed.count);
        }
        return n;
    }

    /// Reads what lies behind the decompressor's end, so that a stream which checks itself at its
    /// end (a verified blob) gets there.
    void drain() throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long rest = 0;
        for (int n; (n = packed.read(buffer)) >= 0; rest += n) {
            if (rest > BUFFER_BYTES) {
                throw new ArchiveException(Kind.MALFORMED, "more data after the archive's end");
            }
        }
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
