package rookery.coordinator.blobs;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Supplier;
import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.model.AgentId;
import rookery.model.Outcome;
import rookery.model.Work;
import rookery.oci.Digest;

/// Who may do what, by what the farm is doing now.
///
/// | | look, upload | read |
/// |---|---|---|
/// | owner, admin | all | all |
/// | submitter | all | what jobs deliver: programs, and images with all their parts |
/// | agent, while it holds a lease | all | inputs of the steps that it holds, and what it stored itself |
/// | viewer | nothing | nothing |
///
/// Whoever may look learns whether a blob is there whose digest it knows already, and no more.
public final class FarmAccess implements Access {
    /// Blobs that agents stored and may read back; the oldest are forgotten.
    private static final int STORED = 10_000;

    private final Supplier<Farm> farm;
    private final LinkedHashMap<Stored, Boolean> stored = new LinkedHashMap<>();

    private record Stored(String agent, Digest digest) {}

    public FarmAccess(Supplier<Farm> farm) {
        this.farm = farm;
    }

    @Override
    public Optional<String> objection(Visitor who, Wish wish) {
        return switch (who.role()) {
            case OWNER, ADMIN -> Optional.empty();
            case VIEWER ->
                    Optional.of(
                            "is a viewer: it sees jobs and no bytes; a submitter may have them");
            case SUBMITTER -> submitter(wish);
            case AGENT -> agent(who.name(), wish);
        };
    }

    private Optional<String> submitter(Wish wish) {
        return switch (wish) {
            case Wish.Look _, Wish.Write _, Wish.Wrote _ -> Optional.empty();
            case Wish.Read(Digest digest) ->
                    isDelivered(digest)
                            ? Optional.empty()
                            : Optional.of(
                                    "may not read "
                                            + digest
                                            + ": no job that the farm remembers delivers it");
        };
    }

    private Optional<String> agent(String name, Wish wish) {
        if (wish instanceof Wish.Wrote(Digest digest)) {
            remember(new Stored(name, digest));
            return Optional.empty();
        }
        Farm now = farm.get();
        AgentId id;
        try {
            id = new AgentId(name);
        } catch (IllegalArgumentException e) {
            return Optional.of("is no agent's name");
        }
        Agent agent = now.agents().get(id);
        if (agent == null || agent.leases().isEmpty())
            return Optional.of("holds no lease: it may move blobs only while it does a step");
        if (wish instanceof Wish.Read(Digest digest)
                && !isStoredBy(new Stored(name, digest))
                && now.desired(id).stream().noneMatch(o -> Named.by(o).contains(digest)))
            return Optional.of("may not read " + digest + ": no step that it holds needs it");
        return Optional.empty();
    }

    private boolean isDelivered(Digest digest) {
        for (Job job : farm.get().jobs().values()) {
            for (StepRow row : job.steps().values()) {
                if (row.state() instanceof StepState.Done(Outcome.Made made, _)
                        && isDelivery(row.step().work())
                        && Named.by(made).contains(digest)) return true;
            }
        }
        return false;
    }

    private static boolean isDelivery(Work work) {
        return switch (work) {
            case Work.Verify _, Work.Assemble _, Work.Publish _ -> true;
            case Work.Modules _,
                    Work.Resolve _,
                    Work.Fetch _,
                    Work.PackageBuild _,
                    Work.GoBuild _,
                    Work.Run _ ->
                    false;
        };
    }

    private synchronized void remember(Stored what) {
        stored.remove(what);
        stored.put(what, true);
        if (stored.size() > STORED) stored.remove(stored.sequencedKeySet().getFirst());
    }

    private synchronized boolean isStoredBy(Stored what) {
        return stored.containsKey(what);
    }
}
