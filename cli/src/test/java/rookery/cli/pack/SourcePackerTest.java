package rookery.cli.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.cli.spec.Problems;
import rookery.cli.spec.SpecFile;
import rookery.cli.spec.SpecReader;
import rookery.model.JobSpec;
import rookery.oci.Blob;
import rookery.oci.layout.ImageLayout;

class SourcePackerTest {
    private static final String SPEC =
            """
            version: 1
            project: app
            builds: [{ldflags: ["-X main.v={{version}}"]}]
            platforms: [linux/amd64]
            """;

    @TempDir private Path directory;
    private Path project;
    private ImageLayout blobs;

    @BeforeEach
    void anEmptyProject() throws IOException {
        project = Files.createDirectories(directory.resolve("project"));
        blobs = ImageLayout.create(directory.resolve("blobs"));
        write("go.mod", "module example.org/app\n");
        write("main.go", "package main\n");
    }

    @Test
    void gitDecidesWhatBelongsToTheSource() throws IOException {
        git("init", "-q");
        write(".gitignore", "*.log\nsecret/\n");
        write("noise.log", "x");
        write("secret/key", "x");
        write("untracked.go", "package main\n");
        write(".github/ci.yml", "x");
        write("dist/app", "x");
        git("add", "main.go", "go.mod", ".github", ".gitignore");
        assertThat(names(pack().source().tree()))
                .containsExactly(
                        ".github/",
                        ".github/ci.yml",
                        ".gitignore",
                        "go.mod",
                        "main.go",
                        "untracked.go");
    }

    @Test
    void withoutGitHiddenDirectoriesAndTheOutputStayOut() throws IOException {
        write(".hidden/x", "x");
        write("sub/.cache/x", "x");
        write("sub/x.go", "package sub\n");
        write(".env", "kept");
        write("dist/app", "x");
        assertThat(names(pack().source().tree()))
                .containsExactly(".env", "go.mod", "main.go", "sub/", "sub/x.go");
    }

    @Test
    void aDeletedFileThatGitStillTracksIsNoProblem() throws IOException {
        git("init", "-q");
        write("old.go", "package main\n");
        git("add", ".");
        Files.delete(project.resolve("old.go"));
        assertThat(names(pack().source().tree())).containsExactly("go.mod", "main.go");
    }

    @Test
    void aSubmodulesFilesArePackedWithTheOthers() throws IOException {
        Path library = Files.createDirectories(directory.resolve("library"));
        git(library, "init", "-q");
        Files.writeString(library.resolve("lib.c"), "int x;\n");
        git(library, "add", ".");
        commit(library, "2024-01-01T00:00:00Z");
        git("init", "-q");
        git(
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "add",
                "-q",
                library.toString(),
                "lib");
        assertThat(names(pack().source().tree()))
                .containsExactly(".gitmodules", "go.mod", "lib/", "lib/lib.c", "main.go");
    }

    @Test
    void twoCheckoutsOfTheSameFilesArePackedToTheSameBytes() throws IOException {
        JobSpec first = pack();
        Path other = Files.createDirectories(directory.resolve("elsewhere/copy"));
        Files.writeString(other.resolve("main.go"), "package main\n");
        Files.writeString(other.resolve("go.mod"), "module example.org/app\n");
        Files.setPosixFilePermissions(
                other.resolve("main.go"), PosixFilePermissions.fromString("rw-------"));
        project = other;
        assertThat(pack().source().tree()).isEqualTo(first.source().tree());
    }

    @Test
    void theVersionComesFromTheTag() throws IOException {
        git("init", "-q");
        git("add", ".");
        assertThat(pack().source().version()).isEqualTo("0.0.0-dev");
        commit(project, "2024-05-06T07:08:09Z");
        assertThat(pack().source().version()).matches("0\\.0\\.0-g[0-9a-f]{12}");
        git("tag", "v1.2.3");
        JobSpec tagged = pack();
        assertThat(tagged.source().version()).isEqualTo("1.2.3");
        assertThat(tagged.source().commit()).matches("[0-9a-f]{40}");
        assertThat(tagged.source().commitTime()).hasToString("2024-05-06T07:08:09Z");
        assertThat(tagged.builds().getFirst().ldflags()).containsExactly("-X main.v=1.2.3");
        write("main.go", "package main // changed\n");
        assertThat(pack().source().version()).isEqualTo("1.2.3-dirty");
        git("add", ".");
        commit(project, "2024-05-06T07:08:10Z");
        assertThat(pack().source().version()).matches("1\\.2\\.3-1-g[0-9a-f]{12}");
    }

    @Test
    void aTagThatNoFileNameCanHoldIsMadeHarmless() throws IOException {
        git("init", "-q");
        git("add", ".");
        commit(project, "2024-05-06T07:08:09Z");
        git("tag", "sub/v1.0.0'x");
        assertThat(pack().source().version()).isEqualTo("sub-v1.0.0-x");
    }

    @Test
    void modulesArePackedApartOnlyWhereThereAreAnyToFetch() throws IOException {
        assertThat(pack().source().modules()).isEmpty();
        write("go.mod", "module a\n\nrequire (\n\texample.org/b v1.0.0 // indirect\n)\n");
        write("go.sum", "example.org/b v1.0.0 h1:x\n");
        Blob modules = pack().source().modules().orElseThrow();
        assertThat(names(modules)).containsExactly("go.mod", "go.sum");
        write("main.go", "package main // changed\n");
        assertThat(pack().source().modules()).contains(modules);
        write("vendor/modules.txt", "# example.org/b v1.0.0\n");
        assertThat(pack().source().modules()).isEmpty();
    }

