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
    private static final int RISCV_OPCODE = 0x7f;
    private static final int RISCV_JAL = 0x6f;
    private static final int RISCV_AUIPC = 0x17;
    private static final int RISCV_JALR = 0x67;

    /// The longest instruction, or pair of instructions, that is one call.
    private static final int CALL_BYTES = 8;

    private CallFinder() {}

    /// The address of the first direct call or jump to the function, or -1. Only amd64, arm64 and
    /// riscv64 are looked through.
    static long callOf(Input input, ElfFile elf, long function) {
        int machine = elf.header().machine();
        if (machine != Arch.AMD64.elfMachine()
                && machine != Arch.ARM64.elfMachine()
                && machine != Arch.RISCV64.elfMachine()) {
            return -1;
        }
        for (Extent load : elf.loads()) {
            if (load.executable() && !load.isCutIn(input.sizeBytes())) {
                for (long from = 0; from < load.fileBytes(); from += WINDOW_BYTES) {
                    // A few bytes more, for a call across the border.
                    long length =
                            Math.min((long) WINDOW_BYTES + CALL_BYTES, load.fileBytes() - from);
                    View view = input.view(load.offset() + from, length, ByteOrder.LITTLE_ENDIAN);
                    byte[] code = view.bytes(0, length);
                    long address = load.address() + from;
                    long at =
                            machine == Arch.AMD64.elfMachine()
                                    ? amd64(code, address, function)
                                    : machine == Arch.ARM64.elfMachine()
                                            ? arm64(code, address, function)
                                            : riscv64(code, address, function);
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

    /// `jal`, or `auipc` and a `jalr` by the same register, which the linker makes of calls that go
    /// far. Instructions begin at every second byte.
    private static long riscv64(byte[] code, long address, long function) {
        for (int i = 0; i + 4 <= code.length; i += 2) {
            int instruction = int32(code, i);
            int opcode = instruction & RISCV_OPCODE;
            if (opcode == RISCV_JAL) {
                int offset =
                        instruction >> 31 << 20
                                | (instruction >> 12 & 0xff) << 12
                                | (instruction >> 20 & 1) << 11
                                | (instruction >> 21 & 0x3ff) << 1;
                if (address + i + offset == function) {
                    return address + i;
                }
            } else if (opcode == RISCV_AUIPC && i + CALL_BYTES <= code.length) {
                int next = int32(code, i + 4);
                boolean sameRegister = (next >> 15 & 31) == (instruction >> 7 & 31);
                if ((next & RISCV_OPCODE) == RISCV_JALR
                        && sameRegister
                        && address + i + (instruction & 0xfffff000) + (next >> 20) == function) {
                    return address + i;
                }
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
