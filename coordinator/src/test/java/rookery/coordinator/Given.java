package rookery.coordinator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.model.AgentFacts;
import rookery.model.Distfile;
import rookery.model.JobSpec;
import rookery.model.MergeGraph;
import rookery.model.Outcome;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Platform;
import rookery.oci.layout.ImageLayout;

/// Specs, graphs and agents that tests start from.
public final class Given {
    public static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    public static final Target AMD64 = target("linux/amd64");
    public static final Target ARM64 = target("linux/arm64");
    public static final Target RISCV64 = target("linux/riscv64");
    public static final Target WINDOWS = target("windows/amd64");

    private Given() {}

    public static Target target(String platform) {
        return Target.of(Platform.parse(platform)).orElseThrow();
    }

    public static Digest digest(String of) {
        return Digest.of(of.getBytes(UTF_8));
    }

    public static Blob blob(String of) {
        return Blob.of(of.getBytes(UTF_8));
    }

    public static JobSpec.Wanted required(Target target) {
        return new JobSpec.Wanted(target, target.defaultLevel(), true);
    }

    public static JobSpec.Wanted optional(Target target) {
        return new JobSpec.Wanted(target, target.defaultLevel(), false);
    }

    public static JobSpec.Build build(String id) {
        return new JobSpec.Build(
                id,
                ".",
                id,
                List.of(),
                List.of("-s -w"),
                List.of(),
                new TreeMap<>(),
                new TreeMap<>());
    }

    /// Tagged `latest`, with nothing in it but the build's program.
    public static JobSpec.Image image(String build) {
        return new JobSpec.Image(
                build,
                "registry.example/" + build,
                List.of("latest"),
                List.of(),
                new TreeMap<>(),
                List.of());
    }

    /// A program with modules, one image, one smoke run.
    public static JobSpec spec(List<String> packages, JobSpec.Wanted... platforms) {
        return new JobSpec(
                "demo",
                new JobSpec.Source(blob("tree"), Optional.of(blob("go.mod")), "1.0", "abc", T0),
                List.of(build("app")),
                new JobSpec.Portage(
                        packages,
                        List.of("static-libs"),
                        List.of(new JobSpec.Repo("rookery", Optional.empty())),
                        Optional.empty()),
                List.of(platforms),
                Toolchain.PORTABLE,
                new JobSpec.Verify(
                        "scratch",
                        List.of(new JobSpec.RunCheck(List.of(), "hello", Duration.ofSeconds(30)))),
                List.of(image("app")),
                new JobSpec.FarmOptions("demo", "local", 0, new TreeSet<>()));
    }

    public static Distfile distfile(String name) {
        String hash = digest(name).hex().repeat(2);
        return new Distfile(name, 10, hash, hash, List.of());
    }

    public static MergeGraph.Node node(String cpv, String... needs) {
        return new MergeGraph.Node(
                cpv,
                "0",
                "rookery",
                List.of("static-libs"),
                "ebuild 1",
                new TreeMap<>(),
                List.of(distfile(cpv.replace('/', '_') + ".tar.gz")),
                List.of(needs));
    }

    /// curl on top of zlib and openssl. Puts what [#spec] names where a submitter would have
    /// uploaded it.
    public static ImageLayout uploaded(ImageLayout store) throws IOException {
        for (String content : List.of("tree", "go.mod")) store.put(content.getBytes(UTF_8));
        return store;
    }

    public static MergeGraph graph(Target target) {
        return new MergeGraph(
                target.chost(),
                List.of(
                        node("sys-libs/zlib-1.3"),
                        node("dev-libs/openssl-3.0"),
                        node("net-misc/curl-8.0", "sys-libs/zlib-1.3", "dev-libs/openssl-3.0")));
    }

    public static AgentFacts facts(int slots, String... architectures) {
        SortedMap<String, Digest> emulators = new TreeMap<>();
        for (String architecture : architectures)
            emulators.put(architecture, digest("qemu " + architecture));
        SortedMap<Toolchain, Digest> toolchains = new TreeMap<>();
        toolchains.put(Toolchain.PORTABLE, digest("portable 1"));
        return new AgentFacts(
                "amd64",
                digest("tools"),
                "go1.26.8",
                toolchains,
                emulators,
                2,
                1L << 33,
                slots,
                new TreeSet<>());
    }

    public static Outcome.Made made(String role, String content) {
        SortedMap<String, Blob> blobs = new TreeMap<>();
        blobs.put(role, blob(content));
        return new Outcome.Made(blobs, blob(content).digest(), new TreeMap<>());
    }
}
