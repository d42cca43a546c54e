package rookery.cli.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.cli.view.Job;
import rookery.cli.view.Results;
import rookery.model.JobSpec;
import rookery.model.RookeryException;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.ImageConfig;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;

class DistWriterTest {
    private static final Target AMD64 = Target.all().getFirst();
    private static final JobSpec.Wanted V3 =
            new JobSpec.Wanted(AMD64, AMD64.level("v3").orElseThrow(), true);

    @TempDir private Path directory;
    private ImageLayout blobs;
    private Path dist;

    @BeforeEach
    void aStore() throws IOException {
        blobs = ImageLayout.create(directory.resolve("blobs"));
        dist = directory.resolve("out/dist");
    }

    @Test
    void binariesAndLayoutsLieWhereTheirNamesSay() throws IOException {
        new DistWriter(blobs).write(plan("ghcr.io/a/app", "quay.io/b/app", "quay.io/b/tool"), dist);
        assertThat(dist.resolve("app_linux_amd64_v3/app")).hasContent("bytes").isExecutable();
        assertThat(dist.resolve("oci/ghcr.io_a_app/index.json")).exists();
        assertThat(dist.resolve("oci/quay.io_b_app/oci-layout")).exists();
        assertThat(dist.resolve("oci/tool/index.json")).exists();
        assertThat(Files.readString(dist.resolve("checksums.txt")).lines()).hasSize(4);
        assertThat(Files.readString(dist.resolve("artifacts.json")))
                .contains("\"path\": \"app_linux_amd64_v3/app\"")
                .contains("\"repository\": \"quay.io/b/tool\"")
                .doesNotContain(directory.toString());
    }

    @Test
    void equalBuildsWriteEqualFiles() throws IOException {
        var writer = new DistWriter(blobs);
        writer.write(plan("ghcr.io/a/app"), dist);
        String first = Files.readString(dist.resolve("artifacts.json"));
        writer.write(plan("ghcr.io/a/app"), dist);
        assertThat(dist.resolve("artifacts.json")).hasContent(first.stripTrailing());
        try (var beside = Files.list(directory.resolve("out"))) {
            assertThat(beside).containsExactly(dist);
        }
    }

    @Test
    void whatTheNewBuildNoLongerMakesIsGone() throws IOException {
        var writer = new DistWriter(blobs);
        writer.write(plan("ghcr.io/a/old"), dist);
        writer.write(plan("ghcr.io/a/new"), dist);
        assertThat(dist.resolve("oci/old")).doesNotExist();
    }

    @Test
    void aBlobThatIsMissingLeavesTheOldOutputAsItWas() throws IOException {
        var writer = new DistWriter(blobs);
        writer.write(plan("ghcr.io/a/app"), dist);
        DistPlan next = plan("ghcr.io/a/other");
        blobs.delete(next.binaries().getFirst().blob().digest());
        assertThatThrownBy(() -> writer.write(next, dist))
                .isInstanceOf(RookeryException.class)
                .hasMessageContaining("nothing there was changed");
        assertThat(dist.resolve("oci/app/index.json")).exists();
        try (var beside = Files.list(directory.resolve("out"))) {
            assertThat(beside).containsExactly(dist);
        }
    }

    @Test
    void aBlobThatWasDamagedIsNeverWritten() throws IOException {
        DistPlan plan = plan("ghcr.io/a/app");
        Files.writeString(
                blobs.find(plan.binaries().getFirst().blob().digest()).orElseThrow(), "other");
        assertThatThrownBy(() -> new DistWriter(blobs).write(plan, dist))
                .isInstanceOf(RookeryException.class);
        assertThat(dist).doesNotExist();
    }

    @Test
    void aForeignDirectoryIsRefused() throws IOException {
        Files.createDirectories(dist);
        DistWriter.check(dist); // an empty one is nobody's
        Files.writeString(dist.resolve("mine"), "x");
        assertThatThrownBy(() -> DistWriter.check(dist)).hasMessageContaining("holds mine");
        Files.writeString(dist.resolve("artifacts.json"), "not JSON");
        assertThatThrownBy(() -> DistWriter.check(dist))
                .hasMessageContaining("holds artifacts.json");
        Path link = directory.resolve("link");
        Files.createSymbolicLink(link, dist);
        assertThatThrownBy(() -> DistWriter.check(link)).hasMessageContaining("is not a directory");
    }

    @Test
    void aFileThatSomebodyAddedToOurOutputIsNotDeleted() throws IOException {
        var writer = new DistWriter(blobs);
        writer.write(plan("ghcr.io/a/app"), dist);
        Files.writeString(dist.resolve("notes.txt"), "mine");
        assertThatThrownBy(() -> writer.write(plan("ghcr.io/a/app"), dist))
                .hasMessageContaining("holds notes.txt");
        assertThat(dist.resolve("notes.txt")).hasContent("mine");
    }

    private DistPlan plan(String... repositories) throws IOException {
        Blob binary = blobs.put("bytes".getBytes(StandardCharsets.UTF_8));
        Blob config =
                blobs.put(OciJson.write(ImageConfig.of(V3.platform(), List.of("/app"), List.of())));
        Descriptor manifest =
                blobs.put(OciJson.write(Manifest.of(config.as(MediaType.CONFIG), List.of())))
                        .as(MediaType.MANIFEST)
                        .on(V3.platform());
        Blob index = blobs.put(OciJson.write(Index.of(List.of(manifest))));
        var build =
                new JobSpec.Build(
                        "app",
                        ".",
                        "app",
                        List.of(),
                        List.of(),
                        List.of(),
                        new TreeMap<>(),
                        new TreeMap<>());
        List<JobSpec.Image> images =
                List.of(repositories).stream()
                        .map(r ->
                                new JobSpec.Image(
                                        "app",
                                        r,
                                        List.of("latest"),
                                        List.of(),
                                        new TreeMap<>(),
                                        List.of()))
                        .toList();
        var spec =
                new JobSpec(
                        "app",
                        new JobSpec.Source(binary, Optional.empty(), "1.0", "", Instant.EPOCH),
                        List.of(build),
                        new JobSpec.Portage(List.of(), List.of(), List.of(), Optional.empty()),
                        List.of(V3),
                        Toolchain.PORTABLE,
                        new JobSpec.Verify("static", List.of()),
                        images,
                        new JobSpec.FarmOptions("app", "local", 0, new TreeSet<>()));
        var program =
                new Results.Program(
                        build,
                        V3,
                        Optional.of(binary),
                        "pass",
                        "static",
                        "musl",
                        "",
                        Optional.empty(),
                        false,
                        Optional.empty());
        return DistPlan.of(
                new Results(
                        spec,
                        new Job("j1", "app", Job.State.DONE, List.of()),
                        List.of(program),
                        images.stream()
                                .map(i ->
                                        new Results.Image(
                                                i,
                                                Optional.of(index),
                                                List.of("linux/amd64/v3"),
                                                false))
                                .toList(),
                        List.of()));
    }
}
