package rookery.agent.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import rookery.model.AgentFacts;
import rookery.model.Blame;
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

class RecipeTest {
    private static final Blob TREE = Blob.of(new byte[] {1});
    private static final JobSpec.Source SOURCE =
            new JobSpec.Source(
                    TREE, Optional.empty(), "1.0", "c0ffee", Instant.ofEpochSecond(1234));
    private static final JobSpec.Portage PORTAGE =
            new JobSpec.Portage(
                    List.of("net-misc/curl"),
                    List.of("static-libs", "-ipv6"),
                    List.of(
                            new JobSpec.Repo("rookery", Optional.empty()),
                            new JobSpec.Repo("local", Optional.of(TREE))),
                    Optional.empty());
    private static final Digest KEY = new Digest("0123456789abcdef".repeat(4));

    static AgentFacts facts() {
        SortedMap<Toolchain, Digest> toolchains = new TreeMap<>();
        toolchains.put(Toolchain.PORTABLE, new Digest("1".repeat(64)));
        return new AgentFacts(
                "amd64",
                new Digest("2".repeat(64)),
                "go1.26.8",
                toolchains,
                new TreeMap<>(),
                4,
                1L << 30,
                2,
                new TreeSet<>());
    }

    private static Staged staged(boolean vendored, Place... without) {
        Map<Place, String> places = new EnumMap<>(Place.class);
        for (Place place : Place.values()) places.put(place, "/outside/" + place);
        places.remove(Place.EMULATOR);
        for (Place place : without) places.remove(place);
        SortedMap<String, String> repos = new TreeMap<>();
        repos.put("rookery", "/outside/rookery");
        repos.put("local", "/outside/local");
        return new Staged(places, repos, new TreeMap<>(), vendored);
    }

    private static JobSpec.Wanted wanted(String platform, String level) {
        Target target = Target.of(Platform.parse(platform)).orElseThrow();
        return new JobSpec.Wanted(target, target.level(level).orElseThrow(), true);
    }

    private static JobSpec.Build program(SortedMap<String, String> env, String... flags) {
        return new JobSpec.Build(
                "curl-version",
                "./cmd/x",
                "curl-version",
                List.of(flags),
                List.of("-s -w", "-X main.version=1.0"),
                List.of("netgo", "osusergo"),
                env,
                new TreeMap<>());
    }

    private static Order order(Work.OnAgent work, SortedMap<StepId, Outcome.Made> inputs) {
        return new Order(
                new LeaseId(1), new JobId("j1"), new StepId("step"), KEY, "local", work, inputs);
    }

    private static Work.GoBuild go(JobSpec.Build build, JobSpec.Wanted wanted, String... closure) {
        return new Work.GoBuild(
                build, wanted, Toolchain.PORTABLE, PORTAGE, SOURCE, List.of(closure));
    }

    private static SortedMap<StepId, Outcome.Made> zlib(String identity) {
        SortedMap<StepId, Outcome.Made> inputs = new TreeMap<>();
        inputs.put(
                new StepId("package/aarch64-unknown-linux-musl/sys-libs/zlib-1.3.1"),
                new Outcome.Made(
                        new TreeMap<>(), new Digest(identity.repeat(64)), new TreeMap<>()));
        return inputs;
    }

    private static List<Stage> stages(Work.GoBuild work, SortedMap<StepId, Outcome.Made> inputs) {
        return Recipe.stages(order(work, inputs), staged(false), facts());
    }

    @Test
    void aGoBuildWithPackagesFillsTheSysrootThenChecksThenCompiles() {
        var work =
                go(program(new TreeMap<>()), wanted("linux/arm64", "v8.0"), "sys-libs/zlib-1.3.1");
        List<Stage> stages = stages(work, zlib("a"));
        assertThat(stages).extracting(Stage::phase).containsExactly("sysroot", "check", "compile");
        assertThat(stages.getFirst().command().argv())
                .containsExactly(
                        "/prefix/usr/libexec/rookery/sysroot", "aarch64-unknown-linux-musl");
        assertThat(stages.getFirst().command().env())
                .containsEntry("ROOKERY_DEPS", "sys-libs/zlib-1.3.1")
                .containsEntry("ROOKERY_USE", "static-libs -ipv6")
                .containsEntry("ROOKERY_REPOS", "rookery local");
    }

