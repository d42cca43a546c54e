package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import rookery.elf.ar.ArFile;
import rookery.elf.golang.GoBuildInfo;
import rookery.elf.pe.PeFile;

/// All that an inspection found out about one file.
///
/// @param go how Go built it, if Go did
/// @param mode the file's permission bits, where whoever opened it knows them: they are no part of
///   its bytes
public record Report(
        long sizeBytes,
        Linkage linkage,
        Facts facts,
        Libc libc,
        Optional<GoBuildInfo> go,
        OptionalInt mode) {
    /// What bytes tell.
    Report(long sizeBytes, Linkage linkage, Facts facts, Libc libc, Optional<GoBuildInfo> go) {
        this(sizeBytes, linkage, facts, libc, go, OptionalInt.empty());
    }

    /// The same file with its permission bits.
    public Report withMode(int bits) {
        return new Report(sizeBytes, linkage, facts, libc, go, OptionalInt.of(bits));
    }

    /// The format's own facts.
    public sealed interface Facts {
        /// The architecture, where the format names one that is known.
        Optional<Arch> arch();
    }

    /// Facts of an ELF file.
    ///
    /// @param contents present when the deep pass was made
    public record Elf(ElfFile file, Optional<Contents> contents) implements Facts {
        @Override
        public Optional<Arch> arch() {
            return file.arch();
        }
    }

    /// Facts of a Windows program or library.
    public record Pe(PeFile file) implements Facts {
        @Override
        public Optional<Arch> arch() {
            return Arch.ofPe(file.machine());
        }
    }

    /// An archive; what its members are is found out one by one, see [Inspection#members].
    public record Ar(ArFile file) implements Facts {
        @Override
        public Optional<Arch> arch() {
            return Optional.empty();
        }
    }

    /// A format of which only the name is known, or a file that cannot be read.
    public record Bare() implements Facts {
        @Override
        public Optional<Arch> arch() {
            return Optional.empty();
        }
    }

    static Report bare(long sizeBytes, Linkage linkage) {
        return new Report(
                sizeBytes, linkage, new Bare(), Libc.of(Libc.Kind.NONE), Optional.empty());
    }

    public Optional<Arch> arch() {
        return facts.arch();
    }

    /// The operating system under Go's name. ELF files of Linux mostly do not say, so it is the one
    /// that is assumed.
    public Optional<String> goos() {
        if (facts instanceof Elf(ElfFile file, _)) {
            return Optional.of(elfSystem(file));
        }
        if (facts instanceof Pe) {
            return Optional.of("windows");
        }
        return linkage instanceof Linkage.MachO ? Optional.of("darwin") : Optional.empty();
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

    /// What protects it; nothing for files that are no ELF image.
    public Optional<Hardening> hardening() {
        return facts instanceof Elf(ElfFile file, Optional<Contents> contents)
                        && ElfParser.isImage(file.header())
                ? Optional.of(Hardening.of(file, contents, linkage))
                : Optional.empty();
    }

    /// C libraries that are linked in and say their version; empty without the deep pass.
    public List<Library> libraries() {
        return contents().map(Contents::libraries).orElse(List.of());
    }

    /// Sections whose bytes are packed; empty without the deep pass.
    public List<CompressedSection> compressedSections() {
        return contents().map(c -> c.origins().compressed()).orElse(List.of());
    }

    /// The compilers and linkers that left their names, Go among them.
    public List<String> compilers() {
        List<String> compilers = new ArrayList<>();
        contents().ifPresent(c -> compilers.addAll(c.origins().comments()));
        go.ifPresent(g -> compilers.add("Go " + g.version()));
        return List.copyOf(compilers);
    }

    /// What the deep pass found in an ELF file.
    public Optional<Contents> contents() {
        return facts instanceof Elf(_, Optional<Contents> contents) ? contents : Optional.empty();
    }

    /// The oldest Linux that the program's own start-up code accepts, where the file says so.
    public Optional<Kernel> kernelFloor() {
        return KernelFloor.of(this);
    }

    /// The x86-64 level that the code needs: from the linker's note or Go's build information.
    /// Where neither says anything the level is unknown: code for newer CPUs behind a check at run
    /// time looks like any other.
    public Optional<Integer> x86Level() {
        if (!(facts instanceof Elf(ElfFile file, _))) {
            return Optional.empty();
        }
        int level = GoRules.amd64Level(go);
        for (Note note : file.notes()) {
            if (note instanceof Note.Properties properties) {
                level = Math.max(level, properties.x86Level());
            }
        }
        return level == 0 ? Optional.empty() : Optional.of(level);
    }

    /// For Windows: true when the C runtime is not another DLL.
    public boolean hasStaticRuntime() {
        return facts instanceof Pe(PeFile file) && PeRules.hasStaticRuntime(file);
    }

    /// One line for people: "static (pie) linux/arm64, musl, Go 1.26.8 cgo".
    public String describe() {
        return Description.of(this);
    }
}
