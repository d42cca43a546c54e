package rookery.elf.files;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The other tools, as processes, and our own command as one. `launcher/bench.sh` has installed
/// what is run here, and says by variables where.
final class BenchPeers {
    private static final int BATCH = 64;
    private static final long PATIENCE_MINUTES = 10;

    /// As many as the largest library of a usual machine (LLVM) has, in two tables.
    private static final int LIBRARY_SYMBOLS = 149_000;

    private static final int BYTES_PER_SYMBOL = 1_300;

    private final Path work;
    private final Path list;
    private final Path tree;

    BenchPeers(Path work, BenchTree tree) {
        this.work = work;
        this.list = work.resolve("files.txt");
        this.tree = tree.root();
    }

    static String variable(String name) throws IOException {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IOException(name + " is not set; run this as `./rookery bench elf`");
        }
        return value;
    }

    Peer ours() throws IOException {
        return peer(
                "rookery inspect --one-line",
                variable("BENCH_ROOKERY"),
                "inspect",
                "--one-line",
                tree.toString());
    }

    /// Batched readelf first.
    List<Peer> fast() throws IOException {
        return List.of(
                batches("readelf -hld, batches of 64", "readelf", "-hld"),
                batches("eu-readelf -hld, batches of 64", "eu-readelf", "-hld"),
                peer("scanelf", "scanelf", "-qR", "-BF%o%i%n%F", tree.toString()),
                peer("Go debug/elf", variable("BENCH_GO"), list.toString()),
                peer("file", "file", "-f", list.toString()));
    }

    List<Peer> slow() throws IOException {
        String python = variable("BENCH_PYTHON");
        Path scripts = Path.of(variable("BENCH_SCRIPTS"));
        return List.of(
                batches("llvm-readelf -hld, batches of 64", "llvm-readelf", "-hld"),
                peer(
                        "LIEF",
                        python,
                        scripts.resolve("classify_lief.py").toString(),
                        list.toString()),
                peer(
                        "pyelftools",
                        python,
                        scripts.resolve("classify_pyelftools.py").toString(),
                        list.toString()));
    }

    List<Peer> symbols(Path library) throws IOException {
        return List.of(
                peer("Go debug/elf", variable("BENCH_GO"), "symbols", library.toString()),
                peer("eu-readelf -s", "eu-readelf", "-s", library.toString()),
                peer("readelf -sW", "readelf", "-sW", library.toString()));
    }

    /// A library of 200 MB with 298,000 symbols in its two tables, named as C++ names them.
    Path library() throws IOException {
        Path library = work.resolve("libmany.so");
        if (Files.exists(library)) {
            return library;
        }
        Path source = work.resolve("many.s");
        try (BufferedWriter out = Files.newBufferedWriter(source)) {
            out.write(".data\n");
            for (int i = 0; i < LIBRARY_SYMBOLS; i++) {
                String name = "_ZN4llvm12DenseMapBaseINS_8DenseMapIPKNS_5ValueEjE9LookupEv" + i;
                out.write(".globl " + name + "\n.type " + name + ",@object\n");
                out.write(name + ": .zero " + BYTES_PER_SYMBOL + "\n");
            }
        }
        Path unfinished = work.resolve("libmany.so.new");
        Peer gcc =
                peer(
                        "gcc",
                        "gcc",
                        "-shared",
                        "-nostdlib",
                        "-o",
                        unfinished.toString(),
                        source.toString());
        gcc.run();
        Files.delete(source);
        return Files.move(unfinished, library);
    }

    private Peer batches(String name, String... command) {
        List<String> all =
                new ArrayList<>(List.of("xargs", "-a", list.toString(), "-d", "\\n", "-n"));
        all.add(Integer.toString(BATCH));
        all.addAll(List.of(command));
        return peer(name, all.toArray(String[]::new));
    }

    private Peer peer(String name, String... command) {
        return new Peer(name, List.of(command), work.resolve("time.txt"));
    }

    /// One tool, and what its runs took.
    static final class Peer {
        private final String name;
        private final List<String> command;
        private final Path figures;
        private final BenchTimes wall = new BenchTimes();
        private final BenchTimes cpu = new BenchTimes();
        private double peakKilobytes;

        private Peer(String name, List<String> command, Path figures) {
            this.name = name;
            this.command = command;
            this.figures = figures;
        }

        String name() {
            return name;
        }

        BenchTimes wall() {
            return wall;
        }

        BenchTimes cpu() {
            return cpu;
        }

        /// Of the largest process.
        double peakMegabytes() {
            return peakKilobytes / 1e3;
        }

        /// Runs it once. What it thinks of the files is not asked: tools differ in that.
        void run() throws IOException {
            // GNU time: how much memory a child took at most is nothing that Java would know.
            List<String> timed =
                    new ArrayList<>(List.of("/usr/bin/time", "-q", "-f", "%U %S %M", "-o"));
            timed.add(figures.toString());
            timed.addAll(command);
            ProcessBuilder builder =
                    new ProcessBuilder(timed)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("LC_ALL", "C");
            builder.environment().remove("MAVEN_OPTS");
            wall.time(() -> await(builder.start()));
            String[] numbers = Files.readString(figures).strip().split(" ", -1);
            if (numbers.length != 3) {
                throw new IOException(String.join(" ", command) + " did not run");
            }
            cpu.add(Double.parseDouble(numbers[0]) + Double.parseDouble(numbers[1]));
            peakKilobytes = Math.max(peakKilobytes, Double.parseDouble(numbers[2]));
        }

        private void await(Process process) throws IOException {
            try {
                if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    throw new IOException(name + " did not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + name + " ran", e);
            }
            int code = process.exitValue();
            if (code == 126 || code == 127) {
                throw new IOException(String.join(" ", command) + " cannot be run");
            }
        }
    }
}