    @Test
    void theCompilersCommandLineIsExactlyThis() {
        var work = go(program(new TreeMap<>(), "-v"), wanted("linux/arm64", "v8.0"));
        assertThat(stages(work, new TreeMap<>()).getLast().command().argv())
                .containsExactly(
                        "/opt/go/bin/go",
                        "build",
                        "-trimpath",
                        "-buildvcs=false",
                        "-v",
                        "-tags",
                        "netgo,osusergo",
                        "-ldflags",
                        "-s -w -X main.version=1.0 -linkmode external -extldflags -static -buildid= -B 0x0123456789abcdef0123456789abcdef01234567",
                        "-o",
                        "/out/curl-version",
                        "--",
                        "./cmd/x");
    }

    @Test
    void theEnvironmentIsMadeFromNothing() {
        var work = go(program(new TreeMap<>()), wanted("linux/arm64", "v8.0"));
        SandboxCommand command = stages(work, new TreeMap<>()).getLast().command();
        assertThat(command.network()).isFalse();
        assertThat(command.directory()).isEqualTo("/src");
        var env = new TreeMap<>(command.env());
        assertThat(env.remove("CGO_LDFLAGS")).matches("-O2 -g -L/sysroot/\\.key/[0-9a-f]{64}");
        assertThat(env.toString())
                .isEqualTo(
                        "{AR=aarch64-unknown-linux-musl-ar, CC=aarch64-unknown-linux-musl-gcc, CGO_CFLAGS=-O2 -g,"
                                + " CGO_CXXFLAGS=-O2 -g, CGO_ENABLED=1, CXX=aarch64-unknown-linux-musl-g++,"
                                + " GOARCH=arm64, GOARM64=v8.0, GOCACHE=/gocache, GOENV=off, GOFLAGS=-mod=readonly,"
                                + " GOMODCACHE=/build/mod, GOOS=linux, GOPATH=/build/go, GOPROXY=file:///modules,"
                                + " GOSUMDB=off, GOTELEMETRY=off, GOTMPDIR=/build, GOTOOLCHAIN=local, GOVCS=*:off,"
                                + " HOME=/build, LC_ALL=C.UTF-8,"
                                + " PATH=/prefix/usr/bin:/prefix/bin:/opt/go/bin:/usr/bin:/bin:/usr/sbin:/sbin,"
                                + " PKG_CONFIG=aarch64-unknown-linux-musl-pkg-config, PORTAGE_GRPNAME=root,"
                                + " PORTAGE_USERNAME=root, ROOKERY_STATIC=1, SOURCE_DATE_EPOCH=1767225600,"
                                + " SYSROOT=/sysroot, TZ=UTC, ZIG_GLOBAL_CACHE_DIR=/zig,"
                                + " ZIG_LOCAL_CACHE_DIR=/zig}");
    }

    @Test
    void aLevelReachesGoAndTheCCompilerAfterTheUsersOwnFlags() {
        SortedMap<String, String> env = new TreeMap<>();
        env.put("CGO_CFLAGS", "-O3");
        var work = go(program(env), wanted("linux/amd64", "v3"));
        assertThat(stages(work, new TreeMap<>()).getLast().command().env())
                .containsEntry("GOAMD64", "v3")
                .containsEntry("CGO_CFLAGS", "-O3 -march=x86-64-v3")
                .containsEntry("CGO_CXXFLAGS", "-O2 -g -march=x86-64-v3");
    }

    @Test
    void anotherContentOfAPackageIsAnotherSearchPathForTheLinker() {
        var work =
                go(program(new TreeMap<>()), wanted("linux/arm64", "v8.0"), "sys-libs/zlib-1.3.1");
        String a = stages(work, zlib("a")).getLast().command().env().get("CGO_LDFLAGS");
        String b = stages(work, zlib("b")).getLast().command().env().get("CGO_LDFLAGS");
        assertThat(a).isNotEqualTo(b);
        assertThat(a).endsWith(Recipe.keyDirectory(order(work, zlib("a")), work, facts()));
    }

    @Test
    void windowsBinariesGetTheirSuffix() {
        var work = go(program(new TreeMap<>()), wanted("windows/amd64", "v1"));
        assertThat(stages(work, new TreeMap<>()).getLast().command().argv())
                .contains("/out/curl-version.exe");
    }

