package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.elf.golang.GoBuildInfo;
import rookery.elf.pe.PeFile;

/// Tells which C library a program contains or wants.
final class LibcFinder {
    private static final String GLIBC = "GLIBC_";

    private LibcFinder() {}

    static Libc of(ElfFile elf, Optional<Contents> contents, Optional<GoBuildInfo> go) {
        Optional<Libc> wanted = wanted(elf);
        if (wanted.isPresent()) {
            return wanted.get();
        }
        if (contents.isPresent()) {
            return contained(elf, contents.get(), go);
        }
        return go.isPresent()
                ? Libc.of(Libc.Kind.GO, "Go build information, and no C library is named")
                : Libc.of(Libc.Kind.NONE);
    }

    static Libc of(PeFile pe, Optional<GoBuildInfo> go) {
        List<String> runtimes = pe.imports().stream().filter(PeRules::isCRuntime).toList();
        if (!runtimes.isEmpty()) {
            return new Libc(
                    Libc.Kind.MSVCRT,
                    true,
                    Optional.empty(),
                    runtimes.stream().map(dll -> "imports " + dll).toList());
        }
        return go.isPresent()
                ? Libc.of(Libc.Kind.GO, "Go build information, and no C runtime is imported")
                : Libc.of(Libc.Kind.NONE);
    }

    private static Optional<Libc> wanted(ElfFile elf) {
        List<String> evidence = new ArrayList<>();
        String interpreter = elf.interpreter().orElse("");
        boolean musl = interpreter.contains("/ld-musl-");
        if (musl) {
            evidence.add("loader " + interpreter);
        }
        boolean glibc = false;
        for (String library : elf.needed()) {
            if (library.startsWith("libc.musl-") || (musl && library.equals("libc.so"))) {
                musl = true;
                evidence.add("needs " + library);
            } else if (library.equals("libc.so.6") || library.startsWith("ld-linux")) {
                glibc = true;
                evidence.add("needs " + library);
            }
        }
        Optional<String> newest =
                newest(elf.dynamic().map(Dynamic::versionNeeds).orElse(List.of()));
        if (newest.isPresent()) {
            glibc = true;
            evidence.add("wants symbols of " + newest.get());
        }
        if (musl) {
            return Optional.of(
                    new Libc(Libc.Kind.MUSL, true, Optional.empty(), List.copyOf(evidence)));
        }
        if (glibc) {
            return Optional.of(
                    new Libc(
                            Libc.Kind.GLIBC,
                            true,
                            newest.map(v -> v.substring(GLIBC.length())),
                            List.copyOf(evidence)));
        }
        return elf.needed().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Libc(
                                Libc.Kind.UNKNOWN,
                                false,
                                Optional.empty(),
                                List.of("needs " + String.join(", ", elf.needed()))));
    }

    private static Optional<String> newest(List<Dynamic.VersionNeed> needs) {
        String newest = "";
        long highest = -1;
        for (Dynamic.VersionNeed need : needs) {
            String version = need.version();
            if (version.startsWith(GLIBC) && !version.equals(newest)) {
                long rank = sortable(version);
                if (rank > highest) {
                    highest = rank;
                    newest = version;
                }
            }
        }
        return newest.isEmpty() ? Optional.empty() : Optional.of(newest);
    }

    private static Libc contained(ElfFile elf, Contents contents, Optional<GoBuildInfo> go) {
        boolean cgo = hasCgo(contents);
        if (go.isPresent() && !cgo) {
            return Libc.of(Libc.Kind.GO, "Go build information, and no code of runtime/cgo");
        }
        List<String> glibc = new ArrayList<>();
        note(glibc, contents, Mark.GLIBC);
        if (contents.hasSection("__libc_")) {
            glibc.add("sections __libc_*");
        }
        if (contents.contains("__libc_setup_tls")) {
            glibc.add("symbol __libc_setup_tls");
        }
        boolean abiTag =
                elf.notes().stream().anyMatch(n -> n instanceof Note.AbiTag tag && tag.isLinux());
        if (!glibc.isEmpty()) {
            if (abiTag) {
                glibc.add("GNU ABI tag");
            }
            return new Libc(Libc.Kind.GLIBC, true, Optional.empty(), List.copyOf(glibc));
        }
        List<String> musl = new ArrayList<>();
        note(musl, contents, Mark.MUSL_ERRORS);
        note(musl, contents, Mark.MUSL_LOADER);
        note(musl, contents, Mark.MUSL_DLOPEN);
        if (contents.contains("__init_libc")) {
            musl.add("symbol __init_libc");
        }
        if (!musl.isEmpty()) {
            return new Libc(Libc.Kind.MUSL, true, Optional.empty(), List.copyOf(musl));
        }
        if (cgo) {
            return new Libc(
                    Libc.Kind.MUSL,
                    false,
                    Optional.empty(),
                    List.of("code of runtime/cgo, and no mark of glibc"));
        }
        if (contents.has(Mark.NULL_DEVICE)) {
            return new Libc(
                    Libc.Kind.MUSL,
                    false,
                    Optional.empty(),
                    List.of("start-up code that opens /dev/null, and no mark of glibc"));
        }
        return Libc.of(Libc.Kind.NONE, "no mark of a C library");
    }

    static boolean hasCgo(Contents contents) {
        return contents.has(Mark.CGO) || contents.contains("x_cgo_init");
    }

    private static void note(List<String> evidence, Contents contents, Mark mark) {
        if (contents.has(mark)) {
            evidence.add("text of " + mark + " at byte " + contents.marks().get(mark));
        }
    }

    /// GLIBC_2.4 is older than GLIBC_2.34: numbers, not texts. -1 for what is no version, such as
    /// GLIBC_PRIVATE.
    private static long sortable(String version) {
        int dot = version.indexOf('.', GLIBC.length());
        if (dot < 0) {
            return -1;
        }
        int next = version.indexOf('.', dot + 1);
        long major = number(version, GLIBC.length(), dot);
        long minor = number(version, dot + 1, next < 0 ? version.length() : next);
        return major < 0 || minor < 0 ? -1 : major * 1_000_000 + minor;
    }

    private static long number(String text, int start, int end) {
        if (start == end || end - start > 6) {
            return -1;
        }
        long number = 0;
        for (int i = start; i < end; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }
}
