package rookery.oci.archive;

import rookery.oci.archive.ArchiveException.Kind;

/// What a tar archive holds, as far as Rookery reads and writes it. Names are relative, have no
/// empty, `.` or `..` parts, no control characters and no slash at the end; an entry with another
/// name cannot be made.
public sealed interface TarEntry {
    /// Rights that survive: read, write and execute. Set-user-id and its like are dropped.
    int MODE_MASK = 0777;

    String name();

    record Directory(String name, int mode) implements TarEntry {
        public Directory {
            Names.check(name);
            checkMode(mode);
        }
    }

    record File(String name, int mode, long sizeBytes) implements TarEntry {
        public File {
            Names.check(name);
            checkMode(mode);
            if (sizeBytes < 0) {
                throw new IllegalArgumentException(name + " has a negative size: " + sizeBytes);
            }
        }
    }

    /// A link to a relative target that stays inside the root; see [Names#checkLink].
    record Symlink(String name, String target) implements TarEntry {
        public Symlink {
            Names.check(name);
            try {
                Names.checkLink(name, target);
            } catch (ArchiveException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    }

    /// Another name of a file that came earlier; the target is a name from the root.
    record Hardlink(String name, String target) implements TarEntry {
        public Hardlink {
            Names.check(name);
            Names.check(target);
        }
    }

    private static void checkMode(int mode) {
        if ((mode & ~MODE_MASK) != 0) {
            throw new IllegalArgumentException(
                    "a mode is 0 to 0777, not 0" + Integer.toOctalString(mode));
        }
    }

    /// Why a kind of entry is refused, for the type flag that a header has.
    static ArchiveException forbidden(String name, String what) {
        return new ArchiveException(
                Kind.FORBIDDEN,
                Names.quoted(name) + " is " + what + "; only files, directories and links");
    }
}
