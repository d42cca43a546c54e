package rookery.elf;

/// `e_type`: what the file says that it is.
public sealed interface ElfType {
    /// The number in the file.
    int code();

    /// The types that the format names.
    enum Known implements ElfType {
        NONE(0),
        RELOCATABLE(1),
        EXECUTABLE(2),
        SHARED(3),
        CORE(4);

        private final int code;

        Known(int code) {
            this.code = code;
        }

        @Override
        public int code() {
            return code;
        }
    }

    /// Any other number.
    record Unknown(int code) implements ElfType {}

    static ElfType of(int code) {
        return switch (code) {
            case 0 -> Known.NONE;
            case 1 -> Known.RELOCATABLE;
            case 2 -> Known.EXECUTABLE;
            case 3 -> Known.SHARED;
            case 4 -> Known.CORE;
            default -> new Unknown(code);
        };
    }
}
