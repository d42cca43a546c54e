package rookery.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What no compiler at hand makes: other layouts, contradictions, and files made to waste time or
/// memory.
class HandMadeElfTest {
    private static final int EXEC = 2;
    private static final int DYN = 3;
    private static final int AMD64 = 62;
    private static final int X86 = 3;
    private static final int PPC64 = 21;
    private static final int MIPS = 8;
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;

    private static Report look(byte[] bytes) {
        return Inspection.of(MemorySegment.ofArray(bytes));
    }

    private static List<String> ids(Report report, String platform) {
        return Policy.SCRATCH.judge(report, Expectation.of(platform)).reasons().stream()
                .map(Finding::id)
                .toList();
    }

    @Test
    void everyLayoutGivesTheSameFacts() {
        for (boolean wide : new boolean[] {true, false}) {
            for (ByteOrder order : List.of(LITTLE, BIG)) {
                Report report =
                        Inspection.of(
                                new ElfBytes(wide, order, MIPS, EXEC)
                                        .interpreter("/lib/ld.so.1")
                                        .dynamic(
                                                "\0libz.so.1\0libc.so.6\0me.so\0",
                                                1,
                                                1,
                                                1,
                                                11,
                                                14,
                                                21)
                                        .segment());
                assertThat(report.linkage())
                        .isEqualTo(
                                new Linkage.Dynamic(
                                        false, List.of("libz.so.1", "libc.so.6"), "/lib/ld.so.1"));
                ElfFile file = ((Report.Elf) report.facts()).file();
                assertThat(file.header().layout()).isEqualTo(new Layout(wide, order));
                assertThat(file.dynamic().orElseThrow().soname()).contains("me.so");
                assertThat(file.entryIsExecutable()).isTrue();
            }
        }
    }

    @Test
    void x32IsOfTheWrongClass() {
        Report report = Inspection.of(new ElfBytes(false, LITTLE, AMD64, EXEC).segment());
        assertThat(report.linkage()).isEqualTo(new Linkage.Static(false));
        assertThat(ids(report, "linux/amd64")).contains("wrong-class");
    }

    @Test
    void thePlatformOfA32BitProgramIsKnown() {
        Report report = Inspection.of(new ElfBytes(false, LITTLE, X86, EXEC).segment());
        assertThat(report.describe()).isEqualTo("static linux/386");
        assertThat(ids(report, "linux/386")).isEmpty();
    }

    @Test
    void theWrongByteOrderFails() {
        Report report = Inspection.of(new ElfBytes(true, BIG, PPC64, EXEC).segment());
        assertThat(report.arch()).contains(Arch.PPC64);
        assertThat(ids(report, "linux/ppc64le")).containsExactly("wrong-endianness");
    }

    @Test
    void aProgramWithAnInterpreterOfAForeignSystemIsNotForLinux() {
        Report report =
                Inspection.of(
                        new ElfBytes(true, LITTLE, 183, DYN)
                                .interpreter("/system/bin/linker64")
                                .dynamic("\0libc.so\0", 1, 1, 21, 0)
                                .segment());
        assertThat(report.goos()).contains("android");
        assertThat(ids(report, "linux/arm64")).contains("wrong-os", "interp", "needed");
    }

    @Test
    void nothingToLoadFails() {
        byte[] bytes = new ElfBytes(true, LITTLE, AMD64, EXEC).build();
        ByteBuffer.wrap(bytes).order(LITTLE).putInt(64, 0);
        assertThat(ids(look(bytes), "linux/amd64")).containsExactly("no-load");
    }

    @Test
    void anEntryPointOutsideOfCodeFails() {
        byte[] bytes = new ElfBytes(true, LITTLE, AMD64, EXEC).build();
        ByteBuffer.wrap(bytes).order(LITTLE).putLong(24, 0);
        assertThat(ids(look(bytes), "linux/amd64")).containsExactly("bad-entry");
    }

    @Test
    void aSegmentThatCannotBeMappedFails() {
        byte[] larger = new ElfBytes(true, LITTLE, AMD64, EXEC).build();
        ByteBuffer.wrap(larger).order(LITTLE).putLong(64 + 40, 1);
        assertThat(ids(look(larger), "linux/amd64")).contains("bad-segment");
        byte[] misaligned = new ElfBytes(true, LITTLE, AMD64, EXEC).build();
        ByteBuffer.wrap(misaligned).order(LITTLE).putLong(64 + 16, ElfBytes.BASE + 8);
        assertThat(ids(look(misaligned), "linux/amd64")).contains("bad-segment");
    }

    @Test
    void aSegmentAtTheEndOfTheAddressSpaceDoesNotWrapAround() {
        byte[] bytes = new ElfBytes(true, LITTLE, AMD64, EXEC).build();
        ByteBuffer.wrap(bytes).order(LITTLE).putLong(64 + 8, -0x1000);
        assertThat(ids(look(bytes), "linux/amd64")).contains("truncated");
    }

    @Test
    void programHeadersOfAnotherSizeAreRefusedAsTheKernelDoes() {
        byte[] bytes = new ElfBytes(true, LITTLE, AMD64, EXEC).build();
        ByteBuffer.wrap(bytes).order(LITTLE).putShort(54, (short) 64);
        assertThat(look(bytes).linkage()).isInstanceOf(Linkage.Unreadable.class);
        assertThat(Policy.STATIC.judge(look(bytes), Expectation.of("linux/amd64")).word())
                .isEqualTo("invalid");
    }

