package rookery.elf;

import java.util.List;
import java.util.Optional;

/// What `.ARM.attributes` or `.riscv.attributes` say that the objects were compiled for.
///
/// @param vendor `aeabi` or `riscv`
/// @param values of the whole file, in order; numbers as decimal text
public record Attributes(String vendor, List<Value> values) {
    private static final int RISCV_ARCH = 5;
    private static final int ARM_CPU_ARCH = 6;
    private static final int ARM_VFP_ARGS = 28;

    /// One attribute: a tag of the vendor's table and its value.
    public record Value(long tag, String text) {}

    /// The value under a tag.
    public Optional<String> value(long tag) {
        return values.stream().filter(v -> v.tag() == tag).map(Value::text).findFirst();
    }

    /// `rv64i2p1_m2p0_…`: the instruction set that the objects want.
    public Optional<String> riscvArch() {
        return vendor.equals("riscv") ? value(RISCV_ARCH) : Optional.empty();
    }

    /// 4 to 8 for ARMv4 to ARMv8, from the table of Tag_CPU_arch.
    public Optional<Integer> armVersion() {
        if (!vendor.equals("aeabi")) {
            return Optional.empty();
        }
        return value(ARM_CPU_ARCH)
                .map(text ->
                        switch (text) {
                            case "0", "1", "2" -> 4;
                            case "3", "4", "5" -> 5;
                            case "6", "7", "8", "9", "11", "12" -> 6;
                            case "10", "13" -> 7;
                            default -> 8;
                        });
    }

    /// True when floating-point arguments travel in FPU registers.
    public boolean armHardFloat() {
        return vendor.equals("aeabi") && value(ARM_VFP_ARGS).map("1"::equals).orElse(false);
    }
}
