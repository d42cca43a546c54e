package rookery.coordinator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.coordinator.blobs.Book;
import rookery.coordinator.store.Holdings;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.oci.layout.ImageLayout;
import rookery.v1.JobView;
import rookery.v1.JobsGrpc;
import rookery.v1.StepView;
import rookery.v1.SubmitRequest;
import rookery.v1.WatchRequest;
import rookery.wire.SpecWire;
import rookery.wire.WorkWire;

/// The whole coordinator over real gRPC services, with agents that are played by the test.
class CoordinatorTest {
    private static final JobSpec SPEC =
            Given.spec(List.of("net-misc/curl"), Given.required(Given.AMD64));

    @TempDir Path dir;

    @Test
    void aJobGoesFromItsSpecToARefusedBinaryThroughEveryService() throws Exception {
        try (var farm = new Running(dir)) {
            String job = farm.submit("r1");
            try (var agent = new PlayedAgent(farm.channel, farm.blobs)) {
                agent.join();
                JobView end = farm.last(job);
                // The played agent's "binary" is a text: the gate must say so, and nothing may be
                // assembled.
                assertThat(end.getState()).isEqualTo("failed");
                assertThat(step(end, "verify/app/linux/amd64").getFailure().getKind())
                        .isEqualTo(Failure.Kind.NOT_STATIC.name());
                assertThat(step(end, "assemble/registry.example/app").getState())
                        .isEqualTo("cancelled");
                assertThat(
                                step(end, "package/x86_64-unknown-linux-musl/net-misc/curl-8.0")
                                        .getState())
                        .isEqualTo("done");
            }
            assertThat(farm.coordinator.log(new JobId(job), new StepId("modules")))
                    .hasContent("log of modules");
        }
    }

    @Test
    void aProgramThatIsLinkedDynamicallyIsRefusedWithTheReasonAndNothingIsAssembled()
            throws Exception {
        Path program = Files.createDirectories(dir.resolve("program"));
        Files.writeString(program.resolve("go.mod"), "module m\n");
        Files.writeString(
                program.resolve("main.go"),
                "package main\n\n// #include <stdlib.h>\nimport \"C\"\n\nfunc main() { C.abs(-1) }\n");
        var builder =
                new ProcessBuilder("go", "build", "-o", "app", ".").directory(program.toFile());
        builder.environment().put("CGO_ENABLED", "1");
        assertThat(builder.inheritIO().start().waitFor()).isZero();
        try (var farm = new Running(dir);
                var agent =
                        new PlayedAgent(
                                farm.channel,
                                farm.blobs,
                                Files.readAllBytes(program.resolve("app")))) {
            agent.join();
            JobView end = farm.last(farm.submit("r1"));
            var failure = step(end, "verify/app/linux/amd64").getFailure();
            assertThat(Failure.Kind.valueOf(failure.getKind()).exitCode()).isEqualTo(11);
            assertThat(failure.getMessage()).contains("/lib64/ld-linux-x86-64.so.2");
            assertThat(failure.getExcerptList()).anyMatch(l -> l.contains("libc.so.6"));
            assertThat(step(end, "run/app/linux/amd64").getState()).isEqualTo("cancelled");
            assertThat(step(end, "assemble/registry.example/app").getState())
                    .isEqualTo("cancelled");
        }
    }

    @Test
    void aCoordinatorThatWasStoppedGoesOnWhereItWas() throws Exception {
        String job;
        try (var farm = new Running(dir)) {
            job = farm.submit("r1");
        }
        try (var farm = new Running(dir);
                var agent = new PlayedAgent(farm.channel, farm.blobs)) {
            agent.join();
            assertThat(farm.last(job).getState()).isEqualTo("failed");
            assertThat(farm.submit("r2")).isNotEqualTo(job);
        }
    }

    @Test
    void whatWasMadeOnceIsRecalledAfterARestart() throws Exception {
        try (var farm = new Running(dir);
                var agent = new PlayedAgent(farm.channel, farm.blobs)) {
            agent.join();
            farm.last(farm.submit("r1"));
        }
        try (var farm = new Running(dir);
                var agent = new PlayedAgent(farm.channel, farm.blobs)) {
            agent.join();
            JobView end = farm.last(farm.submit("r2"));
            assertThat(end.getStepsList().stream().filter(s -> s.getState().equals("done")))
                    .isNotEmpty()
                    .allMatch(s -> s.getRecalled() == !isRefused(s));
        }
    }

    /// The played binary is no ELF file; what the gate refuses is nobody's result.
    private static boolean isRefused(StepView step) {
        return step.getKind().equals("go-build");
    }

    @Test
    void aDamagedResultIsMadeAgainAndNothingElse() throws Exception {
        String gpkg = "package/x86_64-unknown-linux-musl/net-misc/curl-8.0";
        JobView first;
        try (var farm = new Running(dir);
                var agent = new PlayedAgent(farm.channel, farm.blobs)) {
            agent.join();
            first = farm.last(farm.submit("r1"));
        }
        try (var farm = new Running(dir);
                var agent = new PlayedAgent(farm.channel, farm.blobs)) {
            var blob = WorkWire.read(step(first, gpkg).getMade()).blob("gpkg");
            Path file = farm.blobs.find(blob.digest()).orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[0] ^= 1;
            Files.write(file, bytes);
            agent.join();
            JobView end = farm.last(farm.submit("r2"));
            assertThat(end.getStepsList().stream().filter(s -> s.getState().equals("done")))
                    .allMatch(s -> s.getRecalled() == !(isRefused(s) || s.getId().equals(gpkg)));
            assertThat(step(end, gpkg).getState()).isEqualTo("done");
            farm.blobs.verify(blob.digest());
        }
    }

