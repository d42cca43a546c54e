package rookery.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;

/// Whatever the bytes are, the inspector answers, and does not copy out more than the file could
/// hold.
class HostileInputTest {
    private static final int MUTATIONS = 10_000;
    private static final long SEED = 20_260_101;

    /// Of all that is allocated while one file is inspected, garbage included.
    private static final long MAX_ALLOCATED = 64L << 20;

    private static final ThreadMXBean ALLOCATIONS =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir static Path dir;
    private static final List<byte[]> SAMPLES = new ArrayList<>();

    @BeforeAll
    static void samples() throws IOException {
        Tools tools = new Tools(dir);
        tools.write("hello.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 0; }\n");
        add(tools.compile("musl", "musl-gcc", "-static", "hello.c"));
        add(tools.compile("dynamic", "gcc", "hello.c"));
        add(tools.compile("arm64", "aarch64-linux-gnu-gcc", "hello.c"));
        add(tools.compile("riscv", "riscv64-linux-gnu-gcc", "hello.c"));
        add(tools.compile("object", "gcc", "-c", "hello.c"));
        add(tools.compile("library", "gcc", "-shared", "-fPIC", "hello.c"));
        SAMPLES.add(
                new ElfBytes(false, ByteOrder.BIG_ENDIAN, 8, 2)
                        .interpreter("/lib/ld.so.1")
                        .dynamic("\0libc.so.6\0", 1, 1, 14, 1)
                        .build());
        tools.run(Map.of(), List.of("ar", "rcs", "archive.a", "object", "musl"));
        add(dir.resolve("archive.a"));
        add(tools.compile("zdebug", "gcc", "-g", "-gz=zlib", "-c", "hello.c"));
        add(tools.compile("packed", "musl-gcc", "-static", "-g", "-gz=zlib", "hello.c"));
        SAMPLES.add(rookery.elf.pe.PeBytes.importing("KERNEL32.dll", "zlib1.dll"));
        tools.write("pure/go.mod", "module example.test/pure\n\ngo 1.24\n");
        tools.write("pure/main.go", "package main\n\nfunc main() { println(\"hi\") }\n");
        byte[] go =
                Files.readAllBytes(
                        tools.goBuild("go", "pure", Map.of("CGO_ENABLED", "0"), "-ldflags=-s -w"));
        SAMPLES.add(go);
    }

    private static void add(Path file) throws IOException {
        SAMPLES.add(Files.readAllBytes(file));
    }

    /// A source that counts what is copied out of it and refuses single pieces larger than the
    /// file.
    private static Report look(byte[] bytes, Inspection.Depth depth) {
        long before = ALLOCATIONS.getCurrentThreadAllocatedBytes();
        Report report = inspect(bytes, depth);
        long allocated = ALLOCATIONS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as("bytes allocated in all for a file of " + bytes.length)
                .isLessThan(MAX_ALLOCATED + 2L * bytes.length);
        return report;
    }

    private static Report inspect(byte[] bytes, Inspection.Depth depth) {
        return Inspection.of(Source.of(MemorySegment.ofArray(bytes)), depth);
    }

    private static void answers(byte[] bytes, String what) {
        for (Inspection.Depth depth : Inspection.Depth.values()) {
            answers(bytes, what, depth);
        }
    }

    private static void answers(byte[] bytes, String what, Inspection.Depth depth) {
        assertThatCode(
                        () -> {
                            Report report = look(bytes, depth);
                            for (String platform :
                                    List.of("linux/amd64", "linux/arm", "windows/amd64")) {
                                Policy.SCRATCH
                                        .judge(report, Expectation.of(platform).withCgo())
                                        .reasons();
                            }
                            Policy.HARDENED
                                    .judge(report, Expectation.of("linux/riscv64"))
                                    .reasons();
                            assertThat(report.describe()).isNotEmpty();
                            walkSymbols(bytes);
                            walkMembers(bytes);
                        })
                .as(what)
                .doesNotThrowAnyException();
    }

    private static void walkMembers(byte[] bytes) {
        Inspection.members(
                Source.of(MemorySegment.ofArray(bytes)),
                Inspection.Depth.VERDICT,
                (member, source, report) -> {
                    assertThat(report.describe()).isNotEmpty();
                    assertThat(source.sizeBytes()).isEqualTo(member.sizeBytes());
                });
    }

    private static void walkSymbols(byte[] bytes) {
        for (Inspection.SymbolTable table : Inspection.SymbolTable.values()) {
            try {
                Inspection.sections(Source.of(MemorySegment.ofArray(bytes)));
                Inspection.symbols(Source.of(MemorySegment.ofArray(bytes)), table, _ -> {});
            } catch (UnreadableException e) {
                assertThat(e.reason()).isNotEmpty();
            }
        }
    }

    @Test
    void eachSampleCutAtEveryHeaderBoundaryIsAnswered() {
        for (byte[] sample : SAMPLES) {
            for (int length : boundaries(sample)) {
                answers(java.util.Arrays.copyOf(sample, length), "cut to " + length + " bytes");
            }
        }
    }

    @Test
    void aProgramCutAtAnyHeaderBoundaryIsNeverAccepted() {
        byte[] sample = SAMPLES.getFirst();
        ElfFile file = ((Report.Elf) look(sample, Inspection.Depth.VERDICT).facts()).file();
        long end =
                file.loads().stream()
                        .mapToLong(l -> l.offset() + l.fileBytes())
                        .max()
                        .orElseThrow();
        for (int length : boundaries(sample)) {
            if (length < end) {
                Report report =
                        look(java.util.Arrays.copyOf(sample, length), Inspection.Depth.DEEP);
                assertThat(Policy.STATIC.judge(report, Expectation.of("linux/amd64")).accepted())
                        .as("cut to %d of %d bytes", length, end)
                        .isFalse();
            }
        }
    }

