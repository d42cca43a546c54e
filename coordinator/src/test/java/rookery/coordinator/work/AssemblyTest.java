package rookery.coordinator.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.coordinator.Given;
import rookery.model.JobSpec;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.StepIds;
import rookery.model.Work;
import rookery.oci.Digest;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;

class AssemblyTest {
    @TempDir Path dir;

    @Test
    void theSameBinariesMakeTheSameIndexAnywhere() throws Exception {
        Outcome.Made one = assemble(ImageLayout.create(dir.resolve("one")), true, "amd64", "arm64");
        Outcome.Made two = assemble(ImageLayout.create(dir.resolve("two")), true, "amd64", "arm64");
        assertThat(one).isEqualTo(two);
        assertThat(one.identity().hex())
                .isEqualTo("0e02ce9e317adc4094347a4f42512f3643f8dff1155dd453ee372aec8a16cdae");
    }

    @Test
    void theIndexListsThePlatformsInTheirOrderAndEachLayerHoldsTheBinary() throws Exception {
        ImageLayout blobs = ImageLayout.create(dir);
        Outcome.Made made = assemble(blobs, true, "arm64", "amd64");
        Index index =
                (Index)
                        OciJson.read(
                                blobs.read(made.blob("index").digest(), 1 << 20), MediaType.INDEX);
        assertThat(index.manifests())
                .extracting(d -> d.platform().orElseThrow().toString())
                .containsExactly("linux/amd64", "linux/arm64");
        Manifest manifest =
                (Manifest)
                        OciJson.read(
                                blobs.read(index.manifests().getFirst().digest(), 1 << 20),
                                MediaType.MANIFEST);
        assertThat(OciJson.readConfig(blobs.read(manifest.config().digest(), 1 << 20)).entrypoint())
                .containsExactly("/app");
    }

    @Test
    void aPlatformWhoseRunFailedHasNoPlaceInTheIndex() throws Exception {
        ImageLayout blobs = ImageLayout.create(dir);
        Outcome.Made made = assemble(blobs, false, "amd64", "arm64");
        assertThat(made.notes().get("platforms")).isEqualTo("linux/amd64");
    }

    private static Outcome.Made assemble(
            ImageLayout blobs, boolean arm64Ran, String... architectures) throws Exception {
        JobSpec spec = Given.spec(List.of(), Given.required(Given.AMD64));
        SortedMap<StepId, Outcome.Made> inputs = new TreeMap<>();
        var platforms = new java.util.ArrayList<Platform>();
        for (String architecture : architectures) {
            Platform platform = Platform.of("linux", architecture);
            platforms.add(platform);
            var binary = blobs.put(("binary for " + architecture).getBytes(UTF_8));
            SortedMap<String, rookery.oci.Blob> made = new TreeMap<>();
            made.put("binary", binary);
            inputs.put(
                    StepIds.verify("app", platform),
                    new Outcome.Made(made, binary.digest(), new TreeMap<>()));
            if (arm64Ran || !architecture.equals("arm64"))
                inputs.put(
                        StepIds.run("app", platform),
                        new Outcome.Made(new TreeMap<>(), Digest.of(new byte[0]), new TreeMap<>()));
        }
        var work =
                new Work.Assemble(spec.images().getFirst(), "app", spec.source(), platforms, true);
        return (Outcome.Made) new Assembly(blobs).assemble(work, inputs);
    }
}
