package rookery.elf;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import rookery.elf.golang.GoBuildInfo;

/// What Go's build information says against a program.
final class GoRules {
    private static final Pattern AMD64_LEVEL = Pattern.compile("v([1-4])");
    private static final Pattern ARM_LEVEL = Pattern.compile("([5-7])(?:,.*)?");
    private static final Pattern ARM64_BASELINE = Pattern.compile("v8\\.0(,crypto)?");
    private static final Pattern RISCV64_BASELINE = Pattern.compile("rva20u64");
    private static final Pattern PPC64_BASELINE = Pattern.compile("power8");

    private GoRules() {}

    static void judge(Report report, Expectation expectation, List<Finding> findings) {
        report.go().ifPresent(go -> judge(report, go, expectation, findings));
    }

    private static void judge(
            Report report, GoBuildInfo go, Expectation expectation, List<Finding> findings) {
        if (expectation.cgo()) {
            if (go.setting("CGO_ENABLED").equals(Optional.of("0"))) {
                findings.add(
                        Finding.fail(
                                "cgo-off",
                                "Go's build information says CGO_ENABLED=0, but C code is asked for",
                                "build with CGO_ENABLED=1 and a C compiler in CC"));
            } else if (report.libc().kind() == Libc.Kind.GO) {
                findings.add(
                        Finding.fail(
                                "cgo-off",
                                "CGO_ENABLED=1, but no C code was linked in",
                                "see that build tags or GOFLAGS do not leave out the files that import \"C\""));
            }
        }
        level(go, expectation.target(), findings);
    }

    private static void level(GoBuildInfo go, Target target, List<Finding> findings) {
        switch (target.arch()) {
            case AMD64 ->
                    number(go, "GOAMD64", AMD64_LEVEL)
                            .filter(level -> level > target.level())
                            .ifPresent(level ->
                                    findings.add(
                                            above(
                                                    "GOAMD64=v" + level,
                                                    target,
                                                    "GOAMD64=v" + target.level())));
            case ARM ->
                    number(go, "GOARM", ARM_LEVEL)
                            .filter(level -> level > target.level())
                            .ifPresent(level ->
                                    findings.add(
                                            above(
                                                    "GOARM=" + level,
                                                    target,
                                                    "GOARM=" + target.level())));
            case ARM64 -> baseline(go, "GOARM64", ARM64_BASELINE, "v8.0", target, findings);
            case RISCV64 ->
                    baseline(go, "GORISCV64", RISCV64_BASELINE, "rva20u64", target, findings);
            case PPC64, PPC64LE ->
                    baseline(go, "GOPPC64", PPC64_BASELINE, "power8", target, findings);
            case I386, S390X, LOONG64, MIPS64, MIPS64LE, MIPS, MIPSLE, RISCV32, PPC -> {}
        }
    }

    /// 1 to 4, or 0 where Go says nothing.
    static int amd64Level(Optional<GoBuildInfo> go) {
        return go.flatMap(g -> number(g, "GOAMD64", AMD64_LEVEL)).orElse(0);
    }

    private static Optional<Integer> number(GoBuildInfo go, String key, Pattern pattern) {
        return go.setting(key)
                .map(pattern::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(matcher -> Integer.parseInt(matcher.group(1)));
    }

    private static void baseline(
            GoBuildInfo go,
            String key,
            Pattern allowed,
            String usual,
            Target target,
            List<Finding> findings) {
        go.setting(key)
                .filter(value -> !allowed.matcher(value).matches())
                .ifPresent(
                        value -> findings.add(above(key + "=" + value, target, key + "=" + usual)));
    }

    private static Finding above(String setting, Target target, String cure) {
        return Finding.fail(
                "cpu-level",
                "built with %s, but %s is asked for".formatted(setting, target),
                "build with " + cure);
    }
}