    @Test
    void aMissingGoSumIsAProblemWithItsRemedy() throws IOException {
        write("go.mod", "module a\nrequire example.org/b v1.0.0\n");
        assertThat(problems(SPEC))
                .singleElement()
                .asString()
                .contains("there is no go.sum")
                .contains("run go mod tidy");
    }

    @Test
    void aLinkThatLeavesTheSourceIsAProblem() throws IOException {
        Files.createSymbolicLink(project.resolve("out"), Path.of("../../etc/passwd"));
        assertThat(problems(SPEC))
                .singleElement()
                .asString()
                .startsWith("rookery.yaml:1:1: '.' cannot be packed: ")
                .contains("leaves the root");
    }

    @Test
    void repositoriesConfigAndIncludesBecomeBlobs() throws IOException {
        write("overlay/profiles/repo_name", "local\n");
        write("overlay/sys-libs/x/x-1.ebuild", "EAPI=8\n");
        write("etc/portage/package.use", "*/* static-libs\n");
        write("app.conf", "a=b\n");
        JobSpec job =
                pack(
                        SPEC
                                + """
                                portage:
                                  repos: [rookery, {name: local, path: overlay}]
                                  config: etc/portage
                                images:
                                  - from: app
                                    repository: ghcr.io/a/b
                                    include: [{path: app.conf, to: /etc/app.conf, mode: "0600"}]
                                """);
        assertThat(job.portage().repos().getFirst().tree()).isEmpty();
        assertThat(names(job.portage().repos().getLast().tree().orElseThrow()))
                .contains("profiles/repo_name", "sys-libs/x/x-1.ebuild");
        assertThat(names(job.portage().config().orElseThrow())).containsExactly("package.use");
        JobSpec.Include include = job.images().getFirst().include().getFirst();
        assertThat(include.content())
                .isEqualTo(Blob.of("a=b\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(include.mode()).isEqualTo(0600);
    }

    @Test
    void aRulesFileTravelsAsItsText() throws IOException {
        String rules = "base scratch\ndeny leaked-path because our sources are nobody's business\n";
        write("gate.rules", rules);
        assertThat(pack(SPEC + "verify: {policy: gate.rules}\n").verify().policy())
                .isEqualTo(rules);
    }

    @Test
    void aRuleThatTheGateWouldNotUnderstandIsAProblemBeforeAnythingIsSent() throws IOException {
        write("gate.rules", "base best\n");
        assertThat(problems(SPEC + "verify: {policy: gate.rules}\n"))
                .singleElement()
                .asString()
                .contains("rookery.yaml:5:", "line 1: 'best' is no policy");
    }

    @Test
    void aSourceThatGitIgnoresWholeIsAProblem() throws IOException {
        git(directory, "init", "-q");
        Files.writeString(directory.resolve(".gitignore"), "project/\nblobs/\n");
        assertThat(problems(SPEC)).singleElement().asString().contains("git tracks no file in");
    }

    private JobSpec pack() throws IOException {
        return pack(SPEC);
    }

    private JobSpec pack(String spec) throws IOException {
        var problems = new Problems();
        Optional<JobSpec> job = job(spec, problems);
        assertThat(problems.sorted()).isEmpty();
        return job.orElseThrow();
    }

    private List<String> problems(String spec) throws IOException {
        var problems = new Problems();
        assertThat(job(spec, problems)).isEmpty();
        return problems.sorted().stream().map(Object::toString).toList();
    }

    private Optional<JobSpec> job(String text, Problems problems) throws IOException {
        SpecReader.Reading reading = SpecReader.read("rookery.yaml", text);
        assertThat(reading.problems()).isEmpty();
        SpecFile spec = reading.spec().orElseThrow();
        return Project.find(spec, project, problems)
                .flatMap(p -> new SourcePacker(blobs, project.resolve("dist")).pack(p, problems));
    }

    /// Names in a tar, read the hard way: our tars have short names and plain sizes.
    private List<String> names(Blob tar) throws IOException {
        byte[] bytes = blobs.read(tar.digest(), 1 << 20);
        var names = new ArrayList<String>();
        for (int at = 0; at < bytes.length && bytes[at] != 0; ) {
            var header = new String(bytes, at, 512, java.nio.charset.StandardCharsets.UTF_8);
            names.add(header.substring(0, header.indexOf('\0')));
            long size = Long.parseLong(header.substring(124, 135), 8);
            at += (int) (512 + (size + 511) / 512 * 512);
        }
        return names;
    }

    private void write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void git(String... words) throws IOException {
        git(project, words);
    }

    private static void commit(Path directory, String time) throws IOException {
        git(
                directory,
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "-q",
                "--allow-empty",
                "-m",
                "x",
                "--date",
                time);
    }

    private static void git(Path directory, String... words) throws IOException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(directory.toFile()).inheritIO();
        int date = command.indexOf("--date");
        if (date > 0) builder.environment().put("GIT_COMMITTER_DATE", command.get(date + 1));
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process git = builder.start();
        try {
            assertThat(git.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(git.exitValue()).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
