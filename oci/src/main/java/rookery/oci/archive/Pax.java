package rookery.oci.archive;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import rookery.oci.Printable;
import rookery.oci.archive.ArchiveException.Kind;

/// The records of a pax header: `<length> <key>=<value>\n`.
final class Pax {
    /// The keys that change what an entry is. They may appear once, with a value, and not in a
    /// global header, where tar programs disagree about them.
    private static final Set<String> STRONG = Set.of("path", "linkpath", "size");

    private static final int MAX_LENGTH_DIGITS = 7;

    private Pax() {}

    static Map<String, String> parse(byte[] records, boolean global) throws ArchiveException {
        var all = new TreeMap<String, String>();
        int at = 0;
        while (at < records.length) {
            int space = at;
            int length = 0;
            while (space < records.length && records[space] != ' ') {
                int digit = records[space] - '0';
                if (digit < 0 || digit > 9 || space - at >= MAX_LENGTH_DIGITS) {
                    throw broken("a record's length is no number");
                }
                length = 10 * length + digit;
                space++;
            }
            int end = at + length;
            if (length <= space - at + 1 || end > records.length || records[end - 1] != '\n') {
                throw broken("a record's length is wrong");
            }
            add(all, Header.utf8(records, space + 1, end - space - 2), global);
            at = end;
        }
        return all;
    }

    private static void add(Map<String, String> all, String record, boolean global)
            throws ArchiveException {
        int equals = record.indexOf('=');
        if (equals < 1) {
            throw broken("a record has no key");
        }
        String key = record.substring(0, equals);
        String value = record.substring(equals + 1);
        if (key.startsWith("GNU.sparse.")) {
            throw new ArchiveException(
                    Kind.FORBIDDEN, "a sparse file; pack it without holes (tar without -S)");
        }
        if (key.equals("hdrcharset")) {
            throw new ArchiveException(Kind.FORBIDDEN, "names in another encoding than UTF-8");
        }
        boolean twice = all.put(key, value) != null;
        if (STRONG.contains(key) && (twice || global || value.isEmpty())) {
            throw broken(
                    "'"
                            + key
                            + "' is "
                            + (twice ? "given twice" : global ? "global" : "empty")
                            + " in it");
        }
    }

    static long number(String key, String value) throws ArchiveException {
        if (!value.matches("[0-9]{1,18}")) {
            throw broken("'" + key + "' is '" + Printable.clip(value) + "', not a number");
        }
        return Long.parseLong(value);
    }

    private static ArchiveException broken(String what) {
        return new ArchiveException(Kind.MALFORMED, "a broken pax header: " + what);
    }
}