    @Test
    void vendoredModulesAreUsedAndNoProxyIs() {
        var work = go(program(new TreeMap<>()), wanted("linux/amd64", "v1"));
        Staged staged = staged(true, Place.MODULES);
        assertThat(
                        Recipe.stages(order(work, new TreeMap<>()), staged, facts())
                                .getLast()
                                .command()
                                .env())
                .containsEntry("GOFLAGS", "-mod=vendor")
                .containsEntry("GOPROXY", "off");
    }

    @Test
    void cgoCannotBeTurnedOffByTheUser() {
        SortedMap<String, String> env = new TreeMap<>();
        env.put("CGO_ENABLED", "0");
        var work = go(program(env), wanted("linux/amd64", "v1"));
        assertThatThrownBy(() -> stages(work, new TreeMap<>()))
                .isInstanceOfSatisfying(
                        RookeryException.class, e -> assertThat(e.blame()).isEqualTo(Blame.SPEC))
                .hasMessageContaining("CGO_ENABLED");
    }

    @Test
    void flagsThatUndoTheFarmsPromisesAreRefused() {
        for (String flag :
                List.of(
                        "-o=/etc/passwd",
                        "--ldflags=-s",
                        "-toolexec=/bin/sh",
                        "-buildvcs=true",
                        "x.go"))
            assertThatThrownBy(() ->
                            stages(
                                    go(program(new TreeMap<>(), flag), wanted("linux/amd64", "v1")),
                                    new TreeMap<>()))
                    .hasMessageContaining(flag);
    }

    /// The spec's reader has the same list in its own test.
    @Test
    void everyFlagThatASpecMayGiveIsTaken() {
        for (String flag :
                List.of(
                        "-v",
                        "-x",
                        "-a",
                        "-trimpath",
                        "--trimpath",
                        "-buildvcs=false",
                        "--buildvcs=false",
                        "-gcflags=all=-l",
                        "-asmflags=-S",
                        "-pgo=off")) {
            List<String> argv =
                    stages(
                                    go(program(new TreeMap<>(), flag), wanted("linux/amd64", "v1")),
                                    new TreeMap<>())
                            .getLast()
                            .command()
                            .argv();
            assertThat(argv).containsOnlyOnce(flag.replaceFirst("^--", "-"));
        }
    }

    @Test
    void aStepWithoutAPackageItWasPromisedIsABug() {
        var work =
                go(program(new TreeMap<>()), wanted("linux/arm64", "v8.0"), "sys-libs/zlib-1.3.1");
        assertThatThrownBy(() -> stages(work, new TreeMap<>()))
                .isInstanceOfSatisfying(
                        RookeryException.class, e -> assertThat(e.blame()).isEqualTo(Blame.BUG));
    }

    @Test
    void resolveAsksInJson() {
        var work =
                new Work.Resolve(
                        Target.ofChost("x86_64-w64-mingw32").orElseThrow(),
                        Toolchain.PORTABLE,
                        PORTAGE);
        SandboxCommand command =
                Recipe.stages(order(work, new TreeMap<>()), staged(false), facts())
                        .getFirst()
                        .command();
        assertThat(command.stdin())
                .isEqualTo(
                        "{\"chost\":\"x86_64-w64-mingw32\",\"packages\":[\"net-misc/curl\"],\"use\":[\"static-libs\",\"-ipv6\"],\"repos\":[\"rookery\",\"local\"]}");
        assertThat(command.mounts())
                .contains(
                        new Mount.Bind("/outside/local", "/repos/local", false),
                        new Mount.Bind("/outside/VAR", "/prefix/var", true),
                        new Mount.Bind("/outside/PREFIX", "/prefix", false),
                        new Mount.Bind("/outside/CONFIG", "/config", false));
        assertThat(command.mounts().indexOf(new Mount.Bind("/outside/VAR", "/prefix/var", true)))
                .isGreaterThan(
                        command.mounts()
                                .indexOf(new Mount.Bind("/outside/PREFIX", "/prefix", false)));
    }

