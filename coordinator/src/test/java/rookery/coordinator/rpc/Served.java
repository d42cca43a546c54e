package rookery.coordinator.rpc;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import rookery.coordinator.Coordinator;
import rookery.coordinator.Given;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.Outcome;
import rookery.oci.layout.ImageLayout;
import rookery.v1.AdminGrpc;
import rookery.v1.AgentsGrpc;
import rookery.v1.JobsGrpc;
import rookery.v1.SubmitRequest;
import rookery.wire.SpecWire;

/// A coordinator with its server and one channel to it.
final class Served implements AutoCloseable {
    private static final AtomicInteger JOBS = new AtomicInteger();

    final Coordinator coordinator;
    private final Server server;
    private final ManagedChannel channel;

    Served(Path dir) throws IOException {
        coordinator =
                Coordinator.start(
                        new Coordinator.Config(
                                dir.resolve("state"),
                                Given.uploaded(ImageLayout.create(dir.resolve("blobs"))),
                                (work, index) ->
                                        new Outcome.Broke(
                                                new Failure(Failure.Kind.SPEC, "no pushing here")),
                                true,
                                true,
                                InstantSource.system(),
                                () -> new JobId("j" + JOBS.incrementAndGet())));
        String name = InProcessServerBuilder.generateName();
        var builder = InProcessServerBuilder.forName(name);
        coordinator.services().forEach(builder::addService);
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    JobsGrpc.JobsBlockingStub jobs() {
        return JobsGrpc.newBlockingStub(channel);
    }

    AdminGrpc.AdminBlockingStub admin() {
        return AdminGrpc.newBlockingStub(channel);
    }

    AgentsGrpc.AgentsBlockingStub agents() {
        return AgentsGrpc.newBlockingStub(channel);
    }

    AgentsGrpc.AgentsStub streams() {
        return AgentsGrpc.newStub(channel);
    }

    /// A sound submission.
    static SubmitRequest.Builder request(String id) {
        return SubmitRequest.newBuilder()
                .setRequestId(id)
                .setSpec(
                        SpecWire.write(
                                Given.spec(
                                        java.util.List.of("net-misc/curl"),
                                        Given.required(Given.AMD64))));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        coordinator.close();
    }
}
