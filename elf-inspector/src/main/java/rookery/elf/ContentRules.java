package rookery.elf;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a static program contains that an empty root disappoints: found by symbols, and by strings
/// where it is stripped.
final class ContentRules {
    private static final int MAX_LISTED = 3;

    private ContentRules() {}

    static void judge(Report report, Contents contents, List<Finding> findings) {
        if (contents.packed() >= 0) {
            findings.add(
                    Finding.warn(
                            "packed",
                            "packed by UPX (mark at byte %d): what it contains cannot be seen"
                                    .formatted(contents.packed()),
                            "publish the file as it was before packing"));
        }
        switch (report.libc().kind()) {
            case GLIBC -> {
                glibc(contents, findings);
                anyLibc(contents, findings);
            }
            case MUSL -> {
                musl(contents, findings);
                anyLibc(contents, findings);
            }
            case GO, MSVCRT, UNKNOWN, NONE -> {}
        }
        if (report.go().isPresent()) {
            go(contents, findings);
        }
        leaks(contents, findings);
        unread(contents, findings);
    }

    private static void glibc(Contents contents, List<Finding> findings) {
        SortedSet<String> lookups = new TreeSet<>();
        for (String symbol : contents.symbols().telling().keySet()) {
            if (symbol.startsWith("get")) {
                lookups.add(symbol);
            }
        }
        if (!lookups.isEmpty() || contents.has(Mark.GLIBC_NSS)) {
            findings.add(
                    Finding.warn(
                            "glibc-nss",
                            lookups.isEmpty()
                                    ? "glibc's name service code at byte "
                                            + contents.marks().get(Mark.GLIBC_NSS)
                                    : "glibc's " + String.join(", ", lookups),
                            "hosts need /etc/hosts and /etc/resolv.conf, users /etc/passwd, groups /etc/group; or build against musl, or with -tags netgo,osusergo"));
        }
        if (contents.contains("iconv_open")) {
            findings.add(
                    Finding.warn(
                            "glibc-iconv",
                            "glibc's iconv_open is linked in; most character sets are in files that an empty root has not",
                            "build against musl or libiconv, which have them built in"));
        }
        Long dlopen = contents.called().get("dlopen");
        if (dlopen != null) {
            findings.add(
                    Finding.warn(
                            "glibc-dlopen",
                            "the code at 0x%x calls dlopen, which needs the very glibc of the build as shared libraries"
                                    .formatted(dlopen),
                            "build what would be loaded into the program"));
        }
        Long setlocale = contents.called().get("setlocale");
        if (setlocale != null) {
            findings.add(
                    Finding.warn(
                            "glibc-locale",
                            "the code at 0x%x calls setlocale; without /usr/lib/locale there is only the C locale"
                                    .formatted(setlocale),
                            "add the locale's files, or set LC_ALL=C.UTF-8, which is built in"));
        }
    }

    private static void musl(Contents contents, List<Finding> findings) {
        if (contents.has(Mark.MUSL_DLOPEN)) {
            findings.add(
                    Finding.warn(
                            "musl-dlopen",
                            "musl's dlopen for static programs is linked in (text at byte %d); it always fails"
                                    .formatted(contents.marks().get(Mark.MUSL_DLOPEN)),
                            "build what would be loaded into the program"));
        }
    }

    private static void anyLibc(Contents contents, List<Finding> findings) {
        if (contents.has(Mark.LOCAL_TIME)) {
            findings.add(
                    Finding.warn(
                            "time-zone",
                            "localtime is linked in (text at byte %d); without /etc/localtime and zoneinfo all times are UTC"
                                    .formatted(contents.marks().get(Mark.LOCAL_TIME)),
                            "add /usr/share/zoneinfo, or mean UTC"));
        }
        if (contents.has(Mark.SHELL)) {
            findings.add(
                    Finding.warn(
                            "shell",
                            "runs /bin/sh (text at byte %d), which an empty root has not"
                                    .formatted(contents.marks().get(Mark.SHELL)),
                            "avoid system() and popen(), or add a static shell"));
        }
    }

    private static void go(Contents contents, List<Finding> findings) {
        if (contents.has(Mark.GO_CERTIFICATES)) {
            findings.add(
                    Finding.warn(
                            "go-certificates",
                            "checks TLS certificates against the system's (crypto/x509); an empty root has none",
                            "add ca-certificates to the image, or import golang.org/x/crypto/x509roots/fallback"));
        }
        if (contents.has(Mark.GO_TIME_ZONE) && !contents.has(Mark.GO_OWN_TIME_ZONES)) {
            findings.add(
                    Finding.warn(
                            "time-zone",
                            "calls time.LoadLocation, which an empty root answers with an error",
                            "build with -tags timetzdata, or add /usr/share/zoneinfo"));
        }
    }

    private static void leaks(Contents contents, List<Finding> findings) {
        List<Leak> leaks = contents.leaks();
        if (!leaks.isEmpty()) {
            List<String> paths = leaks.stream().limit(MAX_LISTED).map(Leak::describe).toList();
            findings.add(
                    Finding.warn(
                            "leaked-path",
                            "holds paths of the machine that built it: "
                                    + String.join(", ", paths)
                                    + (leaks.size() > MAX_LISTED ? " and others" : ""),
                            "build with -trimpath and -ffile-prefix-map, and strip"));
        }
    }

    /// Sections in a form that is not unpacked at all are only named: nothing is wrong with them.
    private static void unread(Contents contents, List<Finding> findings) {
        List<String> odd =
                contents.origins().compressed().stream()
                        .filter(ContentRules::isOdd)
                        .map(CompressedSection::describe)
                        .toList();
        if (!odd.isEmpty()) {
            findings.add(
                    Finding.warn(
                            "unread-section",
                            "holds packed sections that cannot be looked into: "
                                    + String.join(
                                            "; ", odd.subList(0, Math.min(MAX_LISTED, odd.size())))
                                    + (odd.size() > MAX_LISTED ? " and others" : ""),
                            "strip the debug information, or build the file again"));
        }
    }

    private static boolean isOdd(CompressedSection section) {
        return switch (section.state()) {
            case CompressedSection.State.Read _ -> false;
            case CompressedSection.State.Unread _ ->
                    section.method().equals(CompressedSections.ZLIB);
            case CompressedSection.State.Damaged _ -> true;
        };
    }
}
