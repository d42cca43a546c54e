package rookery.cli.view;

import static org.assertj.core.api.Assertions.assertThat;
import static rookery.cli.view.Steps.T0;
import static rookery.cli.view.Steps.failed;
import static rookery.cli.view.Steps.in;
import static rookery.cli.view.Steps.recalled;
import static rookery.cli.view.Steps.running;
import static rookery.cli.view.Steps.waiting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final String AMD64 = "linux/amd64";
    private static final String ARM64 = "linux/arm64";
    private static final Step MODULES = waiting("modules", "modules", "");
    private static final Step RESOLVE =
            waiting("resolve/x86_64-unknown-linux-musl", "resolve", AMD64);
    private static final Step ZLIB =
            waiting("package/x86_64-unknown-linux-musl/sys-libs/zlib-1.3.1", "package", AMD64);
    private static final Step CURL =
            waiting("package/x86_64-unknown-linux-musl/net-misc/curl-8.5.0", "package", AMD64);
    private static final Step GO_AMD64 = waiting("go-build/app/linux/amd64", "go-build", AMD64);
    private static final Step GO_ARM64 = waiting("go-build/app/linux/arm64", "go-build", ARM64);
    private static final Step ASSEMBLE = waiting("assemble/ghcr.io_acme_app", "assemble", "");

    private static final LiveTable TABLE = new LiveTable(Style.PLAIN);

    private static Job job(Step... steps) {
        return new Job("j7", "app", Job.State.RUNNING, List.of(steps));
    }

    private static List<String> table(Job job, int width, int height) {
        return TABLE.lines(job, T0.plusSeconds(75), Duration.ofSeconds(75), width, height);
    }

    @Test
    void theTableShowsPlatformsByKindsWithTimes() {
        Job job =
                job(
                        in(MODULES, Step.State.DONE, 0, 2),
                        in(RESOLVE, Step.State.DONE, 0, 3),
                        recalled(ZLIB),
                        running(CURL, 5, "compile"),
                        GO_AMD64,
                        running(GO_ARM64, 70, ""),
                        ASSEMBLE);
        assertThat(table(job, 100, 40))
                .containsExactly(
                        "app  j7  3 of 7 steps  1m 15s",
                        "             resolve       package       go-build",
                        "linux/amd64  ✓ 3.0s        1/2 1m 15s    ·",
                        "linux/arm64                              5.0s",
                        "modules ✓ 2.0s   assemble ·",
                        "  package net-misc/curl-8.5.0 (linux/amd64)  1m 10s  compile",
                        "  go-build app (linux/arm64)  5.0s");
    }

    @Test
    void noLineIsWiderThanTheTerminalAndNoTableTaller() {
        var steps = new ArrayList<Step>();
        for (int i = 0; i < 60; i++) {
            String platform = "linux/cpu" + i;
            steps.add(
                    running(
                            waiting("go-build/程序-" + i + "/" + platform, "go-build", platform),
                            i,
                            "detail ".repeat(30)));
        }
        Job job = new Job("j7", "app", Job.State.RUNNING, steps);
        for (int width = 1; width < 130; width++) {
            for (int height : new int[] {1, 2, 5, 12, 24, 100}) {
                List<String> lines = table(job, width, height);
                assertThat(lines).hasSizeLessThanOrEqualTo(Math.max(1, Math.min(height, 40) - 1));
                int widest = width;
                assertThat(lines)
                        .allSatisfy(l -> assertThat(Line.columns(l)).isLessThanOrEqualTo(widest));
            }
        }
        assertThat(table(job, 80, 24)).anySatisfy(l -> assertThat(l).startsWith("… and "));
    }

    @Test
    void aFailedStepKeepsItsLastLinesOnTheScreen() {
        Job job =
                job(
                        failed(
                                CURL,
                                0,
                                9,
                                "curl does not compile",
                                "1",
                                "2",
                                "3",
                                "4",
                                "5",
                                "6",
                                "7"),
                        GO_ARM64);
        assertThat(table(job, 80, 24))
                .contains(
                        "linux/amd64  ✗",
                        "✗ package net-misc/curl-8.5.0 (linux/amd64): curl does not compile",
                        "    7")
                .doesNotContain("    1");
    }

    @Test
    void aWaitingJobSaysWhatItWaitsFor() {
        Step step =
                new Step(
                        "modules",
                        "modules",
                        "",
                        Step.State.READY,
                        "no agent is free",
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        "");
        assertThat(table(job(step), 80, 24)).contains("  modules waits: no agent is free");
    }

    @Test
    void coloursOnlyRepeatWhatTheWordsSay() {
        Job job = job(in(GO_AMD64, Step.State.DONE, 0, 1), failed(GO_ARM64, 0, 1, "x"));
        List<String> coloured =
                new LiveTable(new Style(true, true))
                        .lines(job, T0.plusSeconds(75), Duration.ofSeconds(75), 80, 24);
        assertThat(
                        coloured.stream()
                                .map(l -> l.replaceAll("\u001b\\[[0-9;]*m", ""))
                                .map(String::stripTrailing))
                .containsExactlyElementsOf(table(job, 80, 24));
        assertThat(String.join("", coloured)).contains("\u001b[32m✓");
        assertThat(
                        new LiveTable(new Style(false, false))
                                .lines(job, T0.plusSeconds(75), Duration.ofSeconds(75), 80, 24))
                .allSatisfy(l -> assertThat(l).matches("\\p{ASCII}*"));
    }

    @Test
    void onlyChangedLinesAreRedrawn() {
        assertThat(Redraw.of(List.of(), List.of("a", "b")))
                .isEqualTo("\u001b[?7l\r\u001b[2Ka\r\n\r\u001b[2Kb\r\n\u001b[?7h");
        assertThat(Redraw.of(List.of("a", "b", "c"), List.of("a", "x", "c")))
                .isEqualTo("\u001b[?7l\u001b[3A\r\n\r\u001b[2Kx\r\n\r\n\u001b[?7h");
        assertThat(Redraw.of(List.of("a", "b"), List.of("a")))
                .isEqualTo("\u001b[?7l\u001b[2A\r\n\u001b[J\u001b[?7h");
        assertThat(Redraw.of(List.of("a"), List.of("a"))).isEmpty();
        assertThat(Redraw.of(List.of("a"), List.of()))
                .isEqualTo("\u001b[?7l\u001b[1A\u001b[J\u001b[?7h");
    }

    @Test
    void aTerminalThatFollowsTheRedrawsShowsThePicture() {
        var random = new java.util.Random(7);
        var screen = new ArrayList<String>();
        List<String> picture = List.of();
        for (int i = 0; i < 200; i++) {
            var next = new ArrayList<String>();
            for (int l = random.nextInt(6); l > 0; l--) next.add("line " + random.nextInt(3));
            play(Redraw.of(picture, next), picture.size(), screen);
            picture = next;
            assertThat(screen).containsExactlyElementsOf(picture);
        }
    }

    /// The few sequences that are written, as a terminal takes them.
    private static void play(String written, int cursor, List<String> screen) {
        var parts =
                java.util.regex.Pattern.compile(
                                "\u001b\\[(\\?7[lh]|2K|J|\\d+A)|\r|\n|[^\u001b\r\n]+")
                        .matcher(written);
        int row = cursor;
        while (parts.find()) {
            String part = parts.group();
            if (part.endsWith("A") && part.startsWith("\u001b")) {
                row -= Integer.parseInt(part.substring(2, part.length() - 1));
            } else if (part.equals("\n")) {
                if (row == screen.size()) screen.add("");
                row++;
            } else if (part.equals("\u001b[J")) {
                while (screen.size() > row) screen.removeLast();
            } else if (!part.startsWith("\u001b") && !part.equals("\r")) {
                if (row == screen.size()) screen.add("");
                screen.set(row, part);
            }
        }
    }

    @Test
    void plainLinesTellEachChangeOnce() {
        Job first = job(running(MODULES, 0, ""), CURL, GO_AMD64);
        Job second =
                job(
                        in(MODULES, Step.State.DONE, 0, 2),
                        recalled(CURL),
                        failed(GO_AMD64, 0, 1, "it\u001b[2J broke"));
        assertThat(PlainLines.between(Optional.empty(), first, T0, Duration.ZERO))
                .containsExactly("    0.0s  modules  started");
        assertThat(PlainLines.between(Optional.of(first), second, T0, Duration.ofSeconds(12)))
                .containsExactly(
                        "     12s  modules  done in 2.0s",
                        "     12s  linux/amd64  package net-misc/curl-8.5.0  recalled",
                        "     12s  linux/amd64  go-build app  failed: it?[2J broke");
        assertThat(PlainLines.between(Optional.of(second), second, T0, Duration.ZERO)).isEmpty();
    }

    @Test
    void foreignTextLosesWhatCouldMoveTheCursor() {
        assertThat(Harmless.line("a\u001b[31mb\rc\u0007\u202ed\te\nf\u009b"))
                .isEqualTo("a?[31mb?c??d    e f?");
        assertThat(Harmless.line("ünïcödé 程序 🙂 \ud800")).isEqualTo("ünïcödé 程序 🙂 ?");
        assertThat(Harmless.brief("  0123456789  ", 6)).isEqualTo("01234…");
    }

    @Test
    void timesAndSizesReadAsPeopleSayThem() {
        assertThat(
                        List.of(400L, 9_949L, 12_345L, 185_000L, 3_720_000L).stream()
                                .map(Duration::ofMillis)
                                .map(Times::brief))
                .containsExactly("0.4s", "9.9s", "12s", "3m 05s", "1h 02m");
        assertThat(List.of(0L, 1023L, 1024L, 3_250_586L, 5_000_000_000L).stream().map(Times::size))
                .containsExactly("0 B", "1023 B", "1.0 KiB", "3.1 MiB", "4.7 GiB");
    }

    @Test
    void theFarmsOwnTimeIsWhenNothingWasAtWork() {
        List<Step> steps =
                List.of(
                        in(MODULES, Step.State.DONE, 1, 4),
                        in(RESOLVE, Step.State.DONE, 2, 3),
                        in(CURL, Step.State.DONE, 3, 8),
                        in(GO_AMD64, Step.State.DONE, 9, 20),
                        recalled(ZLIB));
        OwnTime time = OwnTime.of(steps, T0, T0.plusSeconds(22));
        assertThat(time.own()).isEqualTo(Duration.ofSeconds(1 + 1 + 2));
        assertThat(time.sentence()).isEqualTo("4.0s of 22s (18.2 %) was the farm's own time");
        assertThat(OwnTime.of(List.of(), T0, T0).sentence()).contains("(0.0 %)");
        assertThat(OwnTime.of(steps, T0, T0.plusSeconds(10)).own())
                .isEqualTo(Duration.ofSeconds(2));
    }
}
