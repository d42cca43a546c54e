package rookery.elf.pe;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import rookery.elf.Expectation;
import rookery.elf.Finding;
import rookery.elf.Inspection;
import rookery.elf.Libc;
import rookery.elf.Linkage;
import rookery.elf.Policy;
import rookery.elf.Report;
import rookery.elf.Verdict;

class PeFileTest {
    private static Report look(byte[] bytes) {
        return Inspection.of(MemorySegment.ofArray(bytes));
    }

    private static Verdict verdict(byte[] bytes) {
        return Policy.SCRATCH.judge(look(bytes), Expectation.of("windows/amd64"));
    }

    @Test
    void aProgramThatImportsOnlyWindowsItselfPasses() {
        byte[] program = PeBytes.importing("KERNEL32.dll", "msvcrt.dll", "WS2_32.dll");
        assertThat(verdict(program)).isEqualTo(new Verdict.Pass());
        assertThat(look(program).libc().kind()).isEqualTo(Libc.Kind.MSVCRT);
        assertThat(look(program).describe())
                .isEqualTo(
                        "program, imports KERNEL32.dll, msvcrt.dll, WS2_32.dll, windows/amd64, msvcrt");
    }

    @Test
    void aProgramThatImportsACompilersDllFailsWithItsName() {
        assertThat(verdict(PeBytes.importing("KERNEL32.dll", "libgcc_s_seh-1.dll")).reasons())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.id()).isEqualTo("foreign-dll");
                    assertThat(finding.evidence()).contains("libgcc_s_seh-1.dll");
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.FAIL);
                });
    }

    @Test
    void theApiSetsOfTheUniversalRuntimeBelongToWindows() {
        byte[] program = PeBytes.importing("api-ms-win-crt-runtime-l1-1-0.dll", "KERNEL32.dll");
        assertThat(verdict(program)).isEqualTo(new Verdict.Pass());
    }

    @Test
    void aDllIsNoProgram() {
        byte[] bytes = PeBytes.importing("KERNEL32.dll");
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(0x80 + 22, (short) 0x2022);
        assertThat(look(bytes).linkage()).isEqualTo(new Linkage.PeDll(List.of("KERNEL32.dll")));
        assertThat(verdict(bytes).word()).isEqualTo("n/a");
    }

    @Test
    void aProgramForAnotherMachineFails() {
        byte[] bytes = PeBytes.importing("KERNEL32.dll");
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(0x80 + 4, (short) 0xaa64);
        assertThat(verdict(bytes).reasons())
                .extracting(Finding::id)
                .containsExactly("wrong-machine");
    }

    @Test
    void aProgramCutInASectionFails() {
        byte[] bytes = PeBytes.importing("KERNEL32.dll");
        assertThat(verdict(java.util.Arrays.copyOf(bytes, bytes.length - 1)).reasons())
                .extracting(Finding::id)
                .containsExactly("truncated");
    }

    @Test
    void anImportTableOutsideOfAllSectionsIsUnreadable() {
        byte[] bytes = PeBytes.importing("KERNEL32.dll");
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0x80 + 24 + 120, 0x7fff0000);
        assertThat(look(bytes).linkage()).isInstanceOf(Linkage.Unreadable.class);
    }
}
