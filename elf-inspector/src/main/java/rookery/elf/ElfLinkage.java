package rookery.elf;

import java.util.List;
import java.util.regex.Pattern;

/// Decides the linkage of an ELF file from what the kernel and the loader act on.
final class ElfLinkage {
    private static final Pattern LOADER_NAME =
            Pattern.compile("ld(-[a-z].*|64|32)?\\.so.*|ld-musl-.*|libc\\.musl-.*|libc\\.so");

    private ElfLinkage() {}

    static Linkage of(ElfFile elf) {
        if (!(elf.header().type() instanceof ElfType.Known known)) {
            return new Linkage.OtherElf(elf.header().type().code());
        }
        return switch (known) {
            case RELOCATABLE -> new Linkage.Relocatable();
            case CORE -> new Linkage.Core();
            case NONE -> new Linkage.OtherElf(0);
            case EXECUTABLE, SHARED ->
                    ElfParser.hasNoCode(elf.segments())
                            ? new Linkage.DebugOnly()
                            : image(elf, known == ElfType.Known.SHARED);
        };
    }

    private static Linkage image(ElfFile elf, boolean movable) {
        List<String> needed = elf.needed();
        boolean program = !movable || elf.dynamic().map(Dynamic::isProgram).orElse(false);
        String soname = elf.dynamic().flatMap(Dynamic::soname).orElse("");
        if (elf.interpreter().isPresent()) {
            // libc.so.6 names a loader too, so that it can print its version; a soname shows that
            // it is a library.
            if (!program && !soname.isEmpty()) {
                return new Linkage.SharedLibrary(needed);
            }
            return needed.isEmpty()
                    ? new Linkage.InterpOnly(elf.interpreter().get())
                    : new Linkage.Dynamic(movable, needed, elf.interpreter().get());
        }
        if (program) {
            return needed.isEmpty()
                    ? new Linkage.Static(movable)
                    : new Linkage.NeededNoInterp(needed);
        }
        if (!needed.isEmpty()) {
            return new Linkage.SharedLibrary(needed);
        }
        if (!elf.entryIsExecutable()) {
            return new Linkage.SharedLibrary(needed);
        }
        boolean exports = elf.dynamic().isPresent() && elf.dynamic().get().exports();
        if (soname.isEmpty() && !exports) {
            // No library has an entry point and neither name, needs nor exports; hand-made
            // static-pie programs are so.
            return new Linkage.Static(true);
        }
        // Some distributions' musl loader has no name of its own.
        return soname.isEmpty() || LOADER_NAME.matcher(soname).matches()
                ? new Linkage.Loader(soname)
                : new Linkage.SharedLibrary(needed);
    }
}
