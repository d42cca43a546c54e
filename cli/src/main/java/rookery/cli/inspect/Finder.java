package rookery.cli.inspect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;
import rookery.elf.Inspection;
import rookery.elf.Report;
import rookery.elf.ar.ArFile;
import rookery.elf.bytes.Source;
import rookery.elf.files.Inspector;
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
///
/// Plain files below a directory are looked at by several threads; what comes of them is handed on
/// in the order of the tree, by the thread that called, which also does all the rest.
///
/// @param <T> what comes of looking at a file
public final class Finder<T> {
    /// A layer in an image in a tar, with room to spare.
    private static final int MAX_CONTAINERS = 4;

    /// About what it takes until the code is compiled.
    private static final Duration ALONE = Duration.ofMillis(250);

    /// What lies in a tar is held in memory while it is looked at.
    private static final long MAX_HELD_BYTES = 512L << 20;

    private final Reach reach;
    private final int threads;
    private final Work<T> work;
    private final Consumer<T> sink;
    private final Consumer<String> trouble;
    private int found;
    private int unopened;

    /// Looks at a file. Several threads may call it at once.
    @FunctionalInterface
    public interface Work<T> {
        T on(Item item) throws IOException;
    }

    /// How far it goes below a directory; what was named is always looked into.
    ///
    /// @param members into `ar` archives
    /// @param containers into tar files and packed ones; those of an image layout are always opened
    public record Reach(boolean members, boolean containers) {}

    /// What one look at a plain file came to.
    private sealed interface Look<T> {
        record Done<T>(T result) implements Look<T> {}

        /// To be entered by the calling thread.
        record Inside<T>(FileKind kind) implements Look<T> {}

        record Nothing<T>() implements Look<T> {}

        /// It was read, but something of it is not as it should be.
        record Failed<T>(String sentence) implements Look<T> {}

        record Unread<T>(IOException why) implements Look<T> {}
    }

    /// @param threads how many look at files at the same time
    /// @param sink gets what came of each file, in a fixed order
    /// @param trouble gets a sentence for what could not be looked into
    public Finder(
            Reach reach, int threads, Work<T> work, Consumer<T> sink, Consumer<String> trouble) {
        this.reach = reach;
        this.threads = threads;
        this.work = work;
        this.sink = sink;
        this.trouble = trouble;
    }

    /// Packed files and tars below directories that were passed over so far.
    public int unopened() {
        return unopened;
    }

    /// @param name how the user spelled the path
    /// @return how many items there were
    /// @throws IOException when the path itself cannot be read
    public int find(String name, Path path) throws IOException {
        int before = found;
        Named.check(path);
        if (Files.isDirectory(path)) {
            try (var lanes =
                    new Lanes<Tree.Leaf, Look<T>>(threads, ALONE, this::look, this::take)) {
                Tree.walk(name, path, lanes::add, trouble);
                lanes.finish();
            }
        } else {
            var leaf = new Tree.Leaf(name, path, true, false);
            Look<T> look = look(leaf);
            if (look instanceof Look.Unread<T>(IOException why)) {
                throw why;
            }
            take(leaf, look);
        }
        return found - before;
    }

    private Look<T> look(Tree.Leaf leaf) {
        try {
            return Inspector.read(
                    leaf.path(),
                    source -> {
                        FileKind kind = FileKind.of(source);
                        return switch (kind) {
                            case OBJECT -> done(item(leaf, source));
                            case ARCHIVE ->
                                    leaf.asked() || reach.members()
                                            ? new Look.Inside<>(kind)
                                            : done(item(leaf, source));
                            case CONTAINER -> new Look.Inside<>(kind);
                            case OTHER ->
                                    leaf.asked() ? done(item(leaf, source)) : new Look.Nothing<>();
                        };
                    });
        } catch (IOException e) {
            return new Look.Unread<>(e);
        }
    }

