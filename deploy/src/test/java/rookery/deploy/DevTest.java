package rookery.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.json.Json;

/// `rookery dev`: a farm of processes for oneself.
class DevTest {
    @TempDir private Path dir;
    private @Nullable Process started;

    @AfterEach
    void end() throws Exception {
        Process farm = started;
        if (farm == null) return;
        farm.destroy();
        if (!farm.waitFor(Rookery.PATIENCE_SECONDS, TimeUnit.SECONDS)) farm.destroyForcibly();
    }

    @Test
    void servesUntilItIsEndedAndGoesOnWithWhatItKept() throws Exception {
        Process farm = start("first");
        String url = url("first");
        List<ProcessHandle> children = farm.descendants().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(3);
        awaitAgents(farm);

        farm.destroy();
        assertThat(farm.waitFor(Rookery.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(farm.exitValue()).isZero();
        assertThat(children).noneMatch(ProcessHandle::isAlive);

        Process again = start("second");
        assertThat(url("second")).isEqualTo(url);
        awaitAgents(again);
    }

    private Process start(String name) throws Exception {
        Path out = dir.resolve(name + ".out");
        Process farm =
                rookery()
                        .start(
                                dir,
                                out,
                                dir.resolve(name + ".err"),
                                "dev",
                                "--agents",
                                "2",
                                "--keep");
        started = farm;
        Rookery.awaitLine(out, "submit ", farm);
        return farm;
    }

    /// The agents are on their way when the farm says that it serves.
    private void awaitAgents(Process farm) throws Exception {
        Path config = dir.resolve("rookery/dev/config");
        for (int i = 0; i < Rookery.PATIENCE_SECONDS; i++) {
            Rookery.Said said =
                    rookery()
                            .env("XDG_CONFIG_HOME", config.toString())
                            .run(dir, "agents", "--output", "json");
            assertThat(said.exit()).as(said.err()).isZero();
            long connected =
                    Answers.items(said.json(), "agents").stream()
                            .map((Json a) -> Answers.text(a, "connected"))
                            .filter("true"::equals)
                            .count();
            if (connected == 2) return;
            assertThat(farm.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
        }
        throw new AssertionError("two agents never joined");
    }

    private Rookery rookery() {
        return Rookery.with(dir);
    }

    private String url(String name) throws Exception {
        return Files.readString(dir.resolve(name + ".out"))
                .lines()
                .filter(l -> l.startsWith("farm "))
                .findFirst()
                .orElseThrow();
    }
}
