package rookery.cli.inspect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import rookery.elf.Inspection;
import rookery.elf.bytes.Budget;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.Source;
import rookery.oci.archive.ArchiveException;
import rookery.oci.archive.Limits;
import rookery.oci.archive.TarEntry;
import rookery.oci.archive.TarReader;

/// Finds what can be inspected below a path: files as they are, members of `ar` archives, and what
/// is in tar files, packed or not, one in the other. A binary package of Gentoo and a layer of an
/// OCI image are such tars.
///
/// Symbolic links below a named directory are not followed. Files that are no object files are
/// passed over silently unless they were named.
public final class Finder {
    private static final int HEAD_BYTES = 512;
    private static final int TAR_MAGIC_AT = 257;
    private static final int MAX_TREE_DEPTH = 64;

    /// A layer in an image in a tar, with room to spare.
    private static final int MAX_CONTAINERS = 4;

    /// What lies in a tar is held in memory while it is looked at.
    private static final long MAX_HELD_BYTES = 512L << 20;

    private final Consumer<Item> visitor;
    private final Consumer<String> trouble;

    /// @param visitor gets the items in a fixed order
    /// @param trouble gets a sentence for what could not be looked into
    public Finder(Consumer<Item> visitor, Consumer<String> trouble) {
        this.visitor = visitor;
        this.trouble = trouble;
    }

    private enum Kind {
        OBJECT,
        ARCHIVE,
        CONTAINER,
        OTHER
    }

    /// @param name how the user spelled the path
    /// @return how many items there were
    /// @throws IOException when the path itself cannot be read
    public int find(String name, Path path) throws IOException {
        int[] count = {0};
        var counting =
                new Finder(
                        item -> {
                            count[0]++;
                            visitor.accept(item);
                        },
                        trouble);
        if (Files.isDirectory(path)) {
            counting.directory(name, path, 0);
        } else {
            counting.file(name, path, true);
        }
        return count[0];
    }

    private void directory(String name, Path directory, int depth) throws IOException {
        if (depth > MAX_TREE_DEPTH) {
            trouble.accept(name + " lies more than " + MAX_TREE_DEPTH + " directories deep");
            return;
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        }
        children.sort(null);
        for (Path child : children) {
            String childName = join(name, String.valueOf(child.getFileName()));
            try {
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    directory(childName, child, depth + 1);
                } else if (Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
                    file(childName, child, false);
                }
            } catch (IOException e) {
                trouble.accept(childName + " cannot be read: " + e.getMessage());
            }
        }
    }

    private static String join(String name, String child) {
        return name.endsWith("/") ? name + child : name + "/" + child;
    }

    private void file(String name, Path path, boolean asked) throws IOException {
        byte[] head = rookery.elf.files.Inspector.read(path, Finder::head);
        Item item = new Item(name, asked, new Item.Where.OnDisk(path));
        switch (kind(head)) {
            case OBJECT -> visitor.accept(item);
            case ARCHIVE -> archive(item);
            case CONTAINER -> {
                try (InputStream in = Files.newInputStream(path)) {
                    container(name, in, 1);
                } catch (ArchiveException e) {
                    // A packed text is no container, and no trouble unless somebody asked.
                    if (asked) {
                        trouble.accept(name + " cannot be looked into: " + e.getMessage());
                        visitor.accept(item);
                    }
                }
            }
            case OTHER -> {
                if (asked) {
                    visitor.accept(item);
                }
            }
        }
    }

    private void archive(Item item) throws IOException {
        visitor.accept(item);
        item.read(source -> {
            Inspection.members(
                    source,
                    Inspection.Depth.VERDICT,
                    (member, part, _) -> {
                        if (kind(head(part)) == Kind.OBJECT) {
                            visitor.accept(
                                    new Item(
                                            item.name() + "(" + member.name() + ")",
                                            false,
                                            new Item.Where.InMemory(part)));
                        }
                    });
            return source;
        });
    }

    private void container(String name, InputStream in, int depth) throws IOException {
        TarReader.read(
                in,
                Limits.ORDINARY,
                (entry, _, content) -> {
                    if (entry instanceof TarEntry.File(String inside, _, long size)) {
                        entry(name + "!" + inside, size, content, depth);
                    }
                });
    }

    private void entry(String name, long size, InputStream content, int depth) throws IOException {
        byte[] head = content.readNBytes(HEAD_BYTES);
        Kind kind = kind(head);
        if (kind == Kind.OTHER) {
            return;
        }
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), content);
        if (kind == Kind.CONTAINER) {
            if (depth >= MAX_CONTAINERS) {
                trouble.accept(name + " lies in more than " + MAX_CONTAINERS + " containers");
                return;
            }
            try {
                container(name, whole, depth + 1);
            } catch (ArchiveException e) {
                trouble.accept(name + " cannot be looked into: " + e.getMessage());
            }
            return;
        }
        if (size > MAX_HELD_BYTES) {
            trouble.accept(
                    "%s has %d bytes; in a container at most %d are looked at"
                            .formatted(name, size, MAX_HELD_BYTES));
            return;
        }
        Item item = Item.of(name, whole.readAllBytes());
        if (kind == Kind.ARCHIVE) {
            archive(item);
        } else {
            visitor.accept(item);
        }
    }

    private static byte[] head(Source source) {
        long length = Math.min(HEAD_BYTES, source.sizeBytes());
        return new Input(source, new Budget(Budget.VERDICT))
                .view(0, length, ByteOrder.BIG_ENDIAN)
                .bytes(0, length);
    }

    private static Kind kind(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u007fELF") || isPe(head) || isMachO(head)) {
            return Kind.OBJECT;
        }
        if (text.startsWith("!<arch>\n") || text.startsWith("!<thin>\n")) {
            return Kind.ARCHIVE;
        }
        boolean packed =
                text.startsWith("\u001f\u008b")
                        || text.startsWith("(\u00b5/\u00fd")
                        || text.startsWith("\u00fd7zXZ")
                        || text.startsWith("BZh");
        return packed || text.startsWith("ustar", TAR_MAGIC_AT) ? Kind.CONTAINER : Kind.OTHER;
    }

    /// Texts begin with MZ too, but do not point to another header.
    private static boolean isPe(byte[] head) {
        if (head.length < 64 || head[0] != 'M' || head[1] != 'Z') {
            return false;
        }
        int at = (head[60] & 0xff) | (head[61] & 0xff) << 8;
        return head[62] == 0
                && head[63] == 0
                && (at + 2 > head.length || (head[at] == 'P' && head[at + 1] == 'E'));
    }

    private static boolean isMachO(byte[] head) {
        if (head.length < 8) {
            return false;
        }
        int magic =
                (head[0] & 0xff) << 24
                        | (head[1] & 0xff) << 16
                        | (head[2] & 0xff) << 8
                        | (head[3] & 0xff);
        return magic == 0xfeedface
                || magic == 0xfeedfacf
                || magic == 0xcefaedfe
                || magic == 0xcffaedfe;
    }
}
