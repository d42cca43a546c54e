package rookery.coordinator.farm;

import java.time.Instant;
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

        static Group empty(String name, AgentFacts facts, int pace) {
            return new Group(
                    name,
                    facts,
                    pace,
                    0,
                    TreePSet.empty(),
                    TreePSet.empty(),
                    TreePSet.empty(),
                    TreePSet.empty());
        }

        PSortedSet<Chair> free(boolean light) {
            return light ? freeLight : free;
        }

        PSortedSet<End> ends(boolean light) {
            return light ? endsLight : ends;
        }

        Group joined(Seat seat) {
            Group with =
                    with(members + 1, seated(free, seat, false), seated(freeLight, seat, true));
            for (var use : seat.uses().entrySet()) with = with.lent(use.getKey(), use.getValue());
            return with;
        }

        Group left(Seat seat) {
            Group without =
                    with(members - 1, unseated(free, seat, false), unseated(freeLight, seat, true));
            for (var use : seat.uses().entrySet())
                without = without.returned(use.getKey(), use.getValue());
            return without;
        }

        /// A member as it is now. What it holds is told by [#lent] and [#returned].
        Group reseated(Seat old, Seat next) {
            return with(
                    members,
                    seated(unseated(free, old, false), next, false),
                    old.room(true) == next.room(true)
                            ? freeLight
                            : seated(unseated(freeLight, old, true), next, true));
        }

        Group lent(LeaseId lease, Seat.Use use) {
            var end = new End(use.until(), use.since(), lease);
            return use.light() ? with(ends, endsLight.plus(end)) : with(ends.plus(end), endsLight);
        }

        Group returned(LeaseId lease, Seat.Use use) {
            var end = new End(use.until(), use.since(), lease);
            return use.light()
                    ? with(ends, endsLight.minus(end))
                    : with(ends.minus(end), endsLight);
        }

        private static PSortedSet<Chair> seated(
                PSortedSet<Chair> chairs, Seat seat, boolean light) {
            int room = seat.room(light);
            return room > 0 ? chairs.plus(new Chair(room, seat.agent())) : chairs;
        }

        private static PSortedSet<Chair> unseated(
                PSortedSet<Chair> chairs, Seat seat, boolean light) {
            int room = seat.room(light);
            return room > 0 ? chairs.minus(new Chair(room, seat.agent())) : chairs;
        }

        private Group with(int nowMembers, PSortedSet<Chair> nowFree, PSortedSet<Chair> nowLight) {
            return new Group(name, facts, pace, nowMembers, nowFree, nowLight, ends, endsLight);
        }

        private Group with(PSortedSet<End> nowEnds, PSortedSet<End> nowLight) {
            return new Group(name, facts, pace, members, free, freeLight, nowEnds, nowLight);
        }
    }

    /// @param room free slots
    record Chair(int room, AgentId agent) implements Comparable<Chair> {
        @Override
        public int compareTo(Chair other) {
            int emptiestFirst = Integer.compare(other.room, room);
            return emptiestFirst != 0 ? emptiestFirst : agent.compareTo(other.agent);
        }
    }

    record End(Instant until, Instant since, LeaseId lease) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int byTime = until.compareTo(other.until);
            return byTime != 0 ? byTime : lease.compareTo(other.lease);
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
        return seat(agent).map(s -> group(s).pace());
    }

    /// With an agent as it is now. Leases that it holds stay.
    ///
    /// @param open whether it takes work
    /// @param pace as a step of [Pace]
    Fleet with(AgentId agent, AgentFacts facts, boolean open, int pace) {
        Seat old = seats.get(agent);
        if (old != null
                && old.open() == open
                && old.facts().equals(facts)
                && group(old).pace() == pace) return this;
        String name = name(facts, pace);
        Seat next = old == null ? Seat.of(agent, facts, name, open) : old.as(facts, name, open);
        return old != null && old.group().equals(name)
                ? within(old, next, group(old).reseated(old, next))
                : moved(old, next, pace);
    }

    Fleet without(AgentId agent) {
        Seat old = seats.get(agent);
        return old == null ? this : moved(old, null, 0);
    }

    Fleet lent(AgentId agent, LeaseId lease, Seat.Use use) {
        Seat old = seats.get(agent);
        if (old == null) return this;
        Seat next = old.with(lease, use);
        return within(old, next, group(old).reseated(old, next).lent(lease, use));
    }

    Fleet returned(AgentId agent, LeaseId lease) {
        Seat old = seats.get(agent);
        Seat.Use use = old == null ? null : old.uses().get(lease);
        if (old == null || use == null) return this;
        Seat next = old.without(lease);
        return within(old, next, group(old).reseated(old, next).returned(lease, use));
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

    /// A seat's group; there is one for as long as the seat is in the fleet.
    private Group group(Seat seat) {
        Group group = groups.get(seat.group());
        if (group == null)
            throw new IllegalStateException(
                    seat.agent() + " is of a group that is not there: " + seat.group());
        return group;
    }

    /// One seat for another of the same group. Costs the same however much the agent holds.
    private Fleet within(Seat old, Seat next, Group group) {
        return new Fleet(
                seats.plus(next.agent(), next),
                groups.plus(group.name(), group),
                room + next.room(false) - old.room(false),
                lightRoom + next.room(true) - old.room(true));
    }

    /// From one group, where it was in one, to another, with all that it holds.
    private Fleet moved(@Nullable Seat old, @Nullable Seat next, int pace) {
        PSortedMap<String, Group> in = groups;
        if (old != null) {
            Group left = group(old).left(old);
            in = left.members() == 0 ? in.minus(left.name()) : in.plus(left.name(), left);
        }
        if (next != null) {
            Group to = in.get(next.group());
            if (to == null) to = Group.empty(next.group(), next.facts(), pace);
            in = in.plus(next.group(), to.joined(next));
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