    private static Item item(Tree.Leaf leaf, Source source) {
        return new Item(leaf.name(), leaf.asked(), source, () -> mode(leaf.path()));
    }

    private static OptionalInt mode(Path file) {
        try {
            // By its one name: the sets of names that Java knows have no number.
            return Files.getAttribute(file, "unix:mode") instanceof Integer mode
                    ? OptionalInt.of(mode & TarEntry.MODE_MASK)
                    : OptionalInt.empty();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return OptionalInt.empty();
        }
    }

    private Look<T> done(Item item) {
        try {
            return new Look.Done<>(work.on(item));
        } catch (IOException e) {
            return new Look.Failed<>(item.name() + ": " + e.getMessage());
        }
    }

    private void take(Tree.Leaf leaf, Look<T> look) {
        if (look instanceof Look.Done<T>(T result)) {
            found++;
            sink.accept(result);
        } else if (look instanceof Look.Failed<T>(String sentence)) {
            trouble.accept(sentence);
        } else if (look instanceof Look.Unread<T>(IOException why)) {
            trouble.accept(leaf.name() + " cannot be read: " + why.getMessage());
        } else if (look instanceof Look.Inside<T>(FileKind kind)) {
            try {
                enter(leaf, kind);
            } catch (IOException e) {
                trouble.accept(leaf.name() + " cannot be read: " + e.getMessage());
            }
        }
    }

    private void visit(Item item) {
        found++;
        try {
            sink.accept(work.on(item));
        } catch (IOException e) {
            trouble.accept(item.name() + ": " + e.getMessage());
        }
    }

    private void enter(Tree.Leaf leaf, FileKind kind) throws IOException {
        if (kind == FileKind.ARCHIVE) {
            Inspector.read(leaf.path(), source -> archive(item(leaf, source)));
            return;
        }
        if (!leaf.asked() && !leaf.inLayout() && !reach.containers()) {
            unopened++;
            return;
        }
        try (InputStream in = Files.newInputStream(leaf.path())) {
            container(leaf.name(), in, 1);
        } catch (ArchiveException e) {
            // A packed text is no container, and no trouble unless somebody asked.
            if (leaf.asked()) {
                trouble.accept(leaf.name() + " cannot be looked into: " + e.getMessage());
                Inspector.read(
                        leaf.path(),
                        source -> {
                            visit(item(leaf, source));
                            return source;
                        });
            }
        }
    }

    private Item archive(Item item) {
        visit(item);
        if (Inspection.of(item.source(), Inspection.Depth.VERDICT).facts()
                        instanceof Report.Ar(ArFile file)
                && !file.thin()) {
            for (ArFile.Member member : file.members()) {
                Source part = Source.part(item.source(), member.offset(), member.sizeBytes());
                if (FileKind.of(part) == FileKind.OBJECT) {
                    visit(
                            new Item(
                                    item.name() + "(" + member.name() + ")",
                                    false,
                                    part,
                                    Item.Mode.UNKNOWN));
                }
            }
        }
        return item;
    }

    private void container(String name, InputStream in, int depth) throws IOException {
        TarReader.read(
                in,
                Limits.ORDINARY,
                (entry, _, content) -> {
                    if (entry instanceof TarEntry.File file) {
                        entry(name + "!" + file.name(), file, content, depth);
                    }
                });
    }

    private void entry(String name, TarEntry.File file, InputStream content, int depth)
            throws IOException {
        long size = file.sizeBytes();
        byte[] head = content.readNBytes(FileKind.HEAD_BYTES);
        FileKind kind = FileKind.of(head);
        if (kind == FileKind.OTHER) {
            return;
        }
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), content);
        if (kind == FileKind.CONTAINER) {
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
        Item item = Item.of(name, whole.readAllBytes(), () -> OptionalInt.of(file.mode()));
        if (kind == FileKind.ARCHIVE) {
            archive(item);
        } else {
            visit(item);
        }
    }
}
