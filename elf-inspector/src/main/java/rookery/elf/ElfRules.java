package rookery.elf;

import java.util.List;
import java.util.Optional;

/// Is it static, and will the kernel take it? Every rule here was seen to decide in an empty root.
final class ElfRules {
    private static final long KERNEL_PAGE_BYTES = 0x1000;

    /// No architecture gives a program more than 2^57 bytes of addresses.
    private static final long MAX_SEGMENT_BYTES = 1L << 57;

    private static final long MAX_PROGRAM_HEADER_BYTES = 65_536;

    private static final int EXECUTE_BITS = 0111;

    private static final int MAX_LISTED = 8;

    private ElfRules() {}

    static void judge(Report report, Report.Elf elf, List<Finding> findings) {
        linkage(report.linkage(), findings);
        segments(elf.file(), report.sizeBytes(), findings);
        textRelocations(report.linkage(), elf.file(), findings);
        permission(report, findings);
        elf.contents()
                .ifPresent(contents -> {
                    missing(report.linkage(), contents, findings);
                    ifuncs(report, contents, findings);
                    landingPads(contents, findings);
                });
    }

    private static void linkage(Linkage linkage, List<Finding> findings) {
        switch (linkage) {
            case Linkage.Dynamic(_, List<String> needed, String interpreter) -> {
                findings.add(interpreter(interpreter, true));
                needed.forEach(library -> findings.add(needs(library)));
            }
            case Linkage.InterpOnly(String interpreter) ->
                    findings.add(interpreter(interpreter, false));
            case Linkage.NeededNoInterp(List<String> needed) -> {
                findings.add(
                        Finding.fail(
                                "needed-without-interp",
                                "names libraries but no loader that would find them; it crashes when it starts",
                                "link without --no-dynamic-linker, or statically"));
                needed.forEach(library -> findings.add(needs(library)));
            }
            case Linkage.Static _,
                    Linkage.SharedLibrary _,
                    Linkage.Loader _,
                    Linkage.Relocatable _,
                    Linkage.DebugOnly _,
                    Linkage.Core _,
                    Linkage.OtherElf _,
                    Linkage.Archive _,
                    Linkage.PeExe _,
                    Linkage.PeDll _,
                    Linkage.MachO _,
                    Linkage.Script _,
                    Linkage.None _,
                    Linkage.Unreadable _ -> {}
        }
    }

    private static Finding interpreter(String path, boolean withLibraries) {
        String cure =
                withLibraries
                        ? "link with -linkmode external -extldflags -static"
                        : "leave out -buildmode=pie or -static-pie (some compilers name a loader for it), and link with -extldflags -static";
        return Finding.fail(
                "interp",
                "asks the kernel for the loader " + path + ", which an empty root has not",
                cure);
    }

    private static Finding needs(String library) {
        return Finding.fail("needed", "needs " + library, Cures.forLibrary(library));
    }

    private static void segments(ElfFile file, long sizeBytes, List<Finding> findings) {
        List<Extent> loads = file.loads();
        if (loads.isEmpty()) {
            findings.add(
                    Finding.fail(
                            "no-load",
                            "no PT_LOAD segment: there is nothing to map",
                            "build the file again"));
            return;
        }
        ElfHeader.Table headers = file.header().programHeaders();
        if (headers.count() * headers.entryBytes() > MAX_PROGRAM_HEADER_BYTES) {
            findings.add(
                    Finding.fail(
                            "too-many-segments",
                            headers.count()
                                    + " program headers; the kernel takes at most 64 KiB of them",
                            "link without a linker script that makes so many"));
        }
        for (Extent load : loads) {
            segment(load, sizeBytes).ifPresent(findings::add);
        }
        if (!file.entryIsExecutable() && loads.stream().noneMatch(l -> l.isCutIn(sizeBytes))) {
            findings.add(
                    Finding.fail(
                            "bad-entry",
                            "the entry point 0x%x is not in executable code"
                                    .formatted(file.header().entry()),
                            "build the file again; see that the linker finds _start"));
        }
    }