    @Test
    void whatTheBookHoldsIsWhatJobsAndResultsNameUntilItIsForgotten() throws Exception {
        Path database = dir.resolve("state").resolve("farm.db");
        try (var farm = new Running(dir);
                var agent = new PlayedAgent(farm.channel, farm.blobs)) {
            String running = farm.submit("r1");
            try (var book = Holdings.open(database)) {
                Book.Held row = book.read().getFirst();
                assertThat(row.reason()).isEqualTo(Book.Reason.RUNNING);
                assertThat(row.id()).isEqualTo(running);
                assertThat(row.digests())
                        .containsExactlyInAnyOrder(Given.digest("tree"), Given.digest("go.mod"));
                assertThatThrownBy(() -> book.forget(List.of(row)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            agent.join();
            farm.last(running);
        }
        try (var book = Holdings.open(database)) {
            List<Book.Held> rows = book.read();
            assertThat(rows).extracting(Book.Held::reason).contains(Book.Reason.RESULT);
            assertThat(rows.getFirst().reason()).isEqualTo(Book.Reason.ENDED);
            assertThat(rows.getFirst().digests()).hasSizeGreaterThan(2);
            book.forget(rows);
            // The job is young: the farm may have it in memory, so its rows stay.
            assertThat(book.read()).extracting(Book.Held::id).containsExactly(rows.getFirst().id());
        }
        try (var farm = new Running(dir);
                var agent = new PlayedAgent(farm.channel, farm.blobs)) {
            agent.join();
            assertThat(farm.last(farm.submit("r2")).getStepsList())
                    .noneMatch(StepView::getRecalled);
        }
    }

    @Test
    void aJobThatIsNotThereCannotBeWatched() throws Exception {
        try (var farm = new Running(dir)) {
            assertThatThrownBy(() -> farm.last("j404"))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("there is no job j404");
        }
    }

    private static StepView step(JobView view, String id) {
        return view.getStepsList().stream()
                .filter(s -> s.getId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /// A coordinator with its server and one channel to it.
    private static final class Running implements AutoCloseable {
        private static final AtomicInteger NAMES = new AtomicInteger();
        private static final AtomicInteger JOBS = new AtomicInteger();
        final ImageLayout blobs;
        final Coordinator coordinator;
        final Server server;
        final ManagedChannel channel;

        Running(Path dir) throws IOException {
            blobs = Given.uploaded(ImageLayout.create(dir.resolve("blobs")));
            coordinator =
                    Coordinator.start(
                            new Coordinator.Config(
                                    dir.resolve("state"),
                                    blobs,
                                    (work, index) ->
                                            new Outcome.Broke(
                                                    new Failure(
                                                            Failure.Kind.SPEC,
                                                            "nothing is pushed in this test")),
                                    true,
                                    false,
                                    InstantSource.system(),
                                    () -> new JobId("j" + JOBS.incrementAndGet())));
            String name = "coordinator-test-" + NAMES.incrementAndGet();
            var builder = InProcessServerBuilder.forName(name);
            coordinator.services().forEach(builder::addService);
            server = builder.build().start();
            channel = InProcessChannelBuilder.forName(name).build();
        }

        String submit(String requestId) {
            var request =
                    SubmitRequest.newBuilder()
                            .setRequestId(requestId)
                            .setSpec(SpecWire.write(SPEC))
                            .build();
            return JobsGrpc.newBlockingStub(channel).submit(request).getJob();
        }

        JobView last(String job) {
            Iterator<JobView> views =
                    JobsGrpc.newBlockingStub(channel)
                            .watch(WatchRequest.newBuilder().setJob(job).build());
            JobView last = JobView.getDefaultInstance();
            while (views.hasNext()) last = views.next();
            return last;
        }

        @Override
        public void close() {
            channel.shutdownNow();
            server.shutdownNow();
            coordinator.close();
        }
    }

    static byte[] graphJson() {
        String distfile =
                "{\"name\":\"%s\",\"size\":1,\"blake2b\":\""
                        + "a".repeat(128)
                        + "\",\"sha512\":\"%s\",\"uris\":[]}";
        String node =
                "{\"cpv\":\"%s\",\"slot\":\"0\",\"repo\":\"rookery\",\"eapi\":\"8\",\"use\":[],\"iuse\":[],\"ebuild\":\"e\",\"inherits\":[],\"files\":\"\",\"env\":{},\"patches\":\"\",\"distfiles\":[%s],\"build_deps\":[%s],\"run_deps\":[]}";
        return ("{\"schema\":1,\"chost\":\"x86_64-unknown-linux-musl\",\"packages\":["
                        + node.formatted(
                                "sys-libs/zlib-1.3",
                                distfile.formatted("zlib.tar", "b".repeat(128)),
                                "")
                        + ","
                        + node.formatted(
                                "net-misc/curl-8.0",
                                distfile.formatted("curl.tar", "c".repeat(128)),
                                "\"sys-libs/zlib-1.3\"")
                        + "]}")
                .getBytes(UTF_8);
    }
}
