package rookery.coordinator.rpc;

import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.logs.Logs;
import rookery.coordinator.loop.Loop;
import rookery.model.AgentId;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.StepId;
import rookery.v1.AgentState;
import rookery.v1.AgentsGrpc;
import rookery.v1.DesiredState;
import rookery.v1.LogChunk;
import rookery.v1.LogEnd;

/// What agents call.
public final class AgentsService extends AgentsGrpc.AgentsImplBase {
    /// Steps whose logs are written at once; more are of leases that ended long ago.
    private static final int WRITERS = 10_000;

    private final Loop loop;
    private final Logs logs;
    private final InstantSource clock;
    private final Map<StepRef, LeaseId> writers = new ConcurrentHashMap<>();

    public AgentsService(Loop loop, Logs logs, InstantSource clock) {
        this.loop = loop;
        this.logs = logs;
        this.clock = clock;
    }

    @Override
    public StreamObserver<AgentState> sync(StreamObserver<DesiredState> answers) {
        return new AgentStream(loop, clock, answers);
    }

    private boolean isOver(StepRef ref) {
        return loop.snapshot()
                .find(ref.job())
                .map(j -> !(j.row(ref.step()).state() instanceof StepState.Leased))
                .orElse(true);
    }

    @Override
    public void appendLog(LogChunk chunk, StreamObserver<LogEnd> answer) {
        try {
            var lease = new LeaseId(chunk.getLease());
            var ref = new StepRef(new JobId(chunk.getJob()), new StepId(chunk.getStep()));
            Agent agent = loop.snapshot().agents().get(new AgentId(chunk.getAgent()));
            long end = chunk.getOffset() + chunk.getData().size();
            // A lost lease's log is nobody's any more; the agent is told that all is well so that
            // it stops.
            if (agent != null
                    && agent.holds(lease, ref)
                    && chunk.getData().size() <= Limits.LOG_CHUNK_BYTES) {
                if (writers.size() > WRITERS) writers.keySet().removeIf(this::isOver);
                if (!lease.equals(writers.put(ref, lease))) logs.restart(ref.job(), ref.step());
                ByteBuffer data = chunk.getData().asReadOnlyByteBuffer();
                end =
                        chunk.getOffset() >= Limits.LOG_BYTES
                                ? end
                                : logs.append(ref.job(), ref.step(), chunk.getOffset(), data);
            }
            answer.onNext(LogEnd.newBuilder().setOffset(end).build());
            answer.onCompleted();
        } catch (RuntimeException e) {
            answer.onError(Errors.status(e));
        }
    }
}
