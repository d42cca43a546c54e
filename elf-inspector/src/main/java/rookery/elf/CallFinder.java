package rookery.elf;

import java.nio.ByteOrder;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.View;

/// Does anything call a function? glibc's own code brings `dlopen` and `setlocale` into every
/// static program, so that their presence says nothing; a direct call does.
final class CallFinder {
    private static final int WINDOW_BYTES = 256 << 10;
    private static final int AMD64_CALL = 0xe8;
    private static final int AMD64_JUMP = 0xe9;
    private static final int ARM64_BRANCH = 0x14000000;
    private static final int ARM64_BRANCH_MASK = 0x7c000000;

    private CallFinder() {}

    /// The address of the first direct call or jump to the function, or -1. Only amd64 and arm64
    /// are looked through.
    static long callOf(Input input, ElfFile elf, long function) {
        int machine = elf.header().machine();
        if (machine != Arch.AMD64.elfMachine() && machine != Arch.ARM64.elfMachine()) {
            return -1;
        }
        for (Extent load : elf.loads()) {
            if (load.executable() && !load.isCutIn(input.sizeBytes())) {
                for (long from = 0; from < load.fileBytes(); from += WINDOW_BYTES) {
                    // Four bytes more, for an instruction across the border.
                    long length = Math.min(WINDOW_BYTES + 4L, load.fileBytes() - from);
                    View view = input.view(load.offset() + from, length, ByteOrder.LITTLE_ENDIAN);
                    byte[] code = view.bytes(0, length);
                    long at =
                            machine == Arch.AMD64.elfMachine()
                                    ? amd64(code, load.address() + from, function)
                                    : arm64(code, load.address() + from, function);
                    if (at >= 0) {
                        return at;
                    }
                }
            }
        }
        return -1;
    }

    private static long amd64(byte[] code, long address, long function) {
        for (int i = 0; i + 5 <= code.length; i++) {
            int opcode = code[i] & 0xff;
            if ((opcode == AMD64_CALL || opcode == AMD64_JUMP)
                    && address + i + 5 + int32(code, i + 1) == function) {
                return address + i;
            }
        }
        return -1;
    }

    private static long arm64(byte[] code, long address, long function) {
        for (int i = 0; i + 4 <= code.length; i += 4) {
            int instruction = int32(code, i);
            if ((instruction & ARM64_BRANCH_MASK) == ARM64_BRANCH
                    && address + i + ((long) (instruction << 6) >> 4) == function) {
                return address + i;
            }
        }
        return -1;
    }

    private static int int32(byte[] code, int at) {
        return (code[at] & 0xff)
                | (code[at + 1] & 0xff) << 8
                | (code[at + 2] & 0xff) << 16
                | code[at + 3] << 24;
    }
}
