package rookery.deploy.chaos;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.agent.Agent;
import rookery.agent.artifacts.Blobs;
import rookery.cli.agent.AgentProcess;
import rookery.coordinator.Given;
import rookery.oci.Blob;

/// The agent that `rookery agent` runs, with quick hands, failpoints around its link and its blobs,
/// and now and then a report said twice.
final class ChaosAgent {
    private static final int SLOTS = 3;
    private static final long KEPT_BYTES = 8L << 20;
    private static final int DOUBLED_ONE_IN = 10;

    private ChaosAgent() {}

    public static void main(String[] args) throws Exception {
        Arguments told = Arguments.of(args);
        Failpoints points = told.failpoints();
        var settings =
                new AgentProcess.Settings(
                        told.text("join"),
                        Optional.of(told.text("token")).filter(t -> !t.isEmpty()),
                        told.text("name"),
                        Optional.of(told.path("identity")),
                        SLOTS,
                        new TreeSet<>(),
                        told.path("cache"),
                        KEPT_BYTES,
                        Path.of("/nonexistent"),
                        new TreeMap<>(System.getenv()));
        try (var process =
                AgentProcess.start(
                        settings,
                        (config, channel, blobs) ->
                                Agent.start(
                                        config,
                                        ClientInterceptors.intercept(channel, link(points)),
                                        new QuickHands(
                                                watched(blobs, points),
                                                Given.facts(
                                                        SLOTS, "amd64", "arm64", "riscv64"))))) {
            System.out.println("serving");
            System.out.flush();
            var _ = process.agent().left().get();
        }
    }

    private static Blobs watched(Blobs blobs, Failpoints points) {
        return new Blobs() {
            @Override
            public Path fetch(Blob blob) throws IOException {
                return blobs.fetch(blob);
            }

            @Override
            public Blob store(Path file) throws IOException {
                points.pass("upload.before");
                Blob stored = blobs.store(file);
                points.pass("upload.after");
                return stored;
            }

            @Override
            public Blob store(byte[] bytes) throws IOException {
                points.pass("upload.before");
                Blob stored = blobs.store(bytes);
                points.pass("upload.after");
                return stored;
            }
        };
    }

    private static ClientInterceptor link(Failpoints points) {
        var random = new Random();
        return new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                String name = String.valueOf(method.getBareMethodName());
                boolean streams = method.getType() == MethodDescriptor.MethodType.BIDI_STREAMING;
                return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void sendMessage(Q message) {
                        points.pass("report-" + name + ".before");
                        super.sendMessage(message);
                        if (streams && random.nextInt(DOUBLED_ONE_IN) == 0)
                            super.sendMessage(message);
                        points.pass("report-" + name + ".after");
                    }

                    @Override
                    public void start(Listener<A> listener, Metadata headers) {
                        super.start(
                                new SimpleForwardingClientCallListener<>(listener) {
                                    @Override
                                    public void onMessage(A message) {
                                        if (streams) points.pass("order.before");
                                        super.onMessage(message);
                                        if (streams) points.pass("order.after");
                                    }
                                },
                                headers);
                    }
                };
            }
        };
    }
}
