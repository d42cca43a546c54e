package rookery.oci.archive;

import java.nio.charset.StandardCharsets;
import java.util.List;
import rookery.oci.Printable;
import rookery.oci.archive.ArchiveException.Kind;

/// The rules for names and link targets in archives.
final class Names {
    /// Linux's own limit on a path.
    static final int MAX_BYTES = 4095;

    static final int MAX_PART_BYTES = 255;

    private Names() {}

    /// Makes a foreign name plain: drops a leading `./` and a slash at the end, refuses everything
    /// that leaves the root or that nobody can mean. The root itself is the empty string.
    static String clean(String name) throws ArchiveException {
        if (name.startsWith("/")) {
            throw escape(name, "is absolute");
        }
        String rest = name;
        while (rest.startsWith("./")) {
            rest = rest.substring(2);
        }
        while (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        if (rest.isEmpty() || rest.equals(".")) {
            if (name.isEmpty()) {
                throw new ArchiveException(Kind.MALFORMED, "an entry has no name");
            }
            return "";
        }
        if (rest.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new ArchiveException(
                    Kind.LIMIT, quoted(name) + " is longer than " + MAX_BYTES + " bytes");
        }
        for (String part : parts(rest)) {
            if (part.equals("..")) {
                throw escape(name, "has '..' in it");
            }
            if (part.isEmpty() || part.equals(".")) {
                throw new ArchiveException(
                        Kind.MALFORMED, quoted(name) + " has an empty part or '.' in it");
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > MAX_PART_BYTES) {
                throw new ArchiveException(
                        Kind.LIMIT,
                        quoted(name) + " has a part longer than " + MAX_PART_BYTES + " bytes");
            }
        }
        checkCharacters(rest, name);
        return rest;
    }

    /// Throws unless the name is already clean; for names of our own making.
    static void check(String name) {
        try {
            if (!name.isEmpty() && clean(name).equals(name)) {
                return;
            }
        } catch (ArchiveException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        throw new IllegalArgumentException(quoted(name) + " is not a plain relative name");
    }

    /// Throws unless a symbolic link stays inside the root, whatever other links there are: its
    /// target is relative, and `..` comes only at its beginning, at most once per directory above
    /// the link. A link's own directory is never itself behind a link (readers see to that), so the
    /// leading `..` climb real directories; what follows only goes down, through links that obey
    /// the same rule. With `..` after a name, `a/link/../..` could leave through a link that looks
    /// harmless by itself.
    static void checkLink(String name, String target) throws ArchiveException {
        String link = "the link " + quoted(name) + " to " + quoted(target);
        if (target.isEmpty()) {
            throw new ArchiveException(Kind.MALFORMED, link + " has no target");
        }
        if (target.startsWith("/")) {
            throw new ArchiveException(Kind.ESCAPE, link + " is absolute; make it relative");
        }
        if (target.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new ArchiveException(Kind.LIMIT, link + " is longer than " + MAX_BYTES);
        }
        checkCharacters(target, target);
        int mayClimb = parts(name).size() - 1;
        boolean descending = false;
        for (String part : parts(target)) {
            if (part.equals("..")) {
                if (descending) {
                    throw new ArchiveException(
                            Kind.ESCAPE, link + " has '..' after a name, which may leave the root");
                }
                if (--mayClimb < 0) {
                    throw new ArchiveException(Kind.ESCAPE, link + " leaves the root");
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                descending = true;
            }
        }
    }

    static List<String> parts(String name) {
        return List.of(name.split("/", -1));
    }

    static String quoted(String name) {
        return "'" + Printable.clip(name) + "'";
    }

    private static void checkCharacters(String text, String whole) throws ArchiveException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == 0x7f) {
                throw new ArchiveException(
                        Kind.FORBIDDEN, quoted(whole) + " has a control character in it");
            }
            // What Java puts in place of bytes that are not text in the locale's encoding.
            if (c == '\ufffd') {
                throw new ArchiveException(
                        Kind.FORBIDDEN,
                        quoted(whole) + " is not UTF-8; rename it, or set LC_ALL=C.UTF-8 if it is");
            }
        }
    }

    private static ArchiveException escape(String name, String what) {
        return new ArchiveException(Kind.ESCAPE, quoted(name) + " " + what);
    }
}
