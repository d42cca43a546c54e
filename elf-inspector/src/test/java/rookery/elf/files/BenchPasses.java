package rookery.elf.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import rookery.elf.ElfHeader;
import rookery.elf.Inspection;
import rookery.elf.Linkage;
import rookery.elf.Report;

/// The verdict pass over a list of files in this JVM, beside the bare reading of their first bytes.
final class BenchPasses {
    private static final int WARM_UPS = 12;
    private static final int FLOOR_BYTES = 64;
    private static final long FIRST_READ_BYTES = 4096;
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private final List<Path> files;
    private final BenchTimes floor = new BenchTimes();
    private final BenchTimes one = new BenchTimes();
    private final BenchTimes all = new BenchTimes();
    private final BenchTimes cpu = new BenchTimes();
    private double reads;
    private double bytes;
    private int decided;

    BenchPasses(List<Path> files) {
        this.files = files;
    }

    BenchTimes floor() {
        return floor;
    }

    BenchTimes one() {
        return one;
    }

    BenchTimes all() {
        return all;
    }

    BenchTimes cpuSeconds() {
        return cpu;
    }

    double readsPerFile() {
        return reads / files.size();
    }

    double bytesPerFile() {
        return bytes / files.size();
    }

    /// Files whose program headers, which name a loader or not, lie in the first read.
    int decidedByFirstRead() {
        return decided;
    }

    void warmUp() throws IOException {
        for (int i = 0; i < WARM_UPS; i++) {
            readHeads();
            verdicts();
            verdictsInParallel();
        }
        for (Path file : files) {
            if (isDecided(Inspector.inspect(file, Inspection.Depth.VERDICT))) {
                decided++;
            }
        }
    }

    void round() throws IOException {
        floor.time(this::readHeads);
        long start = THREAD.getCurrentThreadCpuTime();
        long readsBefore = ioCounter("syscr");
        long bytesBefore = ioCounter("rchar");
        one.time(this::verdicts);
        reads = ioCounter("syscr") - readsBefore;
        bytes = ioCounter("rchar") - bytesBefore;
        cpu.add((THREAD.getCurrentThreadCpuTime() - start) / 1e9);
        all.time(this::verdictsInParallel);
    }

    private void readHeads() throws IOException {
        ByteBuffer head = ByteBuffer.allocateDirect(FLOOR_BYTES);
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                head.clear();
                if (channel.read(head, 0) < 4) {
                    throw new IOException(file + " is no ELF file any more");
                }
            }
        }
    }

    private void verdicts() throws IOException {
        int damaged = 0;
        for (Path file : files) {
            damaged += isDamaged(file);
        }
        check(damaged);
    }

    private void verdictsInParallel() throws IOException {
        check(
                IntStream.range(0, files.size())
                        .parallel()
                        .map(i -> {
                            try {
                                return isDamaged(files.get(i));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                        .sum());
    }

    private static int isDamaged(Path file) throws IOException {
        Report report = Inspector.inspect(file, Inspection.Depth.VERDICT);
        return report.linkage() instanceof Linkage.Unreadable ? 1 : 0;
    }

    private void check(int damaged) throws IOException {
        if (damaged > files.size() / 2) {
            throw new IOException("most files are unreadable: nothing was measured");
        }
    }

    private static boolean isDecided(Report report) {
        if (!(report.facts() instanceof Report.Elf(var elf, _))) {
            return true;
        }
        ElfHeader.Table table = elf.header().programHeaders();
        return table.count() == 0
                || table.offset() + table.count() * table.entryBytes() <= FIRST_READ_BYTES;
    }

    /// What the system counted for this process; the counting reads a little too.
    private static long ioCounter(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
            if (line.startsWith(name + ": ")) {
                return Long.parseLong(line.substring(name.length() + 2));
            }
        }
        return 0;
    }
}
