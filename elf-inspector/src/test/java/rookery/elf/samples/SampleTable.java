package rookery.elf.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.Expectation;
import rookery.elf.Finding;
import rookery.elf.Inspection;
import rookery.elf.Policy;
import rookery.elf.Report;
import rookery.elf.Tools;
import rookery.elf.Verdict;

/// Programs of one kind, each with the one verdict that is right: built by the compilers at hand,
/// some of them damaged afterwards. The tables are the specification; a line is `name`, how it is
/// made, for which platform it is judged, and what must come out.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SampleTable {
    private static final int BUILDERS = 2;
    static final String AMD64 = "linux/amd64";
    static final String ARM64_GCC = "aarch64-linux-gnu-gcc";
    static final String RISCV64_GCC = "riscv64-linux-gnu-gcc";

    /// Where sources and samples lie while the table's tests run.
    Path dir = Path.of("");

    private final Map<String, Sample> samples = new TreeMap<>();
    private final Map<String, byte[]> built = new TreeMap<>();

    /// How a sample's bytes come to be.
    @FunctionalInterface
    interface Maker {
        byte[] make() throws IOException;
    }

    private record Sample(
            Maker maker, Policy policy, Expectation expectation, String linkage, String verdict) {}

    /// Adds the lines of this table.
    abstract void table();

    /// The names of all samples, without building any.
    final List<String> names() {
        if (samples.isEmpty()) {
            table();
        }
        return List.copyOf(samples.keySet());
    }

    /// `verdict` is the word and the ids of all findings: "warn exec-stack".
    final void sample(String name, Maker maker, String platform, String linkage, String verdict) {
        sample(name, maker, Policy.SCRATCH, Expectation.of(platform), linkage, verdict);
    }

    final void sample(
            String name,
            Maker maker,
            Policy policy,
            Expectation expectation,
            String linkage,
            String verdict) {
        Sample before = samples.put(name, new Sample(maker, policy, expectation, linkage, verdict));
        assertThat(before).as(name).isNull();
    }

    final Maker c(String name, String compiler, String... arguments) {
        return () -> Files.readAllBytes(new Tools(dir).compile(name, compiler, arguments));
    }

    final Maker go(String name, String source, Map<String, String> env, String... flags) {
        return () -> Files.readAllBytes(new Tools(dir).goBuild(name, source, env, flags));
    }

    static Maker changed(Maker maker, UnaryOperator<byte[]> change) {
        return () -> change.apply(maker.make());
    }

    static byte[] at(byte[] bytes, int offset, int... values) {
        for (int i = 0; i < values.length; i++) {
            bytes[offset + i] = (byte) values[i];
        }
        return bytes;
    }

    @BeforeAll
    final void build(@TempDir Path samplesDir) throws InterruptedException {
        dir = samplesDir;
        Sources.write(new Tools(dir));
        names();
        try (ExecutorService builders = Executors.newFixedThreadPool(BUILDERS)) {
            Map<String, Future<byte[]>> running = new TreeMap<>();
            samples.forEach((name, s) -> running.put(name, builders.submit(s.maker()::make)));
            for (var one : running.entrySet()) {
                try {
                    built.put(one.getKey(), one.getValue().get());
                } catch (ExecutionException e) {
                    throw new AssertionError(one.getKey() + " cannot be built", e);
                }
            }
        }
    }

    @Test
    void everySampleGetsItsLinkageAndItsVerdict() {
        List<String> wrong = new ArrayList<>();
        samples.forEach((name, sample) -> {
            Report report = Inspection.of(MemorySegment.ofArray(built.get(name)));
            Verdict verdict = sample.policy().judge(report, sample.expectation());
            String ids =
                    String.join(
                            " ", verdict.reasons().stream().map(Finding::id).distinct().toList());
            String found = (verdict.word() + " " + ids).strip();
            if (!report.linkage().word().equals(sample.linkage())
                    || !found.equals(sample.verdict())) {
                wrong.add(
                        "%s: %s, %s; expected %s, %s"
                                .formatted(
                                        name,
                                        report.linkage().word(),
                                        found,
                                        sample.linkage(),
                                        sample.verdict()));
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyFindingSaysWhatWasFoundAndWhatHelps() {
        samples.forEach((name, sample) -> {
            Report report = Inspection.of(MemorySegment.ofArray(built.get(name)));
            for (Finding finding : sample.policy().judge(report, sample.expectation()).reasons()) {
                assertThat(finding.evidence()).as(name).isNotBlank();
                assertThat(finding.cure()).as(name).isNotBlank();
            }
        });
    }
}