    private static Optional<Finding> segment(Extent load, long sizeBytes) {
        if (load.isCutIn(sizeBytes)) {
            return Optional.of(
                    Finding.fail(
                            "truncated",
                            "a segment of %s bytes at byte %s does not fit into a file of %d"
                                    .formatted(
                                            Long.toUnsignedString(load.fileBytes()),
                                            Long.toUnsignedString(load.offset()),
                                            sizeBytes),
                            "copy the file again: it was cut"));
        }
        if (Long.compareUnsigned(load.fileBytes(), load.memoryBytes()) > 0
                || Long.compareUnsigned(load.memoryBytes(), MAX_SEGMENT_BYTES) > 0
                || ((load.address() - load.offset()) & (KERNEL_PAGE_BYTES - 1)) != 0) {
            return Optional.of(
                    Finding.fail(
                            "bad-segment",
                            "the segment at byte %d cannot be mapped: address 0x%x, %s bytes in the file, %s in memory"
                                    .formatted(
                                            load.offset(),
                                            load.address(),
                                            Long.toUnsignedString(load.fileBytes()),
                                            Long.toUnsignedString(load.memoryBytes())),
                            "build the file again"));
        }
        return Optional.empty();
    }

    /// The kernel refuses to start it, whoever asks. A copy may get the bit again, so it is no
    /// refusal.
    private static void permission(Report report, List<Finding> findings) {
        if (report.mode().isPresent() && (report.mode().getAsInt() & EXECUTE_BITS) == 0) {
            findings.add(
                    Finding.warn(
                            "not-executable",
                            "nobody may execute it (mode 0%03o)"
                                    .formatted(report.mode().getAsInt()),
                            "chmod +x; in an image's build file COPY --chmod=755"));
        }
    }

    /// The start-up code of a static-pie program relocates it without making its code writable
    /// first, so it crashes; a loader, or a program at fixed addresses, gets by.
    private static void textRelocations(Linkage linkage, ElfFile file, List<Finding> findings) {
        if (file.dynamic().map(Dynamic::hasTextRelocations).orElse(false)) {
            String evidence = "code must be changed while it is loaded (DT_TEXTREL)";
            String cure = "compile all objects with -fPIE, and drop -z notext";
            findings.add(
                    linkage.equals(new Linkage.Static(true))
                            ? Finding.fail("textrel", evidence, cure)
                            : Finding.warn("textrel", evidence, cure));
        }
    }

    /// An IFUNC asks its own code, at the start, which implementation to use. Only glibc's start-up
    /// code of static programs does ask; musl's leaves the address of the question in place of the
    /// answer, and the program calls the wrong function.
    private static void ifuncs(Report report, Contents contents, List<Finding> findings) {
        long count = contents.relocations().irelative();
        if (count > 0
                && report.linkage() instanceof Linkage.Static
                && report.libc().kind() != Libc.Kind.GLIBC) {
            findings.add(
                    Finding.fail(
                            "ifunc",
                            "%d IFUNC relocations, and no start-up code that resolves them"
                                    .formatted(count),
                            "compile without __attribute__((ifunc)) and target_clones, or link against glibc"));
        }
    }

    private static void landingPads(Contents contents, List<Finding> findings) {
        contents.unguarded()
                .ifPresent(function ->
                        findings.add(
                                Finding.fail(
                                        "bti",
                                        "claims BTI, but the function at 0x%x, which is called through a pointer before main, begins with no landing pad: CPUs with BTI end it there"
                                                .formatted(function),
                                        "compile every object with -mbranch-protection=standard, or drop -z force-bti")));
    }

    /// Strong undefined symbols. lld keeps them in the symbol table; GNU ld does so only with
    /// --emit-relocs, and without it the file does not show that a call leads nowhere.
    private static void missing(Linkage linkage, Contents contents, List<Finding> findings) {
        List<String> names = contents.symbols().missing();
        if (linkage instanceof Linkage.Static && !names.isEmpty()) {
            findings.add(
                    Finding.fail(
                            "undefined-symbol",
                            "nothing defines "
                                    + String.join(
                                            ", ",
                                            names.subList(0, Math.min(MAX_LISTED, names.size())))
                                    + (names.size() > MAX_LISTED ? " and others" : ""),
                            "link the library that defines it, and drop --unresolved-symbols"));
        }
    }
}
