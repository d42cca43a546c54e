package rookery.elf;

/// A program header: what the kernel and the loader act on.
public sealed interface Segment {
    Extent extent();

    /// Mapped into memory.
    record Load(Extent extent) implements Segment {}

    /// The dynamic section.
    record DynamicTable(Extent extent) implements Segment {}

    /// The path of the loader that the kernel must start instead.
    record Interpreter(Extent extent) implements Segment {}

    record Notes(Extent extent) implements Segment {}

    /// The program headers themselves.
    record Headers(Extent extent) implements Segment {}

    record TlsTemplate(Extent extent) implements Segment {}

    /// Its flags say whether the stack may hold code.
    record Stack(Extent extent) implements Segment {}

    /// Made read-only once relocated.
    record ReadOnlyAfterRelocation(Extent extent) implements Segment {}

    /// GNU properties: CPU features that the code needs or was built for.
    record Properties(Extent extent) implements Segment {}

    record UnwindIndex(Extent extent) implements Segment {}

    record Unknown(int type, Extent extent) implements Segment {}

    static Segment of(int type, Extent extent) {
        return switch (type) {
            case 1 -> new Load(extent);
            case 2 -> new DynamicTable(extent);
            case 3 -> new Interpreter(extent);
            case 4 -> new Notes(extent);
            case 6 -> new Headers(extent);
            case 7 -> new TlsTemplate(extent);
            case 0x6474e550 -> new UnwindIndex(extent);
            case 0x6474e551 -> new Stack(extent);
            case 0x6474e552 -> new ReadOnlyAfterRelocation(extent);
            case 0x6474e553 -> new Properties(extent);
            default -> new Unknown(type, extent);
        };
    }

    /// `p_type`.
    default int type() {
        return switch (this) {
            case Load _ -> 1;
            case DynamicTable _ -> 2;
            case Interpreter _ -> 3;
            case Notes _ -> 4;
            case Headers _ -> 6;
            case TlsTemplate _ -> 7;
            case UnwindIndex _ -> 0x6474e550;
            case Stack _ -> 0x6474e551;
            case ReadOnlyAfterRelocation _ -> 0x6474e552;
            case Properties _ -> 0x6474e553;
            case Unknown(int type, _) -> type;
        };
    }
}
