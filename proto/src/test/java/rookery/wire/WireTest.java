package rookery.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rookery.model.AgentFacts;
import rookery.model.Blame;
import rookery.model.Distfile;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.LeaseId;
import rookery.model.MergeGraph;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Platform;

/// Whatever goes out comes back the same, and what never was a value is refused by its field's
/// name.
class WireTest {
    private static final Blob BLOB = Blob.of(new byte[] {1, 2, 3});
    private static final Target ARM64 = Target.of(Platform.parse("linux/arm64")).orElseThrow();
    private static final JobSpec.Wanted WANTED =
            new JobSpec.Wanted(ARM64, ARM64.level("v9.0").orElseThrow(), false);
    private static final JobSpec.Portage PORTAGE =
            new JobSpec.Portage(
                    List.of("net-misc/curl"), List.of("static-libs", "-http2"),
                    List.of(
                                    new JobSpec.Repo("rookery", Optional.empty()),
                                    new JobSpec.Repo("local", Optional.of(BLOB))),
                            Optional.of(BLOB));
    private static final JobSpec.Source SOURCE =
            new JobSpec.Source(BLOB, Optional.of(BLOB), "1.0", "abc", Instant.EPOCH);
    private static final JobSpec.Image IMAGE =
            new JobSpec.Image(
                    "app",
                    "registry.example/app",
                    List.of("latest", "1.0"),
                    List.of("/app", "serve"),
                    map("a", "b"),
                    List.of(new JobSpec.Include("/etc/x", BLOB, 0644)));
    private static final JobSpec.RunCheck RUN =
            new JobSpec.RunCheck(List.of("--version"), "1.0", Duration.ofSeconds(7));

    @Test
    void aSpecComesBackAsItWent() {
        SortedMap<Platform, JobSpec.Overrides> overrides = new TreeMap<>(Target.order());
        overrides.put(
                ARM64.platform(),
                new JobSpec.Overrides(
                        Optional.empty(),
                        Optional.of(List.of()),
                        Optional.of(List.of("t")),
                        map("CGO_CFLAGS", "-O1")));
        var spec =
                new JobSpec(
                        "demo",
                        SOURCE,
                        List.of(
                                new JobSpec.Build(
                                        "app",
                                        "./cmd/app",
                                        "app",
                                        List.of("-v"),
                                        List.of("-s -w"),
                                        List.of("x"),
                                        map("GOEXPERIMENT", "y"),
                                        overrides)),
                        PORTAGE,
                        List.of(WANTED),
                        Toolchain.PORTABLE,
                        new JobSpec.Verify("scratch", List.of(RUN)),
                        List.of(IMAGE),
                        new JobSpec.FarmOptions("p", "local", 3, new TreeSet<>(List.of("fast"))));
        assertThat(SpecWire.read(SpecWire.write(spec))).isEqualTo(spec);
    }

    static List<Work> works() {
        var distfile =
                new Distfile(
                        "zlib.tar.gz",
                        5,
                        "a".repeat(128),
                        "b".repeat(128),
                        List.of("https://x.example/zlib.tar.gz"));
        var node =
                new MergeGraph.Node(
                        "sys-libs/zlib-1.3",
                        "0/1",
                        "rookery",
                        List.of("static-libs"),
                        "r",
                        map("CFLAGS", "-O2"),
                        List.of(distfile),
                        List.of());
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
        return List.of(
                new Work.Modules(BLOB),
                new Work.Resolve(ARM64, Toolchain.PORTABLE, PORTAGE),
                new Work.Fetch(distfile),
                new Work.PackageBuild(ARM64, Toolchain.PORTABLE, PORTAGE, node, List.of("a/b-1")),
                new Work.GoBuild(
                        build, WANTED, Toolchain.PORTABLE, PORTAGE, SOURCE, List.of("a/b-1")),
                new Work.Run(WANTED, "app", List.of(RUN)),
                new Work.Verify(WANTED, "static"),
                new Work.Assemble(IMAGE, "app", SOURCE, List.of(WANTED.platform()), true),
                new Work.Publish(IMAGE, true));
    }

    @ParameterizedTest
    @MethodSource("works")
    void workOfEveryKindComesBackAsItWent(Work work) {
        assertThat(WorkWire.read(WorkWire.write(work))).isEqualTo(work);
    }

    @Test
    void anOrderAndWhatIsSaidOfItComeBackAsTheyWent() {
        SortedMap<StepId, Outcome.Made> inputs = new TreeMap<>();
        SortedMap<String, Blob> blobs = new TreeMap<>();
        blobs.put("gpkg", BLOB);
        inputs.put(
                new StepId("package/x/a/b-1"),
                new Outcome.Made(blobs, BLOB.digest(), map("n", "v")));
        var order =
                new Order(
                        new LeaseId(7),
                        new JobId("j1"),
                        new StepId("modules"),
                        BLOB.digest(),
                        "local",
                        new Work.Modules(BLOB),
                        inputs);
        assertThat(AgentWire.read(AgentWire.write(order))).isEqualTo(order);
        var running = new Doing.Running(new LeaseId(7), "compile");
        assertThat(AgentWire.read(AgentWire.write(running))).isEqualTo(running);
        var broke =
                new Doing.Finished(
                        new LeaseId(8),
                        new Outcome.Broke(
                                new Failure(Failure.Kind.TIMEOUT, "too long", List.of("line"))));
        assertThat(AgentWire.read(AgentWire.write(broke))).isEqualTo(broke);
    }

    @Test
    void factsComeBackAsTheyWent() {
        SortedMap<Toolchain, Digest> toolchains = new TreeMap<>();
        toolchains.put(Toolchain.PORTABLE, BLOB.digest());
        SortedMap<String, Digest> emulators = new TreeMap<>();
        emulators.put("arm64", BLOB.digest());
        var facts =
                new AgentFacts(
                        "amd64",
                        BLOB.digest(),
                        "go1.26.8",
                        toolchains,
                        emulators,
                        2,
                        1L << 34,
                        4,
                        new TreeSet<>(List.of("l")));
        assertThat(AgentWire.read(AgentWire.write(facts))).isEqualTo(facts);
    }

    @Test
    void whatIsNoValueIsRefusedByItsName() {
        var digest = rookery.v1.Blob.newBuilder().setDigest("md5:1").build();
        assertThatThrownBy(() -> SpecWire.read(digest))
                .isInstanceOfSatisfying(
                        RookeryException.class, e -> assertThat(e.blame()).isEqualTo(Blame.SPEC))
                .hasMessageContaining("'digest'");
        var platform =
                rookery.v1.Wanted.newBuilder().setPlatform("plan9/mips").setLevel("v1").build();
        assertThatThrownBy(() -> SpecWire.read(platform))
                .hasMessageContaining("'platform'")
                .hasMessageContaining("plan9/mips");
        assertThatThrownBy(() -> WorkWire.read(rookery.v1.Work.getDefaultInstance()))
                .hasMessageContaining("upgrade the older side");
        assertThatThrownBy(() -> SpecWire.read(rookery.v1.JobSpec.getDefaultInstance()))
                .isInstanceOf(RookeryException.class);
    }

    private static SortedMap<String, String> map(String key, String value) {
        SortedMap<String, String> map = new TreeMap<>();
        map.put(key, value);
        return map;
    }
}
