package rookery.elf.files;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rookery.elf.Inspection;
import rookery.elf.Linkage;
import rookery.elf.Tools;

/// How fast: the verdict pass over a tree, again and again and in turn with readelf; the deep pass
/// against SHA-256; all symbols of the largest library.
///
/// `java -cp … rookery.elf.files.Bench /usr`
final class Bench {
    private static final int ROUNDS = 12;
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
    private static final int BATCH = 64;
    private static final int DEEP_FILES = 60;

    private Bench() {}

    public static void main(String[] roots) throws IOException, NoSuchAlgorithmException {
        List<Path> files = new ArrayList<>();
        for (String root : roots) {
            files.addAll(Corpus.elfFiles(Path.of(root), Long.MAX_VALUE));
        }
        System.out.printf("%d ELF files%n", files.size());
        Tools tools = new Tools(Files.createTempDirectory("bench"));
        for (int round = 1; round <= ROUNDS; round++) {
            long cpu = THREAD.getCurrentThreadCpuTime();
            double ours = seconds(() -> verdicts(files));
            double busy = (THREAD.getCurrentThreadCpuTime() - cpu) / 1e9;
            System.out.printf(
                    "round %d: verdict pass %.3f s, %.1f us a file, of which %.1f us on the CPU",
                    round, ours, ours / files.size() * 1e6, busy / files.size() * 1e6);
            if (round % 3 == 0) {
                System.out.printf(
                        "; readelf -hld in batches of %d %.3f s",
                        BATCH, seconds(() -> readelf(tools, files)));
            }
            System.out.println();
        }
        deep(files);
        symbols(files);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static double seconds(Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void verdicts(List<Path> files) throws IOException {
        int unreadable = 0;
        for (Path file : files) {
            var report = Inspector.inspect(file, Inspection.Depth.VERDICT);
            if (report.linkage() instanceof Linkage.Unreadable) {
                unreadable++;
            }
        }
        if (unreadable > files.size() / 2) {
            throw new IOException("most files are unreadable");
        }
    }

    private static void readelf(Tools tools, List<Path> files) {
        for (int first = 0; first < files.size(); first += BATCH) {
            List<String> command = new ArrayList<>(List.of("readelf", "-hld"));
            files.subList(first, Math.min(files.size(), first + BATCH))
                    .forEach(f -> command.add(f.toString()));
            tools.runWhateverItReturns(Map.of(), command);
        }
    }

    private static void deep(List<Path> files) throws IOException, NoSuchAlgorithmException {
        List<Path> some = new ArrayList<>();
        long bytes = 0;
        for (Path file : files) {
            long size = Files.size(file);
            if (size > (1 << 20) && size < (32 << 20) && some.size() < DEEP_FILES) {
                some.add(file);
                bytes += size;
            }
        }
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (int round = 1; round <= 3; round++) {
            double deep =
                    seconds(() -> {
                        for (Path file : some) Inspector.inspect(file, Inspection.Depth.DEEP);
                    });
            double hash =
                    seconds(() -> {
                        for (Path file : some) sha.update(Files.readAllBytes(file));
                    });
            System.out.printf(
                    "deep pass %.0f MB/s, SHA-256 %.0f MB/s%n",
                    bytes / deep / 1e6, bytes / hash / 1e6);
        }
    }

    private static void symbols(List<Path> files) throws IOException {
        Path largest = files.getFirst();
        for (Path file : files) {
            if (file.toString().contains(".so") && Files.size(file) > Files.size(largest)) {
                largest = file;
            }
        }
        Path library = largest;
        for (int round = 1; round <= ROUNDS; round++) {
            int[] count = {0};
            double time =
                    seconds(() -> {
                        for (var table : Inspection.SymbolTable.values()) {
                            Inspector.symbols(library, table, _ -> count[0]++);
                        }
                    });
            System.out.printf(
                    "%s (%d MB): %d symbols in %.3f s%n",
                    library.getFileName(), Files.size(library) >> 20, count[0], time);
        }
    }
}
