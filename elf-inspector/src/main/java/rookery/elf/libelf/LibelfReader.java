package rookery.elf.libelf;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rookery.elf.bytes.StringTable;

/// Reads facts with libelf. Its own structures are those of 64-bit ELF files in the machine's byte
/// order, whatever the file is.
final class LibelfReader {
    private static final int CURRENT = 1;
    private static final int ELF = 3; // ELF_K_ELF
    private static final int TYPE_DYN = 2; // ELF_T_DYN
    private static final int PIECE_BYTES = 64 << 10;
    private static final int MAX_SEGMENTS = 65_536;
    private static final int DYNAMIC = 6;
    private static final int SYMTAB = 2;
    private static final int DYNSYM = 11;
    private static final int PT_DYNAMIC = 2;
    private static final int WIDE = 2;
    private static final int BIG = 2;

    /// The functions of libelf that are called; size_t is a long on every machine we run on.
    private interface Libelf extends Library {
        int elf_version(int version);

        @Nullable Pointer elf_memory(Pointer image, long size);

        int elf_kind(Pointer elf);

        int elf_end(Pointer elf);

        int gelf_getclass(Pointer elf);

        @Nullable Pointer gelf_getehdr(Pointer elf, Pointer target);

        int elf_getphdrnum(Pointer elf, Pointer target);

        int elf_getshdrnum(Pointer elf, Pointer target);

        int elf_getshdrstrndx(Pointer elf, Pointer target);

        @Nullable Pointer gelf_getphdr(Pointer elf, int index, Pointer target);

        @Nullable Pointer elf_nextscn(Pointer elf, @Nullable Pointer section);

        @Nullable Pointer gelf_getshdr(Pointer section, Pointer target);

        @Nullable Pointer elf_strptr(Pointer elf, long section, long offset);

        @Nullable Pointer elf_getdata(Pointer section, @Nullable Pointer data);

        @Nullable Pointer elf_getdata_rawchunk(Pointer elf, long offset, long size, int type);

        @Nullable Pointer gelf_getsym(Pointer data, int index, Pointer target);

        @Nullable Pointer gelf_getdyn(Pointer data, int index, Pointer target);
    }

    private record Header(
            String name,
            int type,
            long flags,
            long address,
            long offset,
            long size,
            int link,
            int info,
            long align,
            long entry) {}

    private final Libelf libelf;
    private final Memory scratch = new Memory(128);

    /// @throws LinkageError when JNA or libelf is not there
    LibelfReader() {
        libelf = Native.load("libelf.so.1", Libelf.class);
        if (libelf.elf_version(CURRENT) == 0) {
            throw new UnsatisfiedLinkError("libelf is of another version");
        }
    }

    List<String> read(DataInputStream in, long size) throws IOException {
        if (size == 0) {
            return List.of();
        }
        try (Memory image = new Memory(size)) {
            byte[] piece = new byte[PIECE_BYTES];
            for (long at = 0; at < size; at += piece.length) {
                int length = (int) Math.min(piece.length, size - at);
                in.readFully(piece, 0, length);
                image.write(at, piece, 0, length);
            }
            Pointer elf = libelf.elf_memory(image, size);
            if (elf == null) {
                return List.of();
            }
            List<String> lines = new ArrayList<>();
            if (libelf.elf_kind(elf) == ELF) {
                facts(elf, lines);
            }
            libelf.elf_end(elf);
            return lines;
        }
    }

    private void facts(Pointer elf, List<String> lines) {
        if (libelf.gelf_getehdr(elf, scratch) == null) {
            return;
        }
        int order = scratch.getByte(5);
        int type = scratch.getShort(16) & 0xffff;
        int machine = scratch.getShort(18) & 0xffff;
        long entry = scratch.getLong(24);
        int flags = scratch.getInt(48);
        long segments = number(libelf.elf_getphdrnum(elf, scratch));
        long sections = number(libelf.elf_getshdrnum(elf, scratch));
        lines.add(
                "header class=%d order=%s type=%d machine=%d entry=%x flags=%x segments=%d sections=%d"
                        .formatted(
                                libelf.gelf_getclass(elf) == WIDE ? 64 : 32,
                                order == BIG ? "big" : "little",
                                type,
                                machine,
                                entry,
                                flags,
                                segments,
                                sections));
        List<long[]> dynamics = new ArrayList<>();
        for (int i = 0; i < Math.min(segments, MAX_SEGMENTS); i++) {
            if (libelf.gelf_getphdr(elf, i, scratch) != null) {
                segment(lines, dynamics);
            }
        }
        List<Header> headers = new ArrayList<>();
        List<Pointer> pointers = new ArrayList<>();
        sections(elf, headers, pointers, lines);
        dynamic(elf, headers, dynamics, lines);
        symbols(elf, headers, pointers, SYMTAB, "static", lines);
        symbols(elf, headers, pointers, DYNSYM, "dynamic", lines);
    }

