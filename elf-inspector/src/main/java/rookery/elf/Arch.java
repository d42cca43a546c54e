package rookery.elf;

import java.nio.ByteOrder;
import java.util.Optional;

/// A CPU architecture under Go's name, with what ELF and PE headers must say for it. The one table
/// of this module.
public enum Arch {
    AMD64("amd64", 62, 64, ByteOrder.LITTLE_ENDIAN, 0x8664, 0x1000),
    I386("386", 3, 32, ByteOrder.LITTLE_ENDIAN, 0x14c, 0x1000),
    ARM64("arm64", 183, 64, ByteOrder.LITTLE_ENDIAN, 0xaa64, 0x10000),
    ARM("arm", 40, 32, ByteOrder.LITTLE_ENDIAN, 0x1c4, 0x1000),
    RISCV64("riscv64", 243, 64, ByteOrder.LITTLE_ENDIAN, 0x5064, 0x1000),
    PPC64LE("ppc64le", 21, 64, ByteOrder.LITTLE_ENDIAN, -1, 0x10000),
    PPC64("ppc64", 21, 64, ByteOrder.BIG_ENDIAN, -1, 0x10000),
    S390X("s390x", 22, 64, ByteOrder.BIG_ENDIAN, -1, 0x1000),
    LOONG64("loong64", 258, 64, ByteOrder.LITTLE_ENDIAN, 0x6264, 0x4000),
    MIPS64("mips64", 8, 64, ByteOrder.BIG_ENDIAN, -1, 0x10000),
    MIPS64LE("mips64le", 8, 64, ByteOrder.LITTLE_ENDIAN, -1, 0x10000),
    MIPS("mips", 8, 32, ByteOrder.BIG_ENDIAN, -1, 0x10000),
    MIPSLE("mipsle", 8, 32, ByteOrder.LITTLE_ENDIAN, 0x166, 0x10000),
    RISCV32("riscv32", 243, 32, ByteOrder.LITTLE_ENDIAN, 0x5032, 0x1000),
    PPC("ppc", 20, 32, ByteOrder.BIG_ENDIAN, -1, 0x10000);

    private final String goName;
    private final int elfMachine;
    private final int bits;
    private final ByteOrder order;
    private final int peMachine;
    private final long largestPageBytes;

    Arch(
            String goName,
            int elfMachine,
            int bits,
            ByteOrder order,
            int peMachine,
            long largestPageBytes) {
        this.goName = goName;
        this.elfMachine = elfMachine;
        this.bits = bits;
        this.order = order;
        this.peMachine = peMachine;
        this.largestPageBytes = largestPageBytes;
    }

    /// GOARCH, which is also OCI's name.
    public String goName() {
        return goName;
    }

    /// `e_machine`.
    public int elfMachine() {
        return elfMachine;
    }

    public int bits() {
        return bits;
    }

    public ByteOrder order() {
        return order;
    }

    /// The largest page that kernels of this architecture are commonly configured with: segments
    /// aligned for less do not load there.
    public long largestPageBytes() {
        return largestPageBytes;
    }

    /// The architecture that Go and OCI call so.
    public static Optional<Arch> named(String goName) {
        for (Arch arch : values()) {
            if (arch.goName.equals(goName)) {
                return Optional.of(arch);
            }
        }
        return Optional.empty();
    }

    static Optional<Arch> ofElf(int machine, int bits, ByteOrder order) {
        for (Arch arch : values()) {
            if (arch.elfMachine == machine && arch.bits == bits && arch.order == order) {
                return Optional.of(arch);
            }
        }
        return Optional.empty();
    }

    static Optional<Arch> ofPe(int machine) {
        for (Arch arch : values()) {
            if (arch.peMachine == machine) {
                return Optional.of(arch);
            }
        }
        return Optional.empty();
    }
}
