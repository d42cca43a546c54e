package rookery.elf.ar;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.elf.ar.ArFile.Index;
import rookery.elf.ar.ArFile.IndexKind;
import rookery.elf.ar.ArFile.Member;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.StringTable;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Walks the 60-byte headers from member to member.
final class ArParser {
    private static final int MAGIC_BYTES = 8;
    private static final int HEADER_BYTES = 60;
    private static final int NAME_BYTES = 16;
    private static final int MAX_MEMBERS = 200_000;
    private static final String BSD_LONG_NAME = "#1/";

    private final Input input;
    private final List<Member> members = new ArrayList<>();
    private boolean thin;
    private Optional<Index> index = Optional.empty();
    private Optional<StringTable> names = Optional.empty();

    ArParser(Input input) {
        this.input = input;
    }

    ArFile parse() {
        String magic = view(0, MAGIC_BYTES).text(0, MAGIC_BYTES);
        thin = magic.equals("!<thin>\n");
        if (!thin && !magic.equals("!<arch>\n")) {
            throw new UnreadableException(0, "no archive starts like this");
        }
        Optional<ArFile.Damage> damage = Optional.empty();
        try {
            walk();
        } catch (UnreadableException e) {
            damage = Optional.of(new ArFile.Damage(e.offsetBytes(), e.reason()));
        }
        return new ArFile(thin, index, List.copyOf(members), damage);
    }

    private void walk() {
        long at = MAGIC_BYTES;
        // A lone line feed at the end is padding.
        while (at + 1 < input.sizeBytes()) {
            input.budget().spendEntries(1, at);
            if (members.size() >= MAX_MEMBERS) {
                throw new UnreadableException(at, "more than " + MAX_MEMBERS + " members");
            }
            View header = view(at, HEADER_BYTES);
            if (header.u8(58) != '`' || header.u8(59) != '\n') {
                throw new UnreadableException(at, "no member's header ends like this");
            }
            String name = header.text(0, NAME_BYTES).stripTrailing();
            long size = decimal(header.text(48, 10).strip(), at);
            long data = at + HEADER_BYTES;
            boolean special = name.equals("/") || name.equals("//") || name.equals("/SYM64/");
            boolean here = special || !thin;
            if (here && size > input.sizeBytes() - data) {
                throw new UnreadableException(
                        at,
                        "the member " + name + " of " + size + " bytes does not fit into the file");
            }
            switch (name) {
                case "/" -> index = gnuIndex(IndexKind.GNU_32, data, size);
                case "/SYM64/" -> index = gnuIndex(IndexKind.GNU_64, data, size);
                case "//" -> names = Optional.of(StringTable.sparse(input, data, size));
                default -> member(name, at, data, size);
            }
            // Members begin at even offsets.
            at = data + (here ? size + (size & 1) : 0);
        }
    }

    private void member(String field, long at, long data, long size) {
        long offset = data;
        long length = size;
        String name;
        if (field.startsWith(BSD_LONG_NAME)) {
            long nameBytes = decimal(field.substring(BSD_LONG_NAME.length()), at);
            if (nameBytes > size || nameBytes > StringTable.MAX_NAME_BYTES) {
                throw new UnreadableException(at, "a member's name of " + nameBytes + " bytes");
            }
            name = view(data, nameBytes).textUntilNul(0, nameBytes);
            offset += nameBytes;
            length -= nameBytes;
        } else if (field.startsWith("/") && field.length() > 1 && isDigit(field.charAt(1))) {
            name = longName(field, at);
        } else {
            // GNU ends names with a slash, so that they may end with blanks.
            name = field.endsWith("/") ? field.substring(0, field.length() - 1) : field;
        }
        switch (name) {
            case "__.SYMDEF", "__.SYMDEF SORTED" ->
                    index = bsdIndex(IndexKind.BSD_32, offset, length);
            case "__.SYMDEF_64", "__.SYMDEF_64 SORTED" ->
                    index = bsdIndex(IndexKind.BSD_64, offset, length);
            default -> members.add(new Member(name, at, offset, length));
        }
    }

    private String longName(String field, long at) {
        StringTable table =
                names.orElseThrow(() ->
                        new UnreadableException(
                                at, "the name " + field + " wants a table that is not there"));
        // In a nested thin archive the offset of the inner member follows behind a colon.
        String digits = field.substring(1).split(":", 2)[0];
        String line = table.at(decimal(digits, at));
        int end = line.indexOf('\n');
        String name = end < 0 ? line : line.substring(0, end);
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    /// GNU's index begins with the number of symbols, in big-endian order on every machine.
    private Optional<Index> gnuIndex(IndexKind kind, long data, long size) {
        boolean wide = kind == IndexKind.GNU_64;
        int word = wide ? 8 : 4;
        if (size < word) {
            return Optional.empty();
        }
        long count = input.view(data, word, ByteOrder.BIG_ENDIAN).word(0, wide);
        if (count < 0 || count > (size - word) / word) {
            throw new UnreadableException(
                    data, Long.toUnsignedString(count) + " symbols do not fit into the index");
        }
        return Optional.of(new Index(kind, count));
    }

    /// BSD's begins with the length of its entries, in the order of the machine that it is for.
    private Optional<Index> bsdIndex(IndexKind kind, long data, long size) {
        boolean wide = kind == IndexKind.BSD_64;
        int word = wide ? 8 : 4;
        if (size < word) {
            return Optional.empty();
        }
        long little = input.view(data, word, ByteOrder.LITTLE_ENDIAN).word(0, wide);
        long big = input.view(data, word, ByteOrder.BIG_ENDIAN).word(0, wide);
        long bytes = little >= 0 && little <= size - word ? little : big;
        if (bytes < 0 || bytes > size - word) {
            throw new UnreadableException(data, "the index is longer than its member");
        }
        return Optional.of(new Index(kind, bytes / (2L * word)));
    }

    private static long decimal(String digits, long at) {
        if (digits.isEmpty() || digits.length() > 15) {
            throw new UnreadableException(at, "'" + digits + "' is no number");
        }
        for (int i = 0; i < digits.length(); i++) {
            if (!isDigit(digits.charAt(i))) {
                throw new UnreadableException(at, "'" + digits + "' is no number");
            }
        }
        return Long.parseLong(digits);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private View view(long offset, long length) {
        return input.view(offset, length, ByteOrder.LITTLE_ENDIAN);
    }
}
