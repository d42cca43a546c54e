package rookery.coordinator.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.coordinator.Given;
import rookery.coordinator.farm.Standing;
import rookery.model.AgentFacts;
import rookery.model.Failure;
import rookery.model.JobSpec;
import rookery.model.MergeGraph;
import rookery.model.Target;
import rookery.model.Toolchain;

/// Farms in the middle of their day.
public final class Scenes {
    public static final String ZLIB = "package/x86_64-unknown-linux-musl/sys-libs/zlib-1.3.1";
    public static final String OPENSSL =
            "package/riscv64-unknown-linux-musl/dev-libs/openssl-3.5.2";

    private Scenes() {}

    /// Three agents; one job done, one in its midst with a failure, one that nobody can do.
    public static PlayedFarm busy() {
        var farm = new PlayedFarm().graph(Scenes::graph);
        farm.agent("attic", facts("arm64", 2, 1, "slow"))
                .agent("forge-1", facts("amd64", 16, 6))
                .agent("forge-2", facts("amd64", 8, 4, "ssd"));
        farm.submit("j7f3a91c0", named("fc2-live-dl-go", "v2.4.1"), true).finishAllBut();
        farm.pass(Duration.ofMinutes(4));
        farm.refuse(
                "verify/app/linux/arm64",
                new Failure(
                        Failure.Kind.NOT_STATIC,
                        "the gate refused the binary for linux/arm64 (ELF 64-bit arm64, dynamic): it asks"
                                + " for the loader /lib/ld-musl-aarch64.so.1; build net-libs/nghttp2 with"
                                + " USE=static-libs",
                        List.of(
                                "fail interp: PT_INTERP names /lib/ld-musl-aarch64.so.1; link with -extldflags -static",
                                "fail needed: DT_NEEDED libnghttp2.so.14; build net-libs/nghttp2 with USE=static-libs",
                                "note rpath: none")));
        farm.submit("j81d20e44", named("curl-static", "v1.0.0"), true);
        farm.finishAllBut(OPENSSL, "go-build/app/linux/amd64", "go-build/app/windows/amd64");
        farm.pass(Duration.ofSeconds(47));
        farm.phase(OPENSSL, "src_compile").phase("go-build/app/linux/amd64", "net/http");
        farm.submit("j9ab04b17", onlyOn("trusted-pool"), false).finishAllBut(kept());
        farm.rule("attic", Standing.CORDONED);
        return farm.pass(Duration.ofSeconds(9));
    }

    private static String[] kept() {
        return new String[] {OPENSSL, "go-build/app/linux/amd64", "go-build/app/windows/amd64"};
    }

    public static AgentFacts facts(String architecture, int cores, int slots, String... labels) {
        AgentFacts plain = Given.facts(slots, "amd64", "arm64", "riscv64");
        return new AgentFacts(
                architecture,
                plain.hostTools(),
                plain.goVersion(),
                plain.toolchains(),
                plain.emulators(),
                cores,
                (long) cores << 31,
                slots,
                new TreeSet<>(List.of(labels)));
    }

    public static JobSpec named(String project, String version) {
        JobSpec spec =
                Given.spec(
                        List.of("net-misc/curl"),
                        Given.required(Given.AMD64),
                        Given.optional(Given.ARM64),
                        Given.required(Given.RISCV64),
                        Given.optional(Given.WINDOWS));
        return new JobSpec(
                project,
                new JobSpec.Source(
                        spec.source().tree(),
                        spec.source().modules(),
                        version,
                        spec.source().commit(),
                        Given.T0),
                spec.builds(),
                spec.portage(),
                spec.platforms(),
                Toolchain.PORTABLE,
                spec.verify(),
                List.of(
                        new JobSpec.Image(
                                "app",
                                "registry.example/team/"
                                        + (project.matches("[a-z0-9-]{1,40}") ? project : "app"),
                                List.of("latest", version),
                                List.of(),
                                new TreeMap<>(),
                                List.of())),
                spec.farm());
    }

    private static JobSpec onlyOn(String label) {
        JobSpec spec = Given.spec(List.of(), Given.required(Given.AMD64));
        return new JobSpec(
                "secret-service",
                spec.source(),
                spec.builds(),
                spec.portage(),
                spec.platforms(),
                spec.toolchain(),
                spec.verify(),
                spec.images(),
                new JobSpec.FarmOptions("demo", "local", 0, new TreeSet<>(List.of(label))));
    }

    private static MergeGraph graph(Target target) {
        var nodes = new ArrayList<MergeGraph.Node>();
        nodes.add(Given.node("app-arch/zstd-1.5.7"));
        nodes.add(Given.node("app-arch/brotli-1.1.0"));
        nodes.add(Given.node("dev-libs/libunistring-1.3"));
        nodes.add(Given.node("sys-libs/zlib-1.3.1"));
        nodes.add(Given.node("dev-libs/openssl-3.5.2", "sys-libs/zlib-1.3.1"));
        nodes.add(Given.node("net-dns/libidn2-2.3.8", "dev-libs/libunistring-1.3"));
        nodes.add(Given.node("net-libs/nghttp2-1.66.0"));
        if (!target.equals(Given.WINDOWS))
            nodes.add(Given.node("net-libs/libpsl-0.21.5", "net-dns/libidn2-2.3.8"));
        nodes.add(
                Given.node(
                        "net-misc/curl-8.15.0",
                        "dev-libs/openssl-3.5.2",
                        "net-libs/nghttp2-1.66.0",
                        "app-arch/brotli-1.1.0"));
        return new MergeGraph(target.chost(), nodes);
    }

    /// The step's log where it is about the one that is at work.
    public static Optional<String> log(String step) {
        if (!step.equals(OPENSSL)) return Optional.empty();
        return Optional.of(
                """
                \u001b[32m>>>\u001b[0m Emerging (1 of 1) dev-libs/openssl-3.5.2::gentoo for /sysroot
                 \u001b[32m*\u001b[0m openssl-3.5.2.tar.gz BLAKE2B SHA512 size ;-) ...                 [ ok ]
                \u001b[32m>>>\u001b[0m Unpacking source...
                \u001b[32m>>>\u001b[0m Configuring source in /build/openssl-3.5.2 ...
                Configuring OpenSSL version 3.5.2 for target linux64-riscv64
                Using os-specific seed configuration
                Created configdata.pm
                riscv64-unknown-linux-musl-gcc -O2 -pipe -fPIC -c crypto/aes/aes_core.c
                \u001b[1mcrypto/aes/aes_core.c:42:7:\u001b[0m \u001b[35mwarning:\u001b[0m unused variable 'x' [-Wunused-variable]
                riscv64-unknown-linux-musl-gcc -O2 -pipe -fPIC -c crypto/bn/bn_mul.c
                riscv64-unknown-linux-musl-ar r libcrypto.a crypto/aes/aes_core.o
                """);
    }
}
