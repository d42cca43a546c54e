package rookery.elf.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Finds the ELF files and archives below a directory, without following links; what may not be
/// read is passed over.
record Trees(List<Path> elf, List<Path> archives) {
    private static final int MAX_FILES = 1_000_000;
    private static final int MAGIC_BYTES = 8;

    static Trees below(List<Path> roots, long maxBytes) throws IOException {
        var finder = new Finder(maxBytes);
        for (Path root : roots) {
            Files.walkFileTree(root, finder);
        }
        Collections.sort(finder.elf);
        Collections.sort(finder.archives);
        return new Trees(List.copyOf(finder.elf), List.copyOf(finder.archives));
    }

    private static final class Finder extends SimpleFileVisitor<Path> {
        private final long maxBytes;
        private final List<Path> elf = new ArrayList<>();
        private final List<Path> archives = new ArrayList<>();

        Finder(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()
                    && attributes.size() > MAGIC_BYTES
                    && attributes.size() <= maxBytes) {
                String magic = magic(file);
                if (magic.startsWith("\u007fELF")) {
                    elf.add(file);
                } else if (magic.equals("!<arch>\n") || magic.equals("!<thin>\n")) {
                    archives.add(file);
                }
            }
            return elf.size() + archives.size() < MAX_FILES
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(
                Path directory, @SuppressWarnings("unused") IOException e) {
            return FileVisitResult.CONTINUE;
        }

        private static String magic(Path file) {
            try (var in = Files.newInputStream(file)) {
                return new String(in.readNBytes(MAGIC_BYTES), StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                return "";
            }
        }
    }
}
