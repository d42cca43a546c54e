package rookery.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static rookery.deploy.Answers.items;
import static rookery.deploy.Answers.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rookery build --push` to a real registry, read back by skopeo and podman, and run.
class RegistryTest {
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final int MAX_LOG_LINES = 1_000;

    @TempDir Path dir;

    @Test
    void everyPlatformOfAPushedImageIsFetchedByOtherTools() throws Exception {
        Path config =
                Files.writeString(
                        dir.resolve("config.yml"),
                        "version: 0.1\nlog: {accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: "
                                + dir.resolve("registry")
                                + "}}\nhttp: {addr: 127.0.0.1:0}\n");
        Process registry =
                new ProcessBuilder("docker-registry", "serve", config.toString())
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader log = registry.inputReader()) {
            String repository = "127.0.0.1:" + port(log) + "/rookery/sqrt";
            Path project = Rookery.copy(Rookery.example("sqrt"), dir.resolve("sqrt"));
            Path spec = project.resolve("rookery.yaml");
            Files.writeString(
                    spec,
                    Files.readString(spec).replace("registry.example/rookery/sqrt", repository));
            var said =
                    Rookery.with(dir.resolve("state"))
                            .run(
                                    project,
                                    "build",
                                    "--push",
                                    "--output",
                                    "json",
                                    "--progress",
                                    "plain");
            assertThat(said.exit()).as(said.err()).isZero();
            assertThat(text(items(said.json(), "images").getFirst(), "pushed")).isEqualTo("true");
            for (var platform :
                    Map.of(
                                    "amd64",
                                    "linux/amd64",
                                    "arm64",
                                    "linux/arm64",
                                    "riscv64",
                                    "linux/riscv64")
                            .entrySet()) {
                skopeo(repository, platform.getKey());
                podman(repository, platform.getValue());
            }
        } finally {
            registry.destroyForcibly();
            registry.waitFor();
        }
    }

    private void skopeo(String repository, String architecture) throws Exception {
        Path copy = dir.resolve("copy-" + architecture);
        var said =
                Rookery.process(
                        dir,
                        "skopeo",
                        "copy",
                        "--src-tls-verify=false",
                        "--override-os",
                        "linux",
                        "--override-arch",
                        architecture,
                        "docker://" + repository + ":latest",
                        "oci:" + copy + ":x");
        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(
                        Rookery.process(
                                        dir,
                                        "skopeo",
                                        "inspect",
                                        "oci:" + copy + ":x",
                                        "--format",
                                        "{{.Architecture}}",
                                        "--override-arch",
                                        architecture)
                                .out()
                                .strip())
                .isEqualTo(architecture);
    }

    private void podman(String repository, String platform) throws Exception {
        var said =
                Rookery.process(
                        dir,
                        "podman",
                        "--root",
                        dir.resolve("podman").toString(),
                        "--runroot",
                        dir.resolve("podman-run").toString(),
                        "--storage-driver",
                        "vfs",
                        "pull",
                        "--tls-verify=false",
                        "--platform",
                        platform,
                        repository + ":latest");
        assertThat(said.exit()).as(said.err()).isZero();
    }

    private static String port(BufferedReader log) throws IOException {
        for (int i = 0; i < MAX_LOG_LINES; i++) {
            String line = log.readLine();
            if (line == null) break;
            var found = LISTENING.matcher(line);
            if (found.find()) return found.group(1);
        }
        throw new IOException("docker-registry did not say where it listens");
    }
}
