package rookery.agent.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.agent.artifacts.DistfileClient;
import rookery.agent.artifacts.LayoutBlobs;
import rookery.agent.exec.Ended;
import rookery.agent.exec.LogSink;
import rookery.agent.exec.Sandbox;
import rookery.agent.exec.Words;
import rookery.agent.host.HostFacts;
import rookery.agent.host.PortableToolchain;
import rookery.agent.workspace.Cache;
import rookery.agent.workspace.ToolchainHome;
import rookery.model.AgentFacts;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.LeaseId;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Platform;
import rookery.oci.archive.Limits;
import rookery.oci.archive.TarReader;
import rookery.oci.archive.TarWriter;
import rookery.oci.layout.ImageLayout;

/// Real sandbox, real Go, real QEMU, real toolchain. The toolchain's prefix is made once per
/// machine and kept below the build directory, so only the first run pays for it.
class StepsTest {
    /// Of this run alone: the cache is shared with whoever tests at the same time.
    private static final String NAME = "steps-test-" + ProcessHandle.current().pid();

    private static final Digest KEY = new Digest("0123456789abcdef".repeat(4));

    @TempDir static Path directory;

    private static Cache cache;
    private static Sandbox sandbox;
    private static LayoutBlobs blobs;
    private static Path goRoot;
    private static AgentFacts facts;
    private static HttpServer proxy;
    private static Steps steps;
    private static long lease;

    @BeforeAll
    static void open() throws Exception {
        cache = Cache.open(usersCache(), NAME);
        sandbox = Sandbox.open(cache.room("sandbox").directory("status"));
        blobs = new LayoutBlobs(ImageLayout.create(directory.resolve("blobs")));
        SortedMap<String, String> environment = new TreeMap<>(System.getenv());
        goRoot = goRoot(environment);
        proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext(
                "/",
                exchange -> {
                    byte[] body = proxied(exchange.getRequestURI().getPath());
                    exchange.sendResponseHeaders(
                            body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
                    if (body.length > 0) exchange.getResponseBody().write(body);
                    exchange.close();
                });
        proxy.start();
        environment.put("GOPROXY", "http://127.0.0.1:" + proxy.getAddress().getPort() + ",direct");
        environment.remove("HTTP_PROXY");
        environment.remove("http_proxy");
        var toolchain = PortableToolchain.load();
        facts = HostFacts.gather(goRoot, toolchain, 1, new TreeSet<>(), cache.root());
        steps =
                new Steps(
                        new Bench(
                                blobs,
                                cache,
                                sandbox,
                                new ToolchainHome(cache, sandbox, toolchain, environment),
                                new DistfileClient(
                                        List.of(), Optional.empty(), HttpClient.Builder.NO_PROXY),
                                facts,
                                goRoot,
                                environment));
    }

    /// Toolchains take minutes to make and are named by what makes them up, so the tests use the
    /// user's own.
    private static Path usersCache() {
        String set = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path base =
                set.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(set);
        return base.resolve("rookery");
    }

    @AfterAll
    static void close() throws Exception {
        proxy.stop(0);
        sandbox.close();
        cache.close();
    }

    private static Path goRoot(SortedMap<String, String> environment) throws Exception {
        var go = (Ended.Exited) host(environment, "go", "env", "GOROOT");
        return Path.of(go.text().strip());
    }

    private static Ended host(SortedMap<String, String> environment, String... argv)
            throws Exception {
        return sandbox.host()
                .run(List.of(argv), environment, directory, Duration.ofMinutes(3), LogSink.none());
    }

    /// One module with one package, as a proxy serves it.
    private static byte[] proxied(String path) {
        String go = "module example.org/greet\n\ngo 1.21\n";
        return switch (path) {
            case "/example.org/greet/@v/v1.0.0.info" ->
                    "{\"Version\":\"v1.0.0\",\"Time\":\"2024-01-01T00:00:00Z\"}"
                            .getBytes(StandardCharsets.UTF_8);
            case "/example.org/greet/@v/v1.0.0.mod" -> go.getBytes(StandardCharsets.UTF_8);
            case "/example.org/greet/@v/v1.0.0.zip" -> zip(go);
            default -> new byte[0];
        };
    }

    private static byte[] zip(String go) {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(entry("go.mod"));
            zip.write(go.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(entry("greet.go"));
            zip.write("package greet\n\nconst Word = \"hello\"\n".getBytes(StandardCharsets.UTF_8));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// Zip's entries have times, which are part of a module's bytes.
    private static ZipEntry entry(String name) {
        var entry = new ZipEntry("example.org/greet@v1.0.0/" + name);
        entry.setTime(0);
        return entry;
    }

    private static Blob tar(SortedMap<String, String> files) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarWriter(out, Instant.EPOCH)) {
            for (var file : files.entrySet())
                tar.file(file.getKey(), 0644, file.getValue().getBytes(StandardCharsets.UTF_8));
        }
        return blobs.store(out.toByteArray());
    }

    private static SortedMap<String, String> files(String... namesAndTexts) {
        SortedMap<String, String> files = new TreeMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2)
            files.put(namesAndTexts[i], namesAndTexts[i + 1]);
        return files;
    }