    private long number(int result) {
        return result == 0 ? scratch.getLong(0) : 0;
    }

    private void segment(List<String> lines, List<long[]> dynamics) {
        int type = scratch.getInt(0);
        long offset = scratch.getLong(8);
        long bytes = scratch.getLong(32);
        lines.add(
                "segment %x offset=%x address=%x physical=%x file=%x memory=%x flags=%x align=%x"
                        .formatted(
                                type,
                                offset,
                                scratch.getLong(16),
                                scratch.getLong(24),
                                bytes,
                                scratch.getLong(40),
                                scratch.getInt(4),
                                scratch.getLong(48)));
        if (type == PT_DYNAMIC) {
            dynamics.add(new long[] {offset, bytes});
        }
    }

    private void sections(
            Pointer elf, List<Header> headers, List<Pointer> pointers, List<String> lines) {
        long names = number(libelf.elf_getshdrstrndx(elf, scratch));
        for (Pointer section = libelf.elf_nextscn(elf, null);
                section != null;
                section = libelf.elf_nextscn(elf, section)) {
            if (libelf.gelf_getshdr(section, scratch) == null) {
                continue;
            }
            var header =
                    new Header(
                            text(libelf.elf_strptr(elf, names, scratch.getInt(0) & 0xffffffffL)),
                            scratch.getInt(4),
                            scratch.getLong(8),
                            scratch.getLong(16),
                            scratch.getLong(24),
                            scratch.getLong(32),
                            scratch.getInt(40),
                            scratch.getInt(44),
                            scratch.getLong(48),
                            scratch.getLong(56));
            headers.add(header);
            pointers.add(section);
            lines.add(
                    "section %s type=%x flags=%x address=%x offset=%x size=%x link=%x info=%x align=%x entry=%x"
                            .formatted(
                                    header.name(),
                                    header.type(),
                                    header.flags(),
                                    header.address(),
                                    header.offset(),
                                    header.size(),
                                    header.link(),
                                    header.info(),
                                    header.align(),
                                    header.entry()));
        }
    }

    private void dynamic(
            Pointer elf, List<Header> headers, List<long[]> dynamics, List<String> lines) {
        long strings = 0;
        for (Header header : headers) {
            if (header.type() == DYNAMIC) {
                strings = header.link();
            }
        }
        if (strings == 0 || dynamics.isEmpty()) {
            return;
        }
        long[] first = dynamics.getFirst();
        Pointer data = libelf.elf_getdata_rawchunk(elf, first[0], first[1], TYPE_DYN);
        if (data == null) {
            return;
        }
        List<String> needed = new ArrayList<>();
        List<String> others = new ArrayList<>();
        @Nullable String[] single = new @Nullable String[3];
        long[] tags = {0xe, 0xf, 0x1d};
        for (int i = 0; libelf.gelf_getdyn(data, i, scratch) != null; i++) {
            long tag = scratch.getLong(0);
            long value = scratch.getLong(8);
            if (tag == 0) {
                break;
            }
            lines.add("dynamic %x=%x".formatted(tag, value));
            if (tag == 1) {
                needed.add("name 1 " + text(libelf.elf_strptr(elf, strings, value)));
            }
            for (int t = 0; t < tags.length; t++) {
                if (tag == tags[t] && single[t] == null) {
                    single[t] =
                            "name %x %s"
                                    .formatted(tag, text(libelf.elf_strptr(elf, strings, value)));
                }
            }
        }
        for (String line : single) {
            if (line != null) {
                others.add(line);
            }
        }
        lines.addAll(needed);
        lines.addAll(others);
    }

    private void symbols(
            Pointer elf,
            List<Header> headers,
            List<Pointer> pointers,
            int type,
            String table,
            List<String> lines) {
        SymbolDigest digest = new SymbolDigest(table, lines);
        for (int i = 0; i < headers.size(); i++) {
            if (headers.get(i).type() == type) {
                Pointer data = libelf.elf_getdata(pointers.get(i), null);
                long names = headers.get(i).link();
                for (int s = 0; data != null && libelf.gelf_getsym(data, s, scratch) != null; s++) {
                    long name = scratch.getInt(0) & 0xffffffffL;
                    int info = scratch.getByte(4) & 0xff;
                    int section = scratch.getShort(6) & 0xffff;
                    long value = scratch.getLong(8);
                    long size = scratch.getLong(16);
                    digest.add(
                            name == 0 ? "" : text(libelf.elf_strptr(elf, names, name)),
                            info >> 4,
                            info & 15,
                            section,
                            value,
                            size);
                }
            }
        }
        digest.end();
    }

    /// A name as our engine has it: cut at the same length.
    private static String text(@Nullable Pointer text) {
        if (text == null) {
            return "";
        }
        long length = text.indexOf(0, (byte) 0);
        byte[] bytes = text.getByteArray(0, (int) Math.min(length, StringTable.MAX_NAME_BYTES));
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
