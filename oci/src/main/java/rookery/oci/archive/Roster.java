package rookery.oci.archive;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import rookery.oci.archive.ArchiveException.Kind;

/// What an archive has brought so far, to hold later entries against: nothing may lie below a link
/// or a file, nothing may come twice (but a directory), a hard link needs an earlier file.
final class Roster {
    /// A bound on the memory that names may take, whatever the number of entries.
    static final long MAX_NAME_BYTES = 64L << 20;

    private enum What {
        DIRECTORY,
        FILE,
        SYMLINK
    }

    private final Map<String, What> seen = new HashMap<>();
    private long nameBytes;

    void admit(TarEntry entry) throws ArchiveException {
        switch (entry) {
            case TarEntry.Directory(var name, _) -> add(name, What.DIRECTORY);
            case TarEntry.File(var name, _, _) -> add(name, What.FILE);
            case TarEntry.Symlink(var name, var target) -> {
                count(target);
                add(name, What.SYMLINK);
            }
            case TarEntry.Hardlink(var name, var target) -> {
                if (seen.get(target) != What.FILE) {
                    throw new ArchiveException(
                            Kind.ESCAPE,
                            "the hard link "
                                    + Names.quoted(name)
                                    + " is to "
                                    + Names.quoted(target)
                                    + ", which is no earlier file of the archive");
                }
                add(name, What.FILE);
            }
        }
    }

    private void add(String name, What what) throws ArchiveException {
        for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
            String above = name.substring(0, slash);
            What found = seen.get(above);
            if (found == null) {
                count(above);
                seen.put(above, What.DIRECTORY);
            } else if (found != What.DIRECTORY) {
                throw new ArchiveException(
                        Kind.ESCAPE,
                        Names.quoted(name)
                                + " lies below "
                                + Names.quoted(above)
                                + ", which is a "
                                + (found == What.FILE ? "file" : "link"));
            }
        }
        count(name);
        What before = seen.put(name, what);
        if (before != null && (before != What.DIRECTORY || what != What.DIRECTORY)) {
            throw new ArchiveException(
                    Kind.MALFORMED, Names.quoted(name) + " is in the archive twice");
        }
    }

    private void count(String name) throws ArchiveException {
        nameBytes += name.getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes > MAX_NAME_BYTES) {
            throw new ArchiveException(
                    Kind.LIMIT, "names of more than " + MAX_NAME_BYTES + " bytes in all");
        }
    }
}