    private static JobSpec.Wanted wanted(String platform) {
        Target target = Target.of(Platform.parse(platform)).orElseThrow();
        return new JobSpec.Wanted(target, target.defaultLevel(), true);
    }

    private static Order order(
            String step, Work.OnAgent work, SortedMap<StepId, Outcome.Made> inputs) {
        return new Order(
                new LeaseId(++lease),
                new JobId("j1"),
                new StepId(step),
                KEY,
                "local",
                work,
                inputs);
    }

    private static Outcome run(Order order) {
        var words = new Words();
        Outcome outcome = steps.run(order, _ -> {}, words);
        if (outcome instanceof Outcome.Broke) System.err.println(words);
        return outcome;
    }

    private static Work.GoBuild go(String platform, Blob tree, String... ldflags) {
        return new Work.GoBuild(
                new JobSpec.Build(
                        "prog",
                        ".",
                        "prog",
                        List.of(),
                        List.of(ldflags),
                        List.of(),
                        new TreeMap<>(),
                        new TreeMap<>()),
                wanted(platform),
                Toolchain.PORTABLE,
                new JobSpec.Portage(
                        List.of(),
                        List.of(),
                        List.of(new JobSpec.Repo("rookery", Optional.empty())),
                        Optional.empty()),
                new JobSpec.Source(tree, Optional.empty(), "1", "c", Instant.EPOCH),
                List.of());
    }

