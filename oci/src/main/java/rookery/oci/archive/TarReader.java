package rookery.oci.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import rookery.oci.archive.ArchiveException.Kind;

/// Reads a tar archive from anybody: plain, gzip or zstd; v7, ustar, pax or GNU. The whole stream
/// is read to its end, so that a blob that checks its digest there gets to do so; act on entries in
/// a place that can still be thrown away.
///
/// Where tar programs differ in what an archive means (a size in a global header, data behind a
/// link, two names for one entry, bytes after the end), the archive is refused: what we inspect is
/// what others unpack.
public final class TarReader {
    /// The longest pax header or GNU long name that is read.
    static final int MAX_META_BYTES = 64 * 1024;

    /// Entries per real entry that only describe it.
    private static final int MAX_META_PER_ENTRY = 3;

    private final Unpacked in;
    private final Limits limits;
    private final Visitor visitor;
    private final Roster roster = new Roster();
    private final byte[] block = new byte[Header.BLOCK];
    private long entries;
    private long bytes;

    /// What has been said so far about the entry that comes next.
    private Map<String, String> pax = new TreeMap<>();

    private Optional<String> longName = Optional.empty();
    private Optional<String> longLink = Optional.empty();
    private int metas;

    /// Gets the entries one after the other, in the archive's order.
    @FunctionalInterface
    public interface Visitor {
        /// `content` is empty unless the entry is a file, and ends with the file; what is not read
        /// is skipped. It must not be used after this call.
        void entry(TarEntry entry, Instant mtime, InputStream content) throws IOException;
    }

    /// How much an archive had: entries without the root itself, and bytes in files.
    public record Totals(long entries, long bytes) {}

    private TarReader(Unpacked in, Limits limits, Visitor visitor) {
        this.in = in;
        this.limits = limits;
        this.visitor = visitor;
    }

    /// Reads the archive. Throws [ArchiveException] where it is refused, with the entries before
    /// that already visited. The stream is not closed.
    public static Totals read(InputStream stream, Limits limits, Visitor visitor)
            throws IOException {
        long overhead = 2L * Header.BLOCK + MAX_META_PER_ENTRY * (long) Header.BLOCK;
        long maxStream = limits.maxTotalBytes() + limits.maxEntries() * overhead + (1 << 20);
        try (var in = new Unpacked(stream, limits, maxStream)) {
            var reader = new TarReader(in, limits, visitor);
            reader.run();
            in.drain();
            return new Totals(reader.entries, reader.bytes);
        }
    }

    private void run() throws IOException {
        while (true) {
            if (in.readNBytes(block, 0, Header.BLOCK) < Header.BLOCK) {
                throw new ArchiveException(
                        Kind.MALFORMED, "cut off: " + entries + " entries, then no end mark");
            }
            if (Header.isEmpty(block)) {
                end();
                return;
            }
            Header header = Header.parse(block);
            switch (header.type()) {
                case 'x' -> pax = once("pax", pax.isEmpty(), Pax.parse(meta(header), false));
                case 'g' -> {
                    countMeta();
                    Pax.parse(meta(header), true); // for its checks: nothing in it matters here
                }
                case 'L' -> longName = once("long name", longName.isEmpty(), gnu(header));
                case 'K' -> longLink = once("long link", longLink.isEmpty(), gnu(header));
                default -> entry(header);
            }
        }
    }

    private <T> T once(String what, boolean first, T value) throws ArchiveException {
        if (!first) {
            throw new ArchiveException(Kind.MALFORMED, "two " + what + " headers for one entry");
        }
        countMeta();
        return value;
    }

    private void countMeta() throws ArchiveException {
        if (++metas > MAX_META_PER_ENTRY) {
            throw new ArchiveException(
                    Kind.LIMIT, "more than " + MAX_META_PER_ENTRY + " headers about one entry");
        }
    }

    private byte[] meta(Header header) throws IOException {
        if (header.size() > MAX_META_BYTES) {
            throw new ArchiveException(
                    Kind.LIMIT,
                    "a header of "
                            + header.size()
                            + " bytes about an entry; the limit is "
                            + MAX_META_BYTES);
        }
        byte[] all = in.readNBytes((int) header.size());
        if (all.length < header.size()) {
            throw new ArchiveException(Kind.MALFORMED, "cut off in a header");
        }
        skipPadding(header.size());
        return all;
    }

    private Optional<String> gnu(Header header) throws IOException {
        byte[] all = meta(header);
        int length = all.length > 0 && all[all.length - 1] == 0 ? all.length - 1 : all.length;
        return Optional.of(Header.utf8(all, 0, length));
    }

