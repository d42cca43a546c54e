package rookery.coordinator.farm;

import java.time.Instant;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.LeaseId;

/// An agent as placement sees it: what is free on it, and when the rest will be.
///
/// @param group the agents that are like it
/// @param open whether it takes work at all
record Seat(
        AgentId agent,
        AgentFacts facts,
        String group,
        boolean open,
        PSortedMap<LeaseId, Use> uses,
        int heavy,
        int light,
        long memoryBytes,
        int cores) {

    /// How many light steps an agent takes beside those that fill its slots.
    static final int LIGHT = 8;

    /// The most cores that one step can use well: configure scripts and links run on one.
    static final int CORES_PER_STEP = 16;

    /// What a lease takes of an agent.
    ///
    /// @param until when it is expected to end
    /// @param cores how many it was given; light steps have none
    record Use(boolean light, Instant since, Instant until, long memoryBytes, int cores) {}

    static Seat of(AgentId agent, AgentFacts facts, String group, boolean open) {
        return new Seat(agent, facts, group, open, TreePMap.empty(), 0, 0, 0, 0);
    }

    Seat as(AgentFacts newFacts, String newGroup, boolean nowOpen) {
        return new Seat(agent, newFacts, newGroup, nowOpen, uses, heavy, light, memoryBytes, cores);
    }

    Seat with(LeaseId lease, Use use) {
        return changed(uses.plus(lease, use), use, 1);
    }

    Seat without(LeaseId lease) {
        Use use = uses.get(lease);
        return use == null ? this : changed(uses.minus(lease), use, -1);
    }

    private Seat changed(PSortedMap<LeaseId, Use> now, Use use, int sign) {
        return new Seat(
                agent,
                facts,
                group,
                open,
                now,
                heavy + (use.light() ? 0 : sign),
                light + (use.light() ? sign : 0),
                memoryBytes + sign * use.memoryBytes(),
                cores + sign * use.cores());
    }

    /// How many more steps it takes. Light ones have room of their own: the first result of a job
    /// must not wait for a long compilation.
    int room(boolean forLight) {
        if (!open || facts.slots() == 0) return 0;
        return forLight ? LIGHT - light : facts.slots() - heavy;
    }

    /// Whether so much memory is left. What needs more than the machine has may have it alone: it
    /// may swap, and there may be no larger one.
    boolean holds(long bytes) {
        return bytes == 0
                || facts.memoryBytes() == 0
                || memoryBytes + bytes <= facts.memoryBytes()
                || memoryBytes == 0;
    }

    /// How many cores the next heavy step gets: its even part of what is left, so that the last
    /// slot still has its own, or more where fewer steps wait than slots are free.
    ///
    /// @param waiting heavy steps that wait now, this one included
    int grant(int waiting) {
        int left = Math.max(0, facts.cores() - cores);
        int takers = Math.max(1, Math.min(facts.slots() - heavy, waiting));
        return Math.clamp(left / takers, 1, CORES_PER_STEP);
    }
}
