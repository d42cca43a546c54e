package rookery.oci.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Writes a tar archive whose bytes depend on nothing but its entries and the time given: POSIX
/// ustar, with a pax header only where a name or a size does not fit. Owner and group are 0 without
/// names. [#close()] writes the end and leaves the stream below open.
///
/// Order is part of the bytes: by default names must come in rising order of their UTF-8 (a
/// directory counts as `name/`), so that the same tree cannot give two archives.
public final class TarWriter implements AutoCloseable {
    /// Whether the writer insists on sorted names.
    public enum Order {
        SORTED,
        /// For formats that prescribe another order, such as gpkg.
        AS_GIVEN
    }

    static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int PREFIX = 155;
    private static final long MAX_OCTAL_SIZE = 0_77777777777L;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final OutputStream out;
    private final long mtime;
    private final Order order;
    private byte[] last = new byte[0];

    /// Every entry gets this modification time, cut to whole seconds.
    public TarWriter(OutputStream out, Instant mtime, Order order) {
        this.out = out;
        this.mtime = mtime.getEpochSecond();
        this.order = order;
        if (this.mtime < 0 || this.mtime > MAX_OCTAL_SIZE) {
            throw new IllegalArgumentException(mtime + " does not fit into a tar header");
        }
    }

    public TarWriter(OutputStream out, Instant mtime) {
        this(out, mtime, Order.SORTED);
    }

    public void directory(String name, int mode) throws IOException {
        var entry = new TarEntry.Directory(name, mode);
        header(entry, entry.name() + "/", '5', mode, 0, Optional.empty());
    }

    public void file(String name, int mode, byte[] content) throws IOException {
        var entry = new TarEntry.File(name, mode, content.length);
        header(entry, name, '0', mode, content.length, Optional.empty());
        out.write(content);
        pad(content.length);
    }

    /// Writes a file of exactly this size; throws if the stream has fewer or more bytes. The stream
    /// is not closed.
    public void file(String name, int mode, long sizeBytes, InputStream content)
            throws IOException {
        var entry = new TarEntry.File(name, mode, sizeBytes);
        header(entry, name, '0', mode, sizeBytes, Optional.empty());
        var buffer = new byte[64 * 1024];
        long left = sizeBytes;
        while (left > 0) {
            int n = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new IOException(
                        name + " ended " + left + " bytes before its size of " + sizeBytes);
            }
            out.write(buffer, 0, n);
            left -= n;
        }
        if (content.read() >= 0) {
            throw new IOException(name + " grew beyond its size of " + sizeBytes + " bytes");
        }
        pad(sizeBytes);
    }

    public void symlink(String name, String target) throws IOException {
        var entry = new TarEntry.Symlink(name, target);
        header(entry, name, '2', 0777, 0, Optional.of(entry.target()));
    }

    /// Ends the archive with its two empty blocks. (GNU tar would pad further, to a whole record;
    /// no reader needs it.)
    @Override
    public void close() throws IOException {
        out.write(ZEROS);
        out.write(ZEROS);
        out.flush();
    }

    private void header(
            TarEntry entry, String name, char type, int mode, long size, Optional<String> target)
            throws IOException {
        byte[] sortKey = name.getBytes(StandardCharsets.UTF_8);
        if (order == Order.SORTED && Arrays.compareUnsigned(last, sortKey) >= 0) {
            throw new IllegalArgumentException(
                    Names.quoted(entry.name())
                            + " comes after '"
                            + new String(last, StandardCharsets.UTF_8)
                            + "', against the order of names");
        }
        last = sortKey;
        var pax = new LinkedHashMap<String, String>();
        int cut = isAscii(name) ? split(name) : -1;
        if (cut < 0) {
            pax.put("path", name);
        }
        target.filter(t -> !isAscii(t) || t.length() > NAME).ifPresent(t -> pax.put("linkpath", t));
        if (size > MAX_OCTAL_SIZE) {
            pax.put("size", Long.toString(size));
        }
        if (!pax.isEmpty()) {
            byte[] records = records(pax);
            block("", "PaxHeaders/" + plain(name, NAME - 11), 'x', 0644, records.length, "");
            out.write(records);
            pad(records.length);
        }
        String prefix = cut > 0 ? name.substring(0, cut) : "";
        String rest = cut > 0 ? name.substring(cut + 1) : cut == 0 ? name : plain(name, NAME);
        String link = pax.containsKey("linkpath") ? "" : target.orElse("");
        block(prefix, rest, type, mode, pax.containsKey("size") ? 0 : size, link);
    }

    /// Where a slash parts the name into ustar's prefix and name; 0 if it needs no prefix, -1 if
    /// there is no such slash.
    private static int split(String name) {
        if (name.length() <= NAME) {
            return 0;
        }
        int slash = name.lastIndexOf('/', PREFIX);
        boolean fits = slash > 0 && slash + 1 < name.length() && name.length() - slash - 1 <= NAME;
        return fits ? slash : -1;
    }

    private static byte[] records(SequencedMap<String, String> pax) {
        var all = new StringBuilder();
        for (Map.Entry<String, String> entry : pax.sequencedEntrySet()) {
            String body = " " + entry.getKey() + "=" + entry.getValue() + "\n";
            int bytes = body.getBytes(StandardCharsets.UTF_8).length;
            // A record's length counts its own digits.
            int length = bytes + Integer.toString(bytes).length();
            length = bytes + Integer.toString(length).length();
            all.append(length).append(body);
        }
        return all.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void block(String prefix, String name, char type, int mode, long size, String link)
            throws IOException {
        var block = new byte[BLOCK];
        text(block, 0, name);
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size);
        octal(block, 136, 12, mtime);
        block[156] = (byte) type;
        text(block, 157, link);
        text(block, 257, "ustar\00000");
        octal(block, 329, 8, 0);
        octal(block, 337, 8, 0);
        text(block, 345, prefix);
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, 148, 7, sum);
        out.write(block);
    }

    private static void text(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static void octal(byte[] block, int at, int width, long value) {
        String digits = Long.toOctalString(value);
        text(block, at, "0".repeat(width - 1 - digits.length()) + digits);
        block[at + width - 1] = 0;
    }

    /// The end of a name in ASCII, for readers without pax.
    private static String plain(String name, int max) {
        var ascii = new StringBuilder(name.length());
        name.chars().forEach(c -> ascii.append(c < 0x80 ? (char) c : '_'));
        return ascii.substring(Math.max(0, ascii.length() - max));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private void pad(long size) throws IOException {
        out.write(ZEROS, 0, (int) ((BLOCK - size % BLOCK) % BLOCK));
    }
}