    private static Outcome.Made made(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Made.class);
        return (Outcome.Made) outcome;
    }

    private static Failure broke(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Broke.class);
        return ((Outcome.Broke) outcome).failure();
    }

    private static Outcome runBinary(String platform, Blob binary, JobSpec.RunCheck... checks) {
        SortedMap<String, Blob> roles = new TreeMap<>();
        roles.put("binary", binary);
        SortedMap<StepId, Outcome.Made> inputs = new TreeMap<>();
        inputs.put(
                new StepId("verify/prog/" + platform),
                new Outcome.Made(roles, binary.digest(), new TreeMap<>()));
        var work = new Work.Run(wanted(platform), "prog", List.of(checks));
        return run(order("run/prog/" + platform, work, inputs));
    }

    private static JobSpec.RunCheck check(String stdout, String... args) {
        return new JobSpec.RunCheck(List.of(args), stdout, Duration.ofSeconds(60));
    }

    /// Built by Go alone, outside: small and static.
    private static Blob plain(String architecture) throws Exception {
        Path source = Files.createDirectories(directory.resolve("plain"));
        Files.writeString(source.resolve("go.mod"), "module plain\n\ngo 1.21\n");
        Files.writeString(
                source.resolve("main.go"),
                """
                package main

                import ("os"; "runtime")

                func main() {
                    if len(os.Args) > 1 && os.Args[1] == "fail" { os.Exit(3) }
                    if len(os.Args) > 1 && os.Args[1] == "hang" { for {} }
                    entries, _ := os.ReadDir("/")
                    println(len(os.Environ()))
                    os.Stdout.WriteString("on " + runtime.GOARCH + "\\n")
                    for _, e := range entries { os.Stdout.WriteString("/" + e.Name() + "\\n") }
                }
                """);
        SortedMap<String, String> environment = new TreeMap<>(System.getenv());
        environment.put("CGO_ENABLED", "0");
        environment.put("GOARCH", architecture);
        environment.put("GOFLAGS", "");
        Path out = directory.resolve("plain-" + architecture);
        var ended =
                sandbox.host()
                        .run(
                                List.of("go", "build", "-o", out.toString(), "."),
                                environment,
                                source,
                                Duration.ofMinutes(3),
                                LogSink.none());
        assertThat(((Ended.Exited) ended).status()).isZero();
        return blobs.store(out);
    }

    @Test
    void aProgramRunsAloneInItsRootNativelyAndUnderQemu() throws Exception {
        for (String architecture : List.of("amd64", "arm64")) {
            Outcome.Made made =
                    made(
                            runBinary(
                                    "linux/" + architecture,
                                    plain(architecture),
                                    check("on " + architecture)));
            assertThat(made.notes().get("stdout")).contains("/prog").doesNotContain("/usr");
        }
    }

    @Test
    void aProgramThatDoesNotDoWhatItMustIsRefusedWithWhatItDid() throws Exception {
        Blob binary = plain("amd64");
        Failure status = broke(runBinary("linux/amd64", binary, check("", "fail")));
        assertThat(status.kind()).isEqualTo(Failure.Kind.NOT_STATIC);
        assertThat(status.message()).contains("'prog fail'").contains("status 3");
        Failure words = broke(runBinary("linux/amd64", binary, check("libcurl/")));
        assertThat(words.message()).contains("expected to print 'libcurl/'").contains("on amd64");
        var limited = new JobSpec.RunCheck(List.of("hang"), "", Duration.ofSeconds(1));
        assertThat(broke(runBinary("linux/amd64", binary, limited)).kind())
                .isEqualTo(Failure.Kind.TIMEOUT);
    }

    @Test
    void aProgramThatAsksForALoaderDoesNotStart() throws Exception {
        Blob dynamic = blobs.store(Path.of("/usr/bin/env").toRealPath());
        Failure failure = broke(runBinary("linux/amd64", dynamic, check("")));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.NOT_STATIC);
        assertThat(failure.message()).contains("could not be started").contains("loader");
    }

    @Test
    void modulesBecomeANormalisedPartOfAProxy() throws Exception {
        Blob wants =
                tar(
                        files(
                                "go.mod",
                                "module prog\n\ngo 1.21\n\nrequire example.org/greet v1.0.0\n",
                                "go.sum",
                                ""));
        Outcome.Made first = made(run(order("modules", new Work.Modules(wants), new TreeMap<>())));
        var names = new ArrayList<String>();
        byte[] bytes = Files.readAllBytes(blobs.fetch(first.blob("modules")));
        TarReader.read(
                new ByteArrayInputStream(bytes),
                Limits.ORDINARY,
                (entry, _, _) -> names.add(entry.name()));
        assertThat(names)
                .contains(
                        "example.org/greet/@v/v1.0.0.info",
                        "example.org/greet/@v/v1.0.0.mod",
                        "example.org/greet/@v/v1.0.0.zip")
                .noneMatch(n -> n.endsWith("lock") || n.endsWith("list") || n.startsWith("sumdb"));
        Outcome.Made again = made(run(order("modules", new Work.Modules(wants), new TreeMap<>())));
        assertThat(again.identity()).isEqualTo(first.identity());
    }

    @Test
    void aModuleThatNoProxyHasIsTheSpecsFault() throws Exception {
        Blob wants =
                tar(
                        files(
                                "go.mod",
                                "module prog\n\ngo 1.21\n\nrequire example.org/none v1.0.0\n",
                                "go.sum",
                                ""));
        Failure failure = broke(run(order("modules", new Work.Modules(wants), new TreeMap<>())));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.SPEC);
        assertThat(failure.message()).contains("example.org/none");
    }

    @Test
    void aProgramWithoutModulesHasAnEmptyProxy() throws Exception {
        Blob wants = tar(files("go.mod", "module prog\n\ngo 1.21\n"));
        made(run(order("modules", new Work.Modules(wants), new TreeMap<>())));
    }

    @Test
    void aCgoProgramIsBuiltStaticallyForAForeignCpuAndRuns() throws Exception {
        String source =
                """
                package main

                // #include <math.h>
                // #cgo LDFLAGS: -lm
                // static double root(double x) { return sqrt(x); }
                import "C"
                import "fmt"

                var version = "none"

                func main() { fmt.Printf("%.4f %s\\n", float64(C.root(2)), version) }
                """;
        Blob tree = tar(files("go.mod", "module prog\n\ngo 1.21\n", "main.go", source));
        Work.GoBuild work = go("linux/arm64", tree, "-X 'main.version=a \"b\"'");
        Outcome.Made made = made(run(order("go-build/prog/linux/arm64", work, new TreeMap<>())));
        // A Go compiler holds some, and no machine here has so much.
        assertThat(Long.parseLong(made.notes().getOrDefault(Outcome.Made.PEAK_MEMORY, "0")))
                .isBetween(10L << 20, 1L << 40);
        Outcome.Made ran = made(runBinary("linux/arm64", made.blob("binary"), check("1.4142")));
        assertThat(ran.notes()).containsEntry("stdout", "1.4142 a \"b\"");
        var id =
                (Ended.Exited)
                        host(
                                new TreeMap<>(System.getenv()),
                                "readelf",
                                "-n",
                                "-l",
                                blobs.fetch(made.blob("binary")).toString());
        assertThat(id.text())
                .contains("0123456789abcdef0123456789abcdef01234567")
                .doesNotContain("INTERP");
        Outcome.Made again = made(run(order("go-build/prog/linux/arm64", work, new TreeMap<>())));
        assertThat(again.identity()).isEqualTo(made.identity());

        Blob bad =
                tar(
                        files(
                                "go.mod",
                                "module prog\n\ngo 1.21\n",
                                "main.go",
                                source.replace("sqrt(x)", "sqroot(x)")));
        Failure failure =
                broke(
                        run(
                                order(
                                        "go-build/prog/linux/arm64",
                                        go("linux/arm64", bad),
                                        new TreeMap<>())));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.BUILD);
        assertThat(failure.message()).contains("sqroot");
        assertThat(failure.excerpt()).isNotEmpty();
    }

    private static Outcome resolve(String atom) {
        var portage =
                new JobSpec.Portage(
                        List.of(atom),
                        List.of(),
                        List.of(new JobSpec.Repo("rookery", Optional.empty())),
                        Optional.empty());
        Target target = Target.ofChost("aarch64-unknown-linux-musl").orElseThrow();
        return run(
                order(
                        "resolve/" + target.chost(),
                        new Work.Resolve(target, Toolchain.PORTABLE, portage),
                        new TreeMap<>()));
    }

    @Test
    void portageResolvesWhatThereIsAndNamesWhatThereIsNot() throws Exception {
        Outcome.Made made = made(resolve("net-misc/curl"));
        assertThat(Files.readString(blobs.fetch(made.blob("graph"))))
                .contains("\"net-misc/curl-")
                .contains("\"sys-libs/zlib-");
        Failure failure = broke(resolve("net-misc/crul"));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.SPEC);
        assertThat(failure.message()).contains("net-misc/crul").contains("net-misc/curl");
    }

    @Test
    void anInterruptedStepIsCancelledAndLeavesNothing() throws Exception {
        Blob binary = plain("amd64");
        var began = new CountDownLatch(1);
        var outcomes = new ArrayList<Outcome>();
        SortedMap<String, Blob> roles = new TreeMap<>();
        roles.put("binary", binary);
        SortedMap<StepId, Outcome.Made> inputs = new TreeMap<>();
        inputs.put(
                new StepId("verify/prog/linux/amd64"),
                new Outcome.Made(roles, binary.digest(), new TreeMap<>()));
        var work = new Work.Run(wanted("linux/amd64"), "prog", List.of(check("", "hang")));
        Order order = order("run/prog/linux/amd64", work, inputs);
        Thread thread =
                Thread.ofVirtual()
                        .start(() ->
                                outcomes.add(
                                        steps.run(
                                                order,
                                                phase -> {
                                                    if (phase.equals("run")) began.countDown();
                                                },
                                                LogSink.none())));
        began.await();
        thread.interrupt();
        thread.join();
        assertThat(broke(outcomes.getFirst()).kind()).isEqualTo(Failure.Kind.CANCELLED);
        try (var rooms = Files.list(cache.root().resolve("work").resolve(NAME))) {
            assertThat(rooms.map(p -> String.valueOf(p.getFileName())))
                    .noneMatch(name -> name.startsWith(order.lease() + "-"));
        }
    }

    @Test
    void anInputThatTheStoreLacksIsToldAsLost() {
        Blob gone = Blob.of(new byte[] {9, 9});
        assertThat(broke(runBinary("linux/amd64", gone, check(""))).kind())
                .isEqualTo(Failure.Kind.INPUT_LOST);
    }
}
