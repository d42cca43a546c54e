package rookery.coordinator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import rookery.model.AgentFacts;
import rookery.model.Doing;
import rookery.model.LeaseId;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.layout.ImageLayout;
import rookery.v1.AgentState;
import rookery.v1.AgentsGrpc;
import rookery.v1.DesiredState;
import rookery.v1.LogChunk;
import rookery.wire.AgentWire;

/// An agent that makes a small text for whatever it is asked to build.
final class PlayedAgent implements StreamObserver<DesiredState>, AutoCloseable {
    private static final AgentFacts FACTS = Given.facts(2, "amd64");
    private static final String NAME = "played";
    private static final long INCARNATION = 1;

    private final AgentsGrpc.AgentsStub stub;
    private final AgentsGrpc.AgentsBlockingStub blocking;
    private final ImageLayout blobs;
    private @Nullable StreamObserver<AgentState> out;
    private long number;
    private final Map<LeaseId, Outcome> made = new TreeMap<>();

    private final byte[] binary;

    PlayedAgent(Channel channel, ImageLayout blobs) {
        this(channel, blobs, "no program".getBytes(UTF_8));
    }

    /// @param binary what it hands in for every Go build
    PlayedAgent(Channel channel, ImageLayout blobs, byte[] binary) {
        this.binary = binary.clone();
        this.stub = AgentsGrpc.newStub(channel);
        this.blocking = AgentsGrpc.newBlockingStub(channel);
        this.blobs = blobs;
    }

    synchronized void join() {
        out = stub.sync(this);
        report(new ArrayList<>());
    }

    private synchronized void report(List<rookery.v1.Doing> doing) {
        if (out == null) return;
        out.onNext(
                AgentState.newBuilder()
                        .setAgent(NAME)
                        .setIncarnation(INCARNATION)
                        .setNumber(++number)
                        .setFacts(AgentWire.write(FACTS))
                        .addAllDoing(doing)
                        .build());
    }

    @Override
    public void onNext(DesiredState desired) {
        if (desired.getOrdersCount() == 0) return;
        var doing = new ArrayList<rookery.v1.Doing>();
        for (rookery.v1.Order message : desired.getOrdersList()) {
            Order order = AgentWire.read(message);
            // An answer may be older than what was reported meanwhile.
            Outcome before = made.get(order.lease());
            if (before != null) {
                doing.add(AgentWire.write(new Doing.Finished(order.lease(), before)));
                continue;
            }
            var chunk =
                    LogChunk.newBuilder()
                            .setAgent(NAME)
                            .setLease(order.lease().number())
                            .setJob(order.job().value())
                            .setStep(order.step().value())
                            .setData(ByteString.copyFromUtf8("log of " + order.step()))
                            .build();
            var _ = blocking.appendLog(chunk);
            Outcome outcome = make(order);
            made.put(order.lease(), outcome);
            doing.add(AgentWire.write(new Doing.Finished(order.lease(), outcome)));
        }
        report(doing);
    }

    private Outcome make(Order order) {
        byte[] content =
                switch (order.work()) {
                    case Work.Resolve _ -> CoordinatorTest.graphJson();
                    case Work.GoBuild _ -> binary;
                    case Work.Modules _, Work.Fetch _, Work.PackageBuild _, Work.Run _ ->
                            ("made by " + order.step()).getBytes(UTF_8);
                };
        String role =
                switch (order.work()) {
                    case Work.Modules _ -> "modules";
                    case Work.Resolve _ -> "graph";
                    case Work.Fetch _ -> "distfile";
                    case Work.PackageBuild _ -> "gpkg";
                    case Work.GoBuild _ -> "binary";
                    case Work.Run _ -> "nothing";
                };
        try {
            Blob blob = blobs.put(content);
            SortedMap<String, Blob> made = new TreeMap<>();
            made.put(role, blob);
            return new Outcome.Made(made, blob.digest(), new TreeMap<>());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}

    @Override
    public synchronized void close() {
        if (out != null) out.onCompleted();
    }
}