    @Test
    void aPackageIsBuiltWithItsPlanInTheEnvironment() {
        var node =
                new MergeGraph.Node(
                        "net-misc/curl-8.5.0",
                        "0",
                        "rookery",
                        List.of(),
                        "r",
                        new TreeMap<>(),
                        List.of(),
                        List.of());
        var work =
                new Work.PackageBuild(
                        Target.ofChost("riscv64-unknown-linux-musl").orElseThrow(),
                        Toolchain.PORTABLE,
                        PORTAGE,
                        node,
                        List.of("sys-libs/zlib-1.3.1", "net-dns/c-ares-1.2"));
        SandboxCommand command =
                Recipe.stages(order(work, new TreeMap<>()), staged(false), facts())
                        .getFirst()
                        .command();
        assertThat(command.argv())
                .containsExactly(
                        "/prefix/usr/libexec/rookery/package",
                        "riscv64-unknown-linux-musl",
                        "net-misc/curl-8.5.0");
        assertThat(command.env())
                .containsEntry("ROOKERY_DEPS", "sys-libs/zlib-1.3.1 net-dns/c-ares-1.2")
                .containsEntry("ROOKERY_JOBS", "4")
                .containsKey("SOURCE_DATE_EPOCH");
    }

    @Test
    void aProgramRunsAloneInItsRoot() {
        var checks =
                List.of(
                        new JobSpec.RunCheck(List.of(), "", Duration.ofSeconds(5)),
                        new JobSpec.RunCheck(List.of("-v", "a b"), "x", Duration.ofSeconds(7)));
        var work = new Work.Run(wanted("linux/amd64", "v1"), "sqrt", checks);
        List<Stage> stages = Recipe.stages(order(work, new TreeMap<>()), staged(false), facts());
        assertThat(stages).hasSize(2);
        SandboxCommand second = stages.getLast().command();
        assertThat(second.argv()).containsExactly("/sqrt", "-v", "a b");
        assertThat(second.mounts())
                .containsExactly(new Mount.Bind("/outside/BINARY", "/sqrt", false));
        assertThat(second.env()).isEmpty();
        assertThat(second.timeLimit()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aForeignProgramBringsItsEmulator() {
        Map<Place, String> places = new EnumMap<>(Place.class);
        places.put(Place.BINARY, "/outside/b");
        places.put(Place.EMULATOR, "/usr/bin/qemu-aarch64-static");
        var staged = new Staged(places, new TreeMap<>(), new TreeMap<>(), false);
        var work =
                new Work.Run(
                        wanted("linux/arm64", "v8.0"),
                        "sqrt",
                        List.of(new JobSpec.RunCheck(List.of(), "", Duration.ofSeconds(5))));
        SandboxCommand command =
                Recipe.stages(order(work, new TreeMap<>()), staged, facts()).getFirst().command();
        assertThat(command.argv()).containsExactly("/.qemu", "/sqrt");
        assertThat(command.mounts())
                .contains(new Mount.Bind("/usr/bin/qemu-aarch64-static", "/.qemu", false));
    }

    @Test
    void onlyModulesAreFetchedWithANetworkAndOnlyFromAProxy() {
        SortedMap<String, String> network = new TreeMap<>();
        network.put("GOPROXY", "https://proxy.example");
        var staged = new Staged(staged(false).places(), new TreeMap<>(), network, false);
        SandboxCommand command =
                Recipe.stages(order(new Work.Modules(TREE), new TreeMap<>()), staged, facts())
                        .getFirst()
                        .command();
        assertThat(command.network()).isTrue();
        assertThat(command.argv()).containsExactly("/opt/go/bin/go", "mod", "download");
        assertThat(command.env())
                .containsEntry("GOPROXY", "https://proxy.example")
                .containsEntry("GOVCS", "*:off")
                .containsEntry("GOTOOLCHAIN", "local");
        assertThat(command.mounts()).noneMatch(m -> m.toString().contains("SRC"));
    }

    @Test
    void anArgumentThatLinuxCannotTakeIsRefused() {
        SortedMap<String, String> env = new TreeMap<>();
        env.put("LONG", "x".repeat(SandboxCommand.ARGUMENT_CHARS));
        assertThatThrownBy(() ->
                        new SandboxCommand(
                                List.of("/bin/true"),
                                env,
                                List.of(),
                                "/",
                                false,
                                "",
                                Duration.ofSeconds(1)))
                .hasMessageContaining("LONG");
    }
}
