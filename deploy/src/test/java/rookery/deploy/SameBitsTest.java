package rookery.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static rookery.deploy.Answers.binaries;
import static rookery.deploy.Answers.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same sources built twice: another directory, another user's name and home, another host's
/// name, another Go build cache, nothing recalled.
class SameBitsTest {
    private static final List<String> LINUX =
            List.of("linux/amd64", "linux/arm64", "linux/riscv64");

    @TempDir Path dir;

    @Test
    void theLinuxBinariesAreTheSameBitForBitWhereverTheyAreBuilt() throws Exception {
        Map<String, String> here = digests("here", "alice", "nest", Toolchains::linkedTo);
        Map<String, String> there =
                digests(
                        "a much/longer/there",
                        "bob",
                        "rookery-builder-17",
                        Toolchains::uncompiledIn);
        assertThat(there).isEqualTo(here);
        assertThat(here.keySet()).containsExactlyElementsOf(LINUX);
    }

    @FunctionalInterface
    private interface Toolchain {
        Path in(Path cache) throws Exception;
    }

    private Map<String, String> digests(String place, String user, String host, Toolchain toolchain)
            throws Exception {
        Path base = Files.createDirectories(dir.resolve(place));
        Path project = Rookery.copy(Rookery.example("sqrt"), base.resolve("project"));
        Path home = Files.createDirectories(base.resolve("home"));
        var rookery =
                Rookery.with(base.resolve("state"))
                        .env("HOME", home.toString())
                        .env("USER", user)
                        .env("LOGNAME", user)
                        .env("XDG_CACHE_HOME", toolchain.in(base.resolve("cache")).toString())
                        .hostname(host);
        var said =
                rookery.run(
                        project,
                        "build",
                        "--platform",
                        String.join(",", LINUX),
                        "--output",
                        "json",
                        "--progress",
                        "plain");
        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(text(said.json(), "recalled")).isEqualTo("0");
        var digests = new TreeMap<String, String>();
        binaries(said.json())
                .forEach((platform, binary) -> digests.put(platform, text(binary, "digest")));
        return digests;
    }
}
