package rookery.elf;

import java.util.List;

/// The short words of all findings: they are a contract with rules files and with readers of JSON.
public final class FindingId {
    public static final List<String> ALL =
            List.of(
                    "bad-entry",
                    "bad-segment",
                    "bti",
                    "cgo-off",
                    "cpu-level",
                    "denied-library",
                    "exec-stack",
                    "false-ident",
                    "float-abi",
                    "foreign-dll",
                    "glibc-dlopen",
                    "glibc-iconv",
                    "glibc-locale",
                    "glibc-nss",
                    "go-certificates",
                    "ifunc",
                    "interp",
                    "kernel-floor",
                    "leaked-path",
                    "load-alignment",
                    "musl-dlopen",
                    "needed",
                    "needed-without-interp",
                    "no-canary",
                    "no-fortify",
                    "no-load",
                    "no-nx",
                    "no-pie",
                    "no-relro",
                    "not-a-program",
                    "not-as-required",
                    "not-executable",
                    "packed",
                    "partial-relro",
                    "runpath",
                    "rwx",
                    "shell",
                    "textrel",
                    "time-zone",
                    "too-many-segments",
                    "truncated",
                    "undefined-symbol",
                    "unread-section",
                    "unreadable",
                    "wrong-class",
                    "wrong-endianness",
                    "wrong-format",
                    "wrong-machine",
                    "wrong-os");

    private FindingId() {}
}
