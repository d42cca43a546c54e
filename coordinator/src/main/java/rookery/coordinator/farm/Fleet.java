package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.LeaseId;

/// The agents that are there, grouped by what they are, with indexes of what is free and of what
/// ends when. A thousand equal machines are one group: placement asks groups, not agents.
///
/// @param groups none is empty
/// @param room free slots of all agents, heavy ones
/// @param lightRoom free slots for light steps
record Fleet(
        PSortedMap<AgentId, Seat> seats,
        PSortedMap<String, Group> groups,
        int room,
        int lightRoom) {
    static final Fleet NOBODY = new Fleet(TreePMap.empty(), TreePMap.empty(), 0, 0);

    /// Agents that offer the same and are as fast.
    ///
    /// @param facts of any of them
    /// @param pace as a step of [Pace]
    /// @param members how many there are
    /// @param free those with free slots for heavy steps, the emptiest first
    /// @param freeLight those with room for light steps, the emptiest first
    /// @param ends when heavy steps on them are expected to end
    /// @param endsLight when light ones are
    record Group(
            String name,
            AgentFacts facts,
            int pace,
            int members,
            PSortedSet<Chair> free,
            PSortedSet<Chair> freeLight,
            PSortedSet<End> ends,
            PSortedSet<End> endsLight) {

        PSortedSet<Chair> free(boolean light) {
            return light ? freeLight : free;
        }

        PSortedSet<End> ends(boolean light) {
            return light ? endsLight : ends;
        }
    }

    /// @param room free slots
    record Chair(int room, AgentId agent) implements Comparable<Chair> {
        private static final Comparator<Chair> ORDER =
                Comparator.comparingInt(Chair::room).reversed().thenComparing(Chair::agent);

        @Override
        public int compareTo(Chair other) {
            return ORDER.compare(this, other);
        }
    }

    record End(Instant until, Instant since, LeaseId lease) implements Comparable<End> {
        private static final Comparator<End> ORDER =
                Comparator.comparing(End::until).thenComparing(End::lease);

        @Override
        public int compareTo(End other) {
            return ORDER.compare(this, other);
        }
    }

    /// Slots for heavy steps, free or not.
    int slots() {
        return room + groups.values().stream().mapToInt(g -> g.ends().size()).sum();
    }

    Optional<Seat> seat(AgentId agent) {
        return Optional.ofNullable(seats.get(agent));
    }

    /// The step of [Pace] that an agent is counted in.
    Optional<Integer> pace(AgentId agent) {
        return seat(agent).map(this::pace);
    }

    /// With an agent as it is now. Leases that it holds stay.
    ///
    /// @param open whether it takes work
    /// @param pace as a step of [Pace]
    Fleet with(AgentId agent, AgentFacts facts, boolean open, int pace) {
        Seat old = seats.get(agent);
        if (old != null && old.open() == open && old.facts().equals(facts)) {
            Group in = groups.get(old.group());
            if (in != null && in.pace() == pace) return this;
        }
        String name = name(facts, pace);
        Seat next = old == null ? Seat.of(agent, facts, name, open) : old.as(facts, name, open);
        return replace(old, next, pace);
    }

    Fleet without(AgentId agent) {
        Seat old = seats.get(agent);
        return old == null ? this : replace(old, null, 0);
    }

    Fleet lent(AgentId agent, LeaseId lease, Seat.Use use) {
        Seat old = seats.get(agent);
        return old == null ? this : replace(old, old.with(lease, use), pace(old));
    }

    Fleet returned(AgentId agent, LeaseId lease) {
        Seat old = seats.get(agent);
        return old == null ? this : replace(old, old.without(lease), pace(old));
    }

    /// The groups whose agents fit a demand, taken together what they lack in memory: where some
    /// have enough for it, only those.
    List<Group> able(Demand demand) {
        List<Group> fit = groups.values().stream().filter(g -> demand.fits(g.facts())).toList();
        List<Group> large =
                fit.stream()
                        .filter(g ->
                                g.facts().memoryBytes() == 0
                                        || g.facts().memoryBytes() >= demand.memoryBytes())
                        .toList();
        return large.isEmpty() ? fit : large;
    }

    /// Whether every agent that fits is one to be avoided.
    boolean onlyAvoided(Demand demand) {
        int fit = 0;
        for (Group group : groups.values()) if (demand.fits(group.facts())) fit += group.members();
        if (fit == 0 || fit > demand.avoid().size()) return false;
        return fit
                == demand.avoid().stream()
                        .flatMap(a -> seat(a).stream())
                        .filter(s -> demand.fits(s.facts()))
                        .count();
    }

    private int pace(Seat seat) {
        Group group = groups.get(seat.group());
        return group == null ? 0 : group.pace();
    }

    private Fleet replace(@Nullable Seat old, @Nullable Seat next, int pace) {
        PSortedMap<String, Group> in = groups;
        boolean same = old != null && next != null && old.group().equals(next.group());
        Group from = old == null ? null : in.get(old.group());
        if (old != null && from != null) {
            Group left = without(from, old, same && next != null ? next : null);
            in = left.members() == 0 && !same ? in.minus(old.group()) : in.plus(old.group(), left);
        }
        if (next != null) {
            Group to = in.get(next.group());
            if (to == null)
                to =
                        new Group(
                                next.group(),
                                next.facts(),
                                pace,
                                0,
                                TreePSet.empty(),
                                TreePSet.empty(),
                                TreePSet.empty(),
                                TreePSet.empty());
            in = in.plus(next.group(), with(to, next, same ? old : null));
        }
        return new Fleet(
                next != null
                        ? seats.plus(next.agent(), next)
                        : old != null ? seats.minus(old.agent()) : seats,
                in,
                room + room(next, false) - room(old, false),
                lightRoom + room(next, true) - room(old, true));
    }

    private static int room(@Nullable Seat seat, boolean light) {
        return seat == null ? 0 : seat.room(light);
    }

    /// @param stays the seat that takes the place of this one in the same group: the ends that both
    ///   have need not be moved
    private static Group without(Group group, Seat seat, @Nullable Seat stays) {
        PSortedSet<End> ends = group.ends();
        PSortedSet<End> endsLight = group.endsLight();
        for (var use : seat.uses().entrySet()) {
            if (stays != null && stays.uses().containsKey(use.getKey())) continue;
            End end = end(use.getKey(), use.getValue());
            if (use.getValue().light()) endsLight = endsLight.minus(end);
            else ends = ends.minus(end);
        }
        return new Group(
                group.name(),
                group.facts(),
                group.pace(),
                group.members() - 1,
                group.free().minus(new Chair(seat.room(false), seat.agent())),
                group.freeLight().minus(new Chair(seat.room(true), seat.agent())),
                ends,
                endsLight);
    }

    private static Group with(Group group, Seat seat, @Nullable Seat was) {
        PSortedSet<End> ends = group.ends();
        PSortedSet<End> endsLight = group.endsLight();
        for (var use : seat.uses().entrySet()) {
            if (was != null && was.uses().containsKey(use.getKey())) continue;
            End end = end(use.getKey(), use.getValue());
            if (use.getValue().light()) endsLight = endsLight.plus(end);
            else ends = ends.plus(end);
        }
        int room = seat.room(false);
        int light = seat.room(true);
        return new Group(
                group.name(),
                group.facts(),
                group.pace(),
                group.members() + 1,
                room > 0 ? group.free().plus(new Chair(room, seat.agent())) : group.free(),
                light > 0
                        ? group.freeLight().plus(new Chair(light, seat.agent()))
                        : group.freeLight(),
                ends,
                endsLight);
    }

    private static End end(LeaseId lease, Seat.Use use) {
        return new End(use.until(), use.since(), lease);
    }

    private static String tools(AgentFacts facts) {
        return facts.buildArchitecture()
                + " "
                + facts.hostTools()
                + " "
                + facts.goVersion()
                + " "
                + facts.toolchains()
                + facts.emulators();
    }

    private static String name(AgentFacts facts, int pace) {
        return tools(facts)
                + " "
                + facts.cores()
                + " "
                + facts.memoryBytes()
                + " "
                + facts.slots()
                + facts.labels()
                + " "
                + pace;
    }

    /// Whether nothing was changed in between; comparing contents would cost more than it saves.
    @SuppressWarnings("ReferenceEquality")
    boolean is(Fleet other) {
        return this == other;
    }
}