    /// Every byte of the file header, and start, middle and end of every table that it leads to.
    private static SortedSet<Integer> boundaries(byte[] sample) {
        SortedSet<Integer> cuts = new TreeSet<>();
        for (int i = 0; i <= Math.min(1024, sample.length); i++) {
            cuts.add(i);
        }
        if (look(sample, Inspection.Depth.DEEP).facts()
                instanceof Report.Elf(ElfFile file, var contents)) {
            for (Segment segment : file.segments()) {
                around(cuts, segment.extent().offset(), sample.length);
                around(
                        cuts,
                        segment.extent().offset() + segment.extent().fileBytes(),
                        sample.length);
            }
            ElfHeader.Table sections = file.header().sectionHeaders();
            for (long i = 0; i <= sections.count(); i++) {
                around(cuts, sections.offset() + i * sections.entryBytes(), sample.length);
            }
            contents.ifPresent(c ->
                    c.sections()
                            .forEach(s -> around(cuts, s.offset() + s.sizeBytes(), sample.length)));
        }
        return cuts;
    }

    private static void around(SortedSet<Integer> cuts, long at, int length) {
        for (long cut = at - 1; cut <= at + 1; cut++) {
            if (cut >= 0 && cut <= length) {
                cuts.add((int) cut);
            }
        }
    }

    @Test
    void mutatedSamplesAreAnswered() {
        Random random = new Random(SEED);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = SAMPLES.get(i % SAMPLES.size()).clone();
            // The large sample is mutated rarely: its deep pass reads a megabyte.
            if (bytes.length > 1_000_000 && i % 4 != 0) {
                bytes = SAMPLES.getFirst().clone();
            }
            int changes = 1 + random.nextInt(8);
            for (int c = 0; c < changes; c++) {
                mutate(bytes, random);
            }
            Inspection.Depth[] depths = Inspection.Depth.values();
            answers(bytes, "mutation " + i + " of seed " + SEED, depths[i % depths.length]);
        }
    }

    /// Mostly in the headers, and mostly values at which arithmetic goes wrong.
    private static void mutate(byte[] bytes, Random random) {
        int range = random.nextInt(4) == 0 ? bytes.length : Math.min(bytes.length, 2048);
        int at = random.nextInt(range);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] = (byte) random.nextInt(256);
            case 1 -> fill(bytes, at, 1 << random.nextInt(4), (byte) 0xff);
            case 2 -> fill(bytes, at, 1 << random.nextInt(4), (byte) 0);
            default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private static void fill(byte[] bytes, int at, int count, byte value) {
        for (int i = at; i < Math.min(bytes.length, at + count); i++) {
            bytes[i] = value;
        }
    }

    @Test
    void randomBytesBehindEachMagicAreAnswered() {
        Random random = new Random(SEED);
        for (String magic :
                List.of(
                        "\u007fELF\u0002\u0001\u0001",
                        "MZ",
                        "!<arch>\n",
                        "#!",
                        "\u00fe\u00ed\u00fa\u00cf")) {
            for (int length = 0; length < 300; length++) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                byte[] start = magic.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
                System.arraycopy(start, 0, bytes, 0, Math.min(start.length, length));
                answers(bytes, length + " random bytes behind " + magic);
            }
        }
    }

    @Test
    void namesThatOverlapDoNotBecomeGigabytes() {
        // 8,192 libraries, each name a mebibyte long and starting one byte behind the other.
        int names = 8192;
        int length = 1 << 20;
        int dynamicAt = 0x1000;
        int stringsAt = dynamicAt + (names + 3) * 16;
        byte[] file = new byte[stringsAt + length + names + 1];
        var b = java.nio.ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        b.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        b.putShort(16, (short) 2).putShort(18, (short) 62).putInt(20, 1);
        b.putLong(24, 0x400000).putLong(32, 64);
        b.putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) 2);
        program(b, 64, 1, 0, file.length);
        program(b, 120, 2, dynamicAt, stringsAt - dynamicAt);
        for (int i = 0; i < names; i++) {
            b.putLong(dynamicAt + i * 16, 1).putLong(dynamicAt + i * 16 + 8, i);
        }
        int end = dynamicAt + names * 16;
        b.putLong(end, 5).putLong(end + 8, 0x400000L + stringsAt);
        b.putLong(end + 16, 10).putLong(end + 24, length + names + 1L);
        java.util.Arrays.fill(file, stringsAt, file.length - 1, (byte) 'x');
        Report report = look(file, Inspection.Depth.DEEP_IF_STATIC);
        assertThat(report.linkage()).isInstanceOf(Linkage.Unreadable.class);
        assertThat(report.describe()).contains("bytes of names");
    }

    private static void program(java.nio.ByteBuffer b, int at, int type, long offset, long size) {
        b.putInt(at, type).putInt(at + 4, 5).putLong(at + 8, offset);
        b.putLong(at + 16, 0x400000 + offset).putLong(at + 32, size).putLong(at + 40, size);
        b.putLong(at + 48, 0x1000);
    }

    @Test
    void anArchiveOfTwoHundredThousandEmptyMembersIsRead() {
        byte[] header =
                "%-16s%-12d%-6d%-6d%-8s%-10d`\n"
                        .formatted("e/", 0, 0, 0, "644", 0)
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        var out = new java.io.ByteArrayOutputStream();
        out.writeBytes("!<arch>\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        for (int i = 0; i < 200_000; i++) {
            out.writeBytes(header);
        }
        byte[] file = out.toByteArray();
        Report report = inspect(file, Inspection.Depth.VERDICT);
        assertThat(report.describe()).isEqualTo("archive of 200000 members");
    }
}
