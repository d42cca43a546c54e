package rookery.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The small run of `rookery chaos`.
class ChaosTest {
    @Test
    void aFarmThatIsKilledStoppedPartedAndFilledUpLosesNothing(@TempDir Path dir) throws Exception {
        Chaos.Verdict verdict = Chaos.run(dir, Options.small());
        System.out.print(verdict.table());
        assertThat(verdict.wrong()).as(verdict.table()).isEmpty();
        assertThat(verdict.tally().of("index right to the byte")).isPositive();
        assertThat(verdict.tally().of(Tally.COORDINATOR_KILLS)).isPositive();
        assertThat(verdict.tally().of(Tally.AGENT_KILLS)).isPositive();
        assertThat(verdict.tally().of(Tally.PARTITIONS)).isPositive();
        nothingIsLeftBehind(dir);
    }

    private static void nothingIsLeftBehind(Path dir) throws Exception {
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .allSatisfy(p ->
                        assertThat(p.info().commandLine().orElse(""))
                                .doesNotContain("ChaosCoordinator")
                                .doesNotContain("ChaosAgent"));
        List<String> mounts = Files.readAllLines(Path.of("/proc/mounts"));
        assertThat(mounts).noneMatch(m -> m.contains(dir.toString()));
        Path spaces = Path.of("/run/netns");
        if (!Files.isDirectory(spaces)) return;
        try (var names = Files.list(spaces)) {
            assertThat(names.map(p -> p.getFileName().toString()))
                    .noneMatch(n -> n.startsWith("rk" + ProcessHandle.current().pid() + "-"));
        }
    }
}
