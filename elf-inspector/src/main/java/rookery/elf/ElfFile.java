package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The facts that decide how an ELF file starts, and the notes: all that the verdict pass reads.
///
/// @param interpreter the path in the first PT_INTERP, as the kernel takes it; empty text for one
///   without bytes
/// @param damage parts that could not be read, though nothing needs them to start the file
public record ElfFile(
        ElfHeader header,
        List<Segment> segments,
        Optional<String> interpreter,
        Optional<Dynamic> dynamic,
        List<Note> notes,
        List<Damage> damage) {

    public Optional<Arch> arch() {
        return Arch.ofElf(header.machine(), header.layout().bits(), header.layout().order());
    }

    /// The PT_LOAD segments in file order.
    public List<Extent> loads() {
        List<Extent> loads = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment instanceof Segment.Load(Extent extent)) {
                loads.add(extent);
            }
        }
        return List.copyOf(loads);
    }

    public List<String> needed() {
        return dynamic.map(Dynamic::needed).orElse(List.of());
    }

    /// True when the first byte to run is in an executable segment.
    public boolean entryIsExecutable() {
        return loads().stream().anyMatch(e -> e.executable() && e.holds(header.entry()));
    }
}
