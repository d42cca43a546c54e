package rookery.elf;

import java.util.Optional;
import rookery.elf.golang.GoBuildInfo;
import rookery.elf.pe.PeFile;

/// All that an inspection found out about one file.
///
/// @param go how Go built it, if Go did
public record Report(
        long sizeBytes, Linkage linkage, Facts facts, Libc libc, Optional<GoBuildInfo> go) {

    /// The format's own facts.
    public sealed interface Facts {}

    /// Facts of an ELF file.
    ///
    /// @param contents present when the deep pass was made
    public record Elf(ElfFile file, Optional<Contents> contents) implements Facts {}

    /// Facts of a Windows program or library.
    public record Pe(PeFile file) implements Facts {}

    /// A format of which only the name is known, or a file that cannot be read.
    public record Bare() implements Facts {}

    static Report bare(long sizeBytes, Linkage linkage) {
        return new Report(
                sizeBytes, linkage, new Bare(), Libc.of(Libc.Kind.NONE), Optional.empty());
    }

    public Optional<Arch> arch() {
        return switch (facts) {
            case Elf(ElfFile file, _) -> file.arch();
            case Pe(PeFile file) -> Arch.ofPe(file.machine());
            case Bare _ -> Optional.empty();
        };
    }

    /// The operating system under Go's name. ELF files of Linux mostly do not say, so it is the one
    /// that is assumed.
    public Optional<String> goos() {
        return switch (facts) {
            case Elf(ElfFile file, _) -> Optional.of(elfSystem(file));
            case Pe _ -> Optional.of("windows");
            case Bare _ ->
                    linkage instanceof Linkage.MachO ? Optional.of("darwin") : Optional.empty();
        };
    }

    private String elfSystem(ElfFile file) {
        for (Note note : file.notes()) {
            if (note instanceof Note.ForeignSystem(String goos)) {
                return goos;
            }
        }
        if (file.interpreter().orElse("").startsWith("/system/bin/linker")) {
            return "android";
        }
        return go.flatMap(g -> g.setting("GOOS")).orElse("linux");
    }

    /// True when C code is linked into a Go program.
    public boolean hasCgo() {
        return go.isPresent() && libc.kind() != Libc.Kind.GO && libc.kind() != Libc.Kind.NONE;
    }

    /// One line for people: "static (pie) linux/arm64, musl, Go 1.26.8 cgo".
    public String describe() {
        return Description.of(this);
    }
}
