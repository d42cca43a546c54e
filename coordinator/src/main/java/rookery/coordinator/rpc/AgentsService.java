package rookery.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.logs.Logs;
import rookery.coordinator.loop.Loop;
import rookery.model.AgentId;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.oci.Blob;
import rookery.v1.AgentState;
import rookery.v1.AgentsGrpc;
import rookery.v1.DesiredState;
import rookery.v1.LogChunk;
import rookery.v1.LogEnd;
import rookery.wire.Named;

/// What agents call.
public final class AgentsService extends AgentsGrpc.AgentsImplBase {
    /// Steps whose logs are written at once; more are of leases that ended long ago.
    private static final int WRITERS = 10_000;

    private final Loop loop;
    private final Logs logs;
    private final Streams streams;
    private final Followers followers;
    private final Predicate<Blob> held;
    private final InstantSource clock;
    private final Map<StepRef, LeaseId> writers = new ConcurrentHashMap<>();

    /// @param held whether exactly this blob is in the store and whole
    public AgentsService(
            Loop loop,
            Logs logs,
            Streams streams,
            Followers followers,
            Predicate<Blob> held,
            InstantSource clock) {
        this.loop = loop;
        this.logs = logs;
        this.streams = streams;
        this.followers = followers;
        this.held = held;
        this.clock = clock;
    }

    @Override
    public StreamObserver<AgentState> sync(StreamObserver<DesiredState> answers) {
        return new AgentStream(loop, clock, streams, held, Askers.name(), answers);
    }

    @Override
    public void appendLog(LogChunk chunk, StreamObserver<LogEnd> answer) {
        try {
            AgentId agent = Named.agent(chunk.getAgent());
            Askers.mustBe(Askers.name(), agent);
            LeaseId lease = Named.lease(chunk.getLease());
            var ref = new StepRef(Named.job(chunk.getJob()), Named.step(chunk.getStep()));
            long end = append(agent, lease, ref, chunk);
            answer.onNext(LogEnd.newBuilder().setOffset(end).build());
            answer.onCompleted();
        } catch (RuntimeException e) {
            answer.onError(Errors.status(e));
        }
    }

    private long append(AgentId id, LeaseId lease, StepRef ref, LogChunk chunk) {
        int bytes = chunk.getData().size();
        if (bytes > Limits.LOG_CHUNK_BYTES || chunk.getOffset() < 0)
            throw Errors.refusal(
                    Status.INVALID_ARGUMENT,
                    "a piece of a log begins at 0 or later and has at most "
                            + Limits.LOG_CHUNK_BYTES
                            + " bytes, not "
                            + bytes
                            + " from "
                            + chunk.getOffset()
                            + "; send it in smaller ones");
        Agent agent = loop.snapshot().agents().get(id);
        if (agent == null || !agent.holds(lease, ref))
            throw Errors.refusal(
                    Status.FAILED_PRECONDITION,
                    "the lease "
                            + lease
                            + " of "
                            + ref.job()
                            + "/"
                            + ref.step()
                            + " is not agent "
                            + id
                            + "'s now, so its log is nobody's; forget it, and do what the next answer on the stream says");
        if (writers.size() > WRITERS) writers.keySet().removeIf(this::isOver);
        if (!lease.equals(writers.put(ref, lease))) logs.restart(ref.job(), ref.step());
        long end = chunk.getOffset() + bytes;
        // What is beyond the bound is taken for read, so that the agent goes on.
        if (chunk.getOffset() >= Limits.LOG_BYTES) return end;
        ByteBuffer data = chunk.getData().asReadOnlyByteBuffer();
        long kept = logs.append(ref.job(), ref.step(), chunk.getOffset(), data);
        followers.wake(ref);
        return kept;
    }

    private boolean isOver(StepRef ref) {
        return loop.snapshot()
                .find(ref.job())
                .map(j -> !(j.row(ref.step()).state() instanceof StepState.Leased))
                .orElse(true);
    }
}