    private void entry(Header header) throws IOException {
        if ((longName.isPresent() && pax.containsKey("path"))
                || (longLink.isPresent() && pax.containsKey("linkpath"))) {
            throw new ArchiveException(Kind.MALFORMED, "an entry with two long names");
        }
        Optional<String> path = longName.or(() -> Optional.ofNullable(pax.get("path")));
        Optional<String> linkPath = longLink.or(() -> Optional.ofNullable(pax.get("linkpath")));
        String given = path.isPresent() ? path.get() : header.name();
        String sizeText = pax.get("size");
        long size = sizeText == null ? header.size() : Pax.number("size", sizeText);
        pax = new TreeMap<>();
        longName = Optional.empty();
        longLink = Optional.empty();
        metas = 0;

        String name = Names.clean(given);
        char type = header.type() == '0' && given.endsWith("/") ? '5' : header.type();
        checkType(given, type);
        boolean isLink = type == '1' || type == '2';
        String link = !isLink ? "" : linkPath.isPresent() ? linkPath.get() : header.link();
        if (type != '0' && size != 0) {
            throw new ArchiveException(
                    Kind.MALFORMED,
                    Names.quoted(given) + " is no file, but has " + size + " bytes of data");
        }
        if (name.isEmpty()) {
            if (type != '5') {
                throw new ArchiveException(Kind.MALFORMED, "the root is not a directory");
            }
            return; // "./", as tar writes it for the directory that it was started in
        }
        limits.checkFile(name, size);
        bytes += size;
        limits.checkTotals(++entries, bytes);
        TarEntry entry = entry(name, type, header.mode() & TarEntry.MODE_MASK, size, link);
        roster.admit(entry);
        var content = new Content(name, size);
        visitor.entry(entry, Instant.ofEpochSecond(header.mtime()), content);
        content.finish();
        skipPadding(size);
    }

    private static TarEntry entry(String name, char type, int mode, long size, String link)
            throws ArchiveException {
        return switch (type) {
            case '0' -> new TarEntry.File(name, mode, size);
            case '1' -> {
                String target = Names.clean(link);
                if (target.isEmpty()) {
                    throw new ArchiveException(
                            Kind.MALFORMED, Names.quoted(name) + " is a hard link to the root");
                }
                yield new TarEntry.Hardlink(name, target);
            }
            case '2' -> {
                Names.checkLink(name, link);
                yield new TarEntry.Symlink(name, link);
            }
            case '5' -> new TarEntry.Directory(name, mode);
            default -> throw new IllegalStateException("type " + (int) type + " was let through");
        };
    }

    private static void checkType(String name, char type) throws ArchiveException {
        switch (type) {
            case '0', '1', '2', '5' -> {}
            case '3', '4' -> throw TarEntry.forbidden(name, "a device");
            case '6' -> throw TarEntry.forbidden(name, "a pipe");
            case 'S' -> throw TarEntry.forbidden(name, "a sparse file");
            default -> throw TarEntry.forbidden(name, "of unknown type " + (int) type);
        }
    }

    private void skipPadding(long size) throws IOException {
        int padding = (int) ((Header.BLOCK - size % Header.BLOCK) % Header.BLOCK);
        if (in.readNBytes(padding).length < padding) {
            throw new ArchiveException(Kind.MALFORMED, "cut off after an entry");
        }
    }

    /// After the first empty block only zeros may follow: a second archive behind the end would be
    /// seen by some programs and not by others.
    private void end() throws IOException {
        if (metas > 0 && (!pax.isEmpty() || longName.isPresent() || longLink.isPresent())) {
            throw new ArchiveException(Kind.MALFORMED, "a header about an entry that never comes");
        }
        for (int n; (n = in.read(block)) >= 0; ) {
            for (int i = 0; i < n; i++) {
                if (block[i] != 0) {
                    throw new ArchiveException(Kind.MALFORMED, "more data after the end mark");
                }
            }
        }
    }

    /// A file's bytes, no more and no fewer.
    private final class Content extends InputStream {
        private final String name;
        private long left;

        Content(String name, long size) {
            this.name = name;
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            int n = in.read(to, offset, (int) Math.min(length, left));
            if (n < 0) {
                throw new ArchiveException(
                        Kind.MALFORMED,
                        "cut off in " + Names.quoted(name) + ", " + left + " bytes before its end");
            }
            left -= n;
            return n;
        }

        void finish() throws IOException {
            transferTo(OutputStream.nullOutputStream());
        }
    }
}
