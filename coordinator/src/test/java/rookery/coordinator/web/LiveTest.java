package rookery.coordinator.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.web.page.LogLine;
import rookery.coordinator.web.page.LogTail;
import rookery.coordinator.web.page.Route;
import rookery.model.JobId;
import rookery.model.StepId;

class LiveTest {
    private static final StepRef STEP =
            new StepRef(new JobId("j81d20e44"), new StepId(Scenes.OPENSSL));
    private static final String GO = "go-build/app/linux/amd64";

    @TempDir Path dir;
    private final PlayedFarm played = Scenes.busy();
    private final Site site =
            new Site(
                    played::farm,
                    DashboardMain.memoryOnly(played.farm()),
                    LogSource.files(_ -> dir.resolve("log")));
    private final Live live = new Live(site, new Templates(new Assets()), played::now);

    @Test
    void aHundredChangesBetweenTwoRoundsAreOneEventWithTheLast() {
        var browser = new Browser();
        live.add(browser.at(new Route.OneJob(STEP.job())));
        live.round();
        browser.sent.clear();
        for (int i = 0; i < 100; i++) played.phase(GO, "package " + i);
        live.round();
        assertThat(browser.sent).hasSize(1);
        assertThat(browser.events()).containsExactly("matrix");
        assertThat(browser.sent.getFirst()).contains("package 99").doesNotContain("package 98");
    }

    @Test
    void nothingIsSentWhenNothingChangedSaveForABeatNowAndThen() {
        var browser = new Browser();
        live.add(browser.at(new Route.Agents()));
        live.round();
        browser.sent.clear();
        for (int i = 0; i < 60; i++) {
            played.pass(Duration.ofSeconds(1));
            live.round();
        }
        assertThat(browser.sent).containsExactly(": still here\n\n");
    }

    @Test
    void aSlowBrowserIsSentTheNewestOnceItReadsAgain() {
        var browser = new Browser();
        live.add(browser.at(new Route.OneJob(STEP.job())));
        live.round();
        browser.sent.clear();
        browser.full = true;
        played.phase(GO, "first");
        live.round();
        played.phase(GO, "second");
        live.round();
        assertThat(browser.sent).isEmpty();
        browser.full = false;
        live.round();
        assertThat(browser.sent).hasSize(1);
        assertThat(browser.sent.getFirst()).contains("second").doesNotContain("first");
    }

    @Test
    void oneBrowserTooManyIsTurnedAway() {
        for (int i = 0; i < Live.CLIENTS; i++)
            assertThat(live.add(new Browser().at(new Route.Agents()))).isTrue();
        assertThat(live.add(new Browser().at(new Route.Agents()))).isFalse();
    }

    @Test
    void aBrowserWhosePageBreaksIsLetGoAndTheOthersGoOn() {
        var broken = new Browser();
        var other = new Browser();
        var unlucky =
                new Live(
                        new Site(
                                () -> {
                                    throw new IllegalStateException("no farm");
                                },
                                site.history(),
                                site.logs()),
                        new Templates(new Assets()),
                        played::now);
        unlucky.add(broken.at(new Route.Agents()));
        unlucky.add(other.at(new Route.Agents()));
        unlucky.round();
        assertThat(broken.ended && other.ended).isTrue();
        assertThat(unlucky.size()).isZero();
    }

    @Test
    void aLogArrivesLineByLineAndOnlyWhatIsNew() throws IOException {
        var reader = new LogFollower(site, STEP, Optional.empty());
        write("one\ntw");
        assertThat(text(reader)).isEqualTo("replace one");
        write("one\ntwo\nthree\n");
        assertThat(text(reader)).isEqualTo("append two three");
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void aLogThatIsBegunAnewReplacesTheOldOne() throws IOException {
        var reader = new LogFollower(site, STEP, Optional.empty());
        write("a long first attempt\n");
        text(reader);
        write("again\n");
        assertThat(text(reader)).isEqualTo("replace again");
    }

    @Test
    void aReaderThatComesBackGoesOnWhereItWas() throws IOException {
        write("one\ntwo\nthree\n");
        var reader = new LogFollower(site, STEP, Optional.of(4L));
        assertThat(text(reader)).isEqualTo("append two three");
    }

    @Test
    void aReaderThatIsFarBehindIsShownTheEnd() throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 40_000; i++) bytes.writeBytes(("line " + i + "\n").getBytes(UTF_8));
        Files.write(dir.resolve("log"), bytes.toByteArray());
        var reader = new LogFollower(site, STEP, Optional.of(0L));
        var news = (LogFollower.News.Replace) reader.next().orElseThrow();
        assertThat(news.tail().from()).isGreaterThan(bytes.size() - LogTail.BYTES);
        assertThat(news.offset()).isEqualTo(bytes.size());
    }

    @Test
    void anEventHasNoLineThatIsNotItsOwn() throws IOException {
        for (String hostile : Hostile.strings()) {
            var browser = new Browser();
            write(hostile + "\n");
            var client =
                    new LiveClient(
                            new Route.OneStep(STEP),
                            browser,
                            Optional.of(new LogFollower(site, STEP, Optional.empty())));
            var alone = new Live(site, new Templates(new Assets()), played::now);
            alone.add(client);
            alone.round();
            assertThat(browser.sent.getFirst().split("\n|\r", -1))
                    .allMatch(l ->
                            l.isEmpty()
                                    || l.startsWith("data: ")
                                    || l.equals("data:")
                                    || l.matches("event: (head|troubles|facts|tail)")
                                    || l.matches("id: [0-9]+"));
        }
    }

    private void write(String log) throws IOException {
        Files.write(dir.resolve("log"), log.getBytes(UTF_8));
    }

    private static String text(LogFollower reader) throws IOException {
        return switch (reader.next().orElseThrow()) {
            case LogFollower.News.Replace(var tail) -> "replace " + words(tail.lines());
            case LogFollower.News.Append(var lines, _) -> "append " + words(lines);
        };
    }

    private static String words(List<LogLine> lines) {
        return String.join(" ", lines.stream().map(l -> l.runs().getFirst().text()).toList());
    }

    /// A browser that remembers.
    private static final class Browser implements LiveClient.Wire {
        final List<String> sent = new ArrayList<>();
        boolean full;
        boolean ended;

        LiveClient at(Route route) {
            return new LiveClient(route, this, Optional.empty());
        }

        List<String> events() {
            return sent.stream()
                    .flatMap(String::lines)
                    .filter(l -> l.startsWith("event: "))
                    .map(l -> l.substring("event: ".length()))
                    .toList();
        }

        @Override
        public boolean full() {
            return full;
        }

        @Override
        public void send(String text) {
            sent.add(text);
        }

        @Override
        public void end() {
            ended = true;
        }
    }
}
