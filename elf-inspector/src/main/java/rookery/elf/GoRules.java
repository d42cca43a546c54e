package rookery.elf;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import rookery.elf.golang.GoBuildInfo;

/// What Go's build information says against a program.
final class GoRules {
    private static final Pattern LEVEL = Pattern.compile("v([1-4])");

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
        go.setting("GOAMD64")
                .map(LEVEL::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(matcher -> Integer.parseInt(matcher.group(1)))
                .filter(level -> level > expectation.target().level())
                .ifPresent(level ->
                        findings.add(
                                Finding.fail(
                                        "cpu-level",
                                        "built with GOAMD64=v%d, but %s is asked for"
                                                .formatted(level, expectation.target()),
                                        "build with GOAMD64=v" + expectation.target().level())));
    }
}
