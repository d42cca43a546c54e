package rookery.elf.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The ELF files of a directory as a tree that holds nothing else, so that all tools do the same
/// work: hard links where the system allows them, copies elsewhere.
record BenchTree(Path root, List<Path> files, long bytes) {
    private static final int FILES_PER_DIRECTORY = 100;
    private static final long MAX_COPIED_BYTES = 8L << 30;

    static BenchTree of(Path from, Path work) throws IOException {
        Path root = work.resolve("tree");
        remove(root);
        List<Path> files = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        long bytes = 0;
        long copied = 0;
        for (Path file : Corpus.elfFiles(from, Long.MAX_VALUE)) {
            Object inode = Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            if (file.startsWith(work) || !seen.add(inode)) {
                continue;
            }
            Path directory = root.resolve("%03d".formatted(files.size() / FILES_PER_DIRECTORY));
            Files.createDirectories(directory);
            Path link = directory.resolve("%05d-%s".formatted(files.size(), file.getFileName()));
            long size = Files.size(file);
            if (!linked(link, file)) {
                copied += size;
                if (copied > MAX_COPIED_BYTES) {
                    throw new IOException(
                            "cannot hard-link " + file + ", and the files are too many to copy");
                }
                Files.copy(file, link);
            }
            bytes += size;
            files.add(link);
        }
        Files.write(work.resolve("files.txt"), files.stream().map(Path::toString).toList());
        return new BenchTree(root, List.copyOf(files), bytes);
    }

    private static boolean linked(Path link, Path file) throws IOException {
        try {
            Files.createLink(link, file);
            return true;
        } catch (FileSystemException e) {
            return false;
        }
    }

    private static void remove(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
