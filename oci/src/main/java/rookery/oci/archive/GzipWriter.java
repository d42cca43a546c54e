package rookery.oci.archive;

import com.jcraft.jzlib.Deflater;
import com.jcraft.jzlib.DeflaterOutputStream;
import com.jcraft.jzlib.GZIPException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;

/// Gzip with pinned bytes: the compressor is a library of this build and not the JDK's, whose zlib
/// differs from vendor to vendor; the header has no time, no name and no operating system.
///
/// [#close()] writes the end and leaves the stream below open.
public final class GzipWriter extends OutputStream {
    /// A good trade for binaries: level 9 takes three times as long for about one percent.
    public static final int LEVEL = 6;

    private static final int WINDOW_BITS = 15;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final byte UNKNOWN_SYSTEM = (byte) 255;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, UNKNOWN_SYSTEM};

    private final OutputStream out;
    private final DeflaterOutputStream deflate;
    private final CRC32 crc = new CRC32();
    private long size;
    private boolean closed;

    public GzipWriter(OutputStream out) throws IOException {
        this.out = out;
        out.write(HEADER);
        try {
            var deflater = new Deflater(LEVEL, WINDOW_BITS, true);
            this.deflate = new DeflaterOutputStream(out, deflater, BUFFER_BYTES, false);
        } catch (GZIPException e) {
            throw new IOException("the compressor refuses level " + LEVEL, e);
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        deflate.write(bytes, offset, length);
        crc.update(bytes, offset, length);
        size += length;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        deflate.finish();
        little(crc.getValue());
        little(size);
        out.flush();
    }

    private void little(long value) throws IOException {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write((int) (value >>> shift) & 0xff);
        }
    }
}
