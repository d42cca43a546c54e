package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.LeaseId;
import rookery.oci.Digest;

/// An agent as the coordinator knows it. Only its conduct is saved: after a restart agents say
/// themselves what they are.
///
/// @param goneSince when its stream closed; empty while it is connected
/// @param leases what is lent to it
/// @param draining whether it said that it wants nothing new
public record Agent(
        AgentId id,
        long incarnation,
        AgentFacts facts,
        Instant seenAt,
        Optional<Instant> goneSince,
        PSortedMap<LeaseId, Lent> leases,
        boolean draining,
        Conduct conduct) {

    static Agent unseen(AgentId id, long incarnation, AgentFacts facts, Instant now) {
        return new Agent(
                id,
                incarnation,
                facts,
                now,
                Optional.of(now),
                TreePMap.empty(),
                false,
                Conduct.GOOD);
    }

    /// An agent of which only saved leases tell; it has one lease time to say that it still lives.
    static Agent remembered(AgentId id, long incarnation, Instant now) {
        var nothing =
                new AgentFacts(
                        "unknown",
                        Digest.of(new byte[0]),
                        "unknown",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        0,
                        0,
                        0,
                        new TreeSet<>());
        return new Agent(
                id,
                incarnation,
                nothing,
                now,
                Optional.empty(),
                TreePMap.empty(),
                false,
                Conduct.GOOD);
    }

    /// Whether the agent holds this very lease of this very step.
    public boolean holds(LeaseId lease, StepRef ref) {
        Lent lent = leases.get(lease);
        return lent != null && lent.ref().equals(ref);
    }

    /// A step that is lent out.
    ///
    /// @param light whether it hardly uses the machine: it waits for somebody else's server, or is
    ///   over in a moment
    public record Lent(StepRef ref, boolean light) {}

    /// Whether it takes work at all.
    boolean open() {
        return goneSince.isEmpty() && welcomesWork();
    }

    /// Whether its standing lets it have one more step.
    public boolean welcomesWork() {
        if (draining) return false;
        return switch (conduct.standing()) {
            case OPEN -> true;
            case CORDONED, DRAINING -> false;
            case QUARANTINED -> conduct.trial() && leases.isEmpty();
        };
    }

    long room(boolean light) {
        long lent = leases.values().stream().filter(l -> l.light() == light).count();
        return (light ? Seat.LIGHT : facts.slots()) - lent;
    }

    Agent seen(long newIncarnation, AgentFacts newFacts, boolean leaves, Instant at) {
        return new Agent(
                id, newIncarnation, newFacts, at, Optional.empty(), leases, leaves, conduct);
    }

    /// After the machine stood still: whoever was there is taken to be there still.
    Agent awake(Instant at) {
        return new Agent(
                id, incarnation, facts, at, goneSince.map(_ -> at), leases, draining, conduct);
    }

    Agent gone(Instant at) {
        return new Agent(
                id, incarnation, facts, seenAt, Optional.of(at), leases, draining, conduct);
    }

    Agent with(PSortedMap<LeaseId, Lent> newLeases) {
        return new Agent(id, incarnation, facts, seenAt, goneSince, newLeases, draining, conduct);
    }

    Agent with(Conduct newConduct) {
        return new Agent(id, incarnation, facts, seenAt, goneSince, leases, draining, newConduct);
    }
}
