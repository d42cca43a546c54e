package rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rookery.cli.CommandLine.Ran;
import rookery.oci.json.Json;

/// What people ask of a farm that runs elsewhere, word for word.
class FarmCommandsTest {
    @TempDir private Path directory;
    private CannedFarm farm;
    private CommandLine line;

    @BeforeEach
    void aFarm() throws IOException {
        farm = new CannedFarm();
        line = new CommandLine(directory, () -> farm);
    }

    @AfterEach
    void shutDown() {
        farm.shutDown();
    }

    private String said(String... args) {
        Ran ran = line.run(args);
        assertThat(ran.code()).as(ran.err()).isZero();
        return ran.out();
    }

    @Test
    void jobsAreATableOverAllPages() {
        assertThat(said("list", "--state", "running"))
                .isEqualTo(
                        """
                        JOB  PROJECT  STATE    STEPS  SUBMITTED   ENDED       BY
                        j2   app      running  3/12   1m 00s ago  in 2m 00s   alice
                        j1   app      done     12/12  1h 01m ago  2m 00s ago
                        """);
        assertThat(farm.asked).containsExactly("list  running", "list j2 running");
        assertThat(said("list", "--limit", "1")).contains("j2").doesNotContain("j1");
    }

    @Test
    void aJobIsItsHeadAndItsSteps() {
        assertThat(said("show", "j2"))
                .isEqualTo(
                        """
                        job j2 of app: running, by alice, submitted 1m 00s ago, done in 2m 00s
                        STEP                                                 PLATFORM     STATE            TIME  AGENT  DETAIL
                        modules                                                           done (recalled)  -
                        package/x86_64-unknown-linux-musl/sys-libs/zlib-1.3               leased           55s   a1     compile
                        go-build/app/linux/amd64                             linux/amd64  waiting          -            needs ?[31mzlib
                        """);
    }

    @Test
    void whyIsOneSentenceAndAPartOfTheNameWillDo() {
        assertThat(said("why", "j2", "go-build"))
                .isEqualTo(
                        "go-build/app/linux/amd64 needs zlib; the job is expected to end in 2m 00s\n");
        assertThat(said("why", "j2", "go-build", "--output", "json"))
                .isEqualTo(
                        """
                        {
                          "job": "j2",
                          "step": "go-build/app/linux/amd64",
                          "why": "needs zlib",
                          "job_eta": "2023-11-14T22:16:20Z"
                        }
                        """);
        Ran several = line.run("why", "j2", "linux");
        assertThat(several.code()).isEqualTo(2);
        assertThat(several.err()).contains("2 steps with 'linux' in it").contains("zlib-1.3");
        Ran none = line.run("why", "j2", "openssl");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("no step with 'openssl'").contains("modules");
    }

    @Test
    void aLogIsHarmlessLinesOrBytesOrDocuments() {
        assertThat(said("logs", "-f", "j2", "modules")).isEqualTo("one\ntw?[2Jo\nthree\n");
        assertThat(said("logs", "--raw", "j2", "modules")).isEqualTo("one\ntw\u001b[2Jo\nthree");
        String json = said("logs", "j2", "modules", "--output", "json");
        assertThat(json.lines()).hasSize(3);
        assertThat(
                        Json.parse(
                                json.lines()
                                        .findFirst()
                                        .orElseThrow()
                                        .getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(
                        Json.parse(
                                "{\"step\":\"modules\",\"line\":\"one\"}"
                                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(said("logs", "j2")).contains("zlib-1.3 | one\n").doesNotContain("modules |");
        assertThat(farm.asked).first().isEqualTo("log modules true");
    }

    @Test
    void agentsAreWhatTheyCanDoAndHowTheyStand() {
        assertThat(said("agents"))
                .isEqualTo(
                        """
                        AGENT  STANDING  CPU    CORES  MEMORY    SLOTS  AT WORK  SEEN      VERSION  LABELS  WHY
                        a1     cordoned  amd64  8      16.0 GiB  4      1        2.0s ago  0.1.0    fast    an admin said so
                        """);
        assertThat(said("agents", "--output", "json"))
                .contains("\"runs\": [\"amd64\", \"arm64\"]")
                .contains("\"protocol\": 2")
                .contains("\"phase\": \"download\"");
    }

    @ParameterizedTest
    @CsvSource({"drain, draining", "cordon, cordoned", "open, open"})
    void anAgentIsRuled(String verb, String standing) {
        assertThat(said("agent", verb, "a1")).isEqualTo("a1 is " + standing + "\n");
        assertThat(farm.asked).containsExactly("rule a1 " + standing);
    }

    @Test
    void aJobIsCancelledAndTriedAgain() {
        assertThat(said("cancel", "j2")).isEqualTo("j2 is running\n");
        assertThat(said("retry", "j2", "--output", "json"))
                .isEqualTo("{\n  \"job\": \"j2\",\n  \"state\": \"running\"\n}\n");
        assertThat(farm.asked).containsExactly("cancel j2", "retry j2");
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, 2, there is no job j404",
        "PERMISSION_DENIED, 2, viewers may not",
        "UNAUTHENTICATED, 2, join it again",
        "UNAVAILABLE, 21, is the coordinator running",
        "INTERNAL, 70, this is our bug"
    })
    void aRefusalEndsWithTheCodeOfWhoeverCanHelp(Status.Code code, int exit, String words) {
        farm.refusal = java.util.Optional.of(Status.fromCode(code).withDescription(words));
        Ran ran = line.run("show", "j404");
        assertThat(ran.code()).isEqualTo(exit);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(words);
    }

    @Test
    void anAgentNeedsAFarmAndACoordinatorALeaseThatCanBe() {
        Ran agent = line.run("agent");
        assertThat(agent.code()).isEqualTo(2);
        assertThat(agent.err()).contains("--join URL").contains("drain, cordon or open");
        Ran coordinator = line.run("coordinator", "--lease", "1s");
        assertThat(coordinator.code()).isEqualTo(2);
        assertThat(coordinator.err()).contains("2s to 1h, not 1s");
        Ran span = line.run("coordinator", "--lease", "soon");
        assertThat(span.code()).isEqualTo(2);
        assertThat(span.err()).contains("'soon' is no span of time");
    }

    @Test
    void joiningNeedsATokenAndAFarmsAddress() {
        Ran token = line.run("join", "https://farm.example:7601");
        assertThat(token.code()).isEqualTo(2);
        assertThat(token.err()).contains("needs a token").contains("rookery token create");
        Ran address = line.run("join", "farm", "--token", "x");
        assertThat(address.code()).isEqualTo(2);
        assertThat(address.err()).contains("'farm' is no address of a farm");
        Ran form = line.run("join", "https://farm.example", "--token", "secret.secret");
        assertThat(form.code()).isEqualTo(2);
        assertThat(form.err()).contains("copy it whole").doesNotContain("secret.secret");
    }
}
