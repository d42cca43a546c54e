package rookery.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static rookery.deploy.Answers.items;
import static rookery.deploy.Answers.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import rookery.deploy.Rookery.Said;
import rookery.oci.json.Json;

/// A farm as somebody sets it up by docs/farm.md: a coordinator and two agents, each a process of
/// its own, joined by tokens over TLS; and what people ask of it.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeFarmTest {
    private static final int PATIENCE_SECONDS = 120;

    @TempDir static Path dir;
    private static final List<Process> running = new ArrayList<>();
    private static String url = "";

    /// This user, or one of the machines.
    private static Rookery as(String who) {
        return Rookery.with(dir.resolve(who)).env("XDG_CONFIG_HOME", dir.resolve(who).toString());
    }

    @BeforeAll
    static void aCoordinatorAndTwoAgents() throws Exception {
        Json said = coordinator("0", "0");
        url = text(said, "grpc");
        Said joined =
                as("alice")
                        .run(
                                dir,
                                "join",
                                url,
                                "--token",
                                text(said, "admin_token"),
                                "--name",
                                "alice");
        assertThat(joined.exit()).as(joined.err()).isZero();
        for (String name : List.of("a1", "a2")) {
            Said token = as("alice").run(dir, "token", "create", "--role", "agent", "--name", name);
            assertThat(token.exit()).as(token.err()).isZero();
            running.add(
                    as(name).start(
                                    dir,
                                    dir.resolve(name + ".out"),
                                    dir.resolve(name + ".err"),
                                    "agent",
                                    "--join",
                                    url,
                                    "--token",
                                    token.out().strip(),
                                    "--slots",
                                    "2"));
            Rookery.awaitLine(dir.resolve(name + ".err"), "builds for", running.getLast());
        }
    }

    private static Json coordinator(String grpc, String blobs) throws Exception {
        Path out = dir.resolve("coordinator.out");
        Process process =
                as("farm")
                        .start(
                                dir,
                                out,
                                dir.resolve("coordinator.err"),
                                "coordinator",
                                "--state",
                                dir.resolve("state").toString(),
                                "--grpc-port",
                                grpc,
                                "--blob-port",
                                blobs,
                                "--web-port",
                                "0",
                                "--output",
                                "json");
        running.add(process);
        Rookery.awaitLine(out, "}", process);
        return Json.parse(Files.readAllBytes(out));
    }

    @AfterAll
    static void end() throws Exception {
        for (Process process : running) process.destroy();
        for (Process process : running) {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        }
    }

    private static Said farm(String... args) throws Exception {
        return as("alice").run(dir, args);
    }

    private static Json json(String... args) throws Exception {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--output", "json"));
        Said said = farm(all.toArray(String[]::new));
        assertThat(said.exit()).as(said.err()).isZero();
        return said.json();
    }

    @Test
    @Order(1)
    void aSpecIsBuiltByTheFarmAndItsResultsAreBroughtHere() throws Exception {
        Path project = Rookery.copy(Rookery.example("sqrt"), dir.resolve("sqrt"));
        Said said =
                as("alice")
                        .run(
                                project,
                                "submit",
                                "--wait",
                                "--platform",
                                "linux/amd64",
                                "--output",
                                "json",
                                "--progress",
                                "plain");
        assertThat(said.exit()).as(said.err()).isZero();
        Json binary = items(said.json(), "binaries").getFirst();
        assertThat(text(binary, "linkage")).isEqualTo("static");
        Path file = project.resolve(text(binary, "path"));
        assertThat(Rookery.process(dir, file.toString()).out()).contains("1.4142135623730951");
        assertThat(
                        Rookery.process(project.resolve("dist"), "sha256sum", "-c", "checksums.txt")
                                .exit())
                .isZero();
    }

    @Test
    @Order(2)
    void whoeverAsksIsToldOfJobsStepsLogsAndAgents() throws Exception {
        List<Json> jobs = items(json("list"), "jobs");
        assertThat(jobs).hasSize(1);
        assertThat(text(jobs.getFirst(), "state")).isEqualTo("done");
        assertThat(text(jobs.getFirst(), "requester")).isEqualTo("alice");
        String job = text(jobs.getFirst(), "job");
        assertThat(items(json("show", job), "steps"))
                .anySatisfy(
                        s -> assertThat(text(s, "step")).isEqualTo("go-build/sqrt/linux/amd64"));
        assertThat(text(json("why", job, "go-build"), "why")).isEqualTo("is done");
        assertThat(farm("logs", job, "run").out()).contains("sqrt(2)");
        assertThat(items(json("agents"), "agents"))
                .hasSize(2)
                .allSatisfy(a -> {
                    assertThat(text(a, "standing")).isEqualTo("open");
                    assertThat(text(a, "connected")).isEqualTo("true");
                });
        assertThat(farm("show", "j404").exit()).isEqualTo(2);
    }

    @Test
    @Order(3)
    void anAgentThatIsDrainedLeavesByItself() throws Exception {
        assertThat(farm("agent", "drain", "a1").exit()).isZero();
        Process agent = running.get(1);
        assertThat(agent.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).isZero();
    }

    @Test
    @Order(4)
    void aCoordinatorThatIsStartedAnewKnowsItsJobsAndItsAgentsComeBack() throws Exception {
        Process before = running.getFirst();
        before.destroy();
        assertThat(before.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(before.exitValue()).isZero();
        Said second = as("alice").run(dir, "list");
        assertThat(second.exit()).as(second.err()).isEqualTo(21);
        Json first = Json.parse(Files.readAllBytes(dir.resolve("coordinator.out")));
        Json again = coordinator(port(first, "grpc"), port(first, "blobs"));
        assertThat(text(again, "grpc")).isEqualTo(url);
        assertThat(items(json("list"), "jobs")).hasSize(1);
        Said refused =
                as("farm").run(dir, "coordinator", "--state", dir.resolve("state").toString());
        assertThat(refused.exit()).isEqualTo(20);
        assertThat(refused.err()).contains("another coordinator is running on");
        // The old and the new one say so in the same file; what counts is that it says so again.
        awaitAgent("a2");
    }

    private static void awaitAgent(String name) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (items(json("agents"), "agents").stream()
                .noneMatch(
                        a -> text(a, "agent").equals(name) && text(a, "connected").equals("true")))
            assertThat(System.nanoTime() < end).as("%s never came back", name).isTrue();
    }

    private static String port(Json said, String what) {
        String address = text(said, what);
        return address.substring(address.lastIndexOf(':') + 1);
    }

    @Test
    @Order(5)
    void withoutACertificateTheFarmIsNobodys() throws Exception {
        Said stranger = as("mallory").run(dir, "list", "--farm", url);
        assertThat(stranger.exit()).isEqualTo(2);
        assertThat(stranger.err()).contains("has not joined").contains("rookery join");
        Said forged =
                as("mallory")
                        .run(
                                dir,
                                "join",
                                url,
                                "--token",
                                "abcdefgh." + "x".repeat(43) + "." + "0".repeat(64));
        assertThat(forged.exit()).as(forged.err()).isEqualTo(2);
        assertThat(forged.out().getBytes(UTF_8)).isEmpty();
    }
}