    @Test
    void aLoaderPathWithoutANulIsRefusedAsTheKernelDoes() {
        Report report =
                Inspection.of(
                        new ElfBytes(true, LITTLE, AMD64, EXEC)
                                .segment(3, new byte[] {'/', 'l', 'd'})
                                .segment());
        assertThat(report.linkage()).isInstanceOf(Linkage.Unreadable.class);
    }

    @Test
    void aDynamicSectionWithoutNamesOfLibrariesIsStaticPie() {
        Report report =
                Inspection.of(
                        new ElfBytes(true, LITTLE, AMD64, DYN)
                                .dynamic("\0", 0x6ffffffbL, 0x08000001L)
                                .segment());
        assertThat(report.linkage()).isEqualTo(new Linkage.Static(true));
    }

    @Test
    void aNeededNameOutsideOfTheStringTableIsUnreadable() {
        Report report =
                Inspection.of(
                        new ElfBytes(true, LITTLE, AMD64, EXEC)
                                .dynamic("\0libz\0", 1, 0x7fffffffffL)
                                .segment());
        assertThat(report.linkage())
                .isInstanceOfSatisfying(
                        Linkage.Unreadable.class,
                        u -> assertThat(u.reason()).contains("outside its string table"));
    }

    @Test
    void moreProgramHeadersThanSixteenBitsHoldAreCountedInTheFirstSection() {
        byte[] small = new ElfBytes(true, LITTLE, AMD64, 4).build();
        ByteBuffer bytes =
                ByteBuffer.wrap(java.util.Arrays.copyOf(small, small.length + 64)).order(LITTLE);
        bytes.putShort(56, (short) 0xffff).putLong(40, small.length).putShort(58, (short) 64);
        bytes.putInt(small.length + 44, 1);
        Report report = look(bytes.array());
        assertThat(report.linkage()).isEqualTo(new Linkage.Core());
        assertThat(((Report.Elf) report.facts()).file().segments()).hasSize(1);
        bytes.putInt(small.length + 44, 0x7fffffff);
        assertThat(look(bytes.array()).linkage()).isInstanceOf(Linkage.Unreadable.class);
    }

    @Test
    void namesThatOverlapCannotMultiplyIntoGigabytes() {
        int names = 8192;
        int length = 1 << 20;
        int stringsAt = 0x2000 + names * 16 + 32;
        ByteBuffer bytes = ByteBuffer.allocate(stringsAt + length + names).order(LITTLE);
        bytes.put(0, new ElfBytes(true, LITTLE, AMD64, EXEC).dynamic("\0").build());
        bytes.putLong(64 + 32, bytes.capacity()).putLong(64 + 40, bytes.capacity());
        bytes.putLong(64 + 56 + 8, 0x2000).putLong(64 + 56 + 32, names * 16L + 48);
        for (int i = 0; i < names; i++) {
            bytes.putLong(0x2000 + i * 16, 1).putLong(0x2008 + i * 16, i);
        }
        bytes.putLong(stringsAt - 32, 5).putLong(stringsAt - 24, ElfBytes.BASE + stringsAt);
        bytes.putLong(stringsAt - 16, 10).putLong(stringsAt - 8, length + names - 1L);
        for (int i = stringsAt; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) 'x');
        }
        assertThat(look(bytes.array()).linkage())
                .isInstanceOfSatisfying(
                        Linkage.Unreadable.class,
                        u -> assertThat(u.reason()).contains("bytes of names"));
    }

    @Test
    void escapeSequencesInALibrarysNameDoNotReachTheTerminal() {
        Report report =
                Inspection.of(
                        new ElfBytes(true, LITTLE, AMD64, EXEC)
                                .interpreter("/lib/ld.so")
                                .dynamic("\0lib\u001b[2Jz.so\0", 1, 1)
                                .segment());
        assertThat(report.describe()).doesNotContain("\u001b").contains("lib\\u001b[2Jz.so");
        assertThat(Policy.SCRATCH.judge(report, Expectation.of("linux/amd64")).reasons())
                .allSatisfy(f -> assertThat(f.evidence() + f.cure()).doesNotContain("\u001b"));
    }

    @Test
    void aPackedProgramIsWarnedAbout() {
        byte[] bytes = new ElfBytes(true, LITTLE, AMD64, EXEC).build();
        bytes[0x200] = 'U';
        bytes[0x201] = 'P';
        bytes[0x202] = 'X';
        bytes[0x203] = '!';
        assertThat(ids(look(bytes), "linux/amd64")).containsExactly("packed");
    }

    @Test
    void aMacProgramIsNamedAndIsNotForLinux() {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(LITTLE).putInt(0, 0xfeedfacf);
        Report report = look(bytes.array());
        assertThat(report.linkage()).isEqualTo(new Linkage.MachO());
        assertThat(ids(report, "linux/arm64")).containsExactly("wrong-format");
    }

    @Test
    void aJavaClassFileIsNoUniversalMacProgram() {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(BIG).putInt(0, 0xcafebabe).putInt(4, 69);
        assertThat(look(bytes.array()).linkage()).isEqualTo(new Linkage.None());
    }
}
