package rookery.coordinator.farm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.model.AgentId;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.oci.Blob;

/// Who gets a step, for one turn of the farm: the agent on which it is expected to end first. That
/// may be one that is busy now; the step then waits, and the agent's next free moment counts as
/// taken for those that are looked at after it. Native, cross or emulated is not a question here:
/// it is in what the step is known to take on each class of agents.
///
/// The rule is HEFT's second half (Topcuoglu, Hariri and Wu 2002), decided anew at every end of a
/// step instead of once beforehand, because durations are guesses.
final class Placement {
    /// Steps in one turn that are looked at and not lent.
    static final int LOOKS = 512;

    /// Steps in one turn that may wait for a busy agent. Behind so many there is work for
    /// everybody, however slow.
    static final int WAITS = 256;

    /// Steps in one turn that are not ready yet and whose agents are kept for them.
    static final int FORESEEN = 16;

    /// Free agents of one group that are asked whether they have the memory.
    private static final int CHAIRS = 16;

    /// Inputs that decide where a step would have less to fetch: the largest ones.
    private static final int TELLING = 8;

    /// Waiting for less than this gains nothing.
    private static final long GAIN_MILLIS = 1_000;

    /// Nothing is expected to end within this part of what it took: that it has not ended yet says
    /// that it takes long.
    private static final int OVERDUE = 8;

    /// What a farm's network carries to one agent.
    private static final long BYTES_PER_MILLI = (64L << 20) / 1_000;

    sealed interface Choice {
        /// @param millis what it takes there
        record Now(AgentId agent, long millis) implements Choice {}

        /// Somebody who is busy would be done sooner, or memory must become free.
        record Later() implements Choice {}

        /// Nobody who fits is free.
        record Nowhere() implements Choice {}
    }

    /// A group of agents, for a demand.
    private record Option(String group, String agentClass, long pace) {
        long millis(Durations.Quote quote) {
            return Math.max(1, quote.millis(agentClass) * pace / Durations.USUAL);
        }
    }

    private final Instant now;
    private final Holdings holdings;
    private final SortedMap<Demand, List<Option>> options = new TreeMap<>();
    private final SortedMap<String, Line> lines = new TreeMap<>();
    private final SortedSet<AgentId> spared = new TreeSet<>();
    private final SortedMap<AgentId, List<Long>> kept = new TreeMap<>();
    private final long backlog;
    private int waits;
    private boolean foresees;

    /// @param backlog ready steps for each slot of the farm
    Placement(Instant now, Holdings holdings, long backlog) {
        this.now = now;
        this.backlog = backlog;
        this.holdings = holdings;
    }

    /// @param fleet as it is after everything that was lent in this turn
    Choice choose(Fleet fleet, Demand demand, Durations.Quote quote) {
        Option free = null;
        AgentId chair = null;
        Option busy = null;
        long freeAt = Long.MAX_VALUE;
        long busyAt = Long.MAX_VALUE;
        AgentId full = null;
        for (Option option : options.computeIfAbsent(demand, d -> options(fleet, d))) {
            Fleet.Group group = fleet.groups().get(option.group());
            if (group == null) continue;
            long millis = option.millis(quote);
            Optional<AgentId> found = chair(fleet, group, demand, millis);
            if (found.isPresent()) {
                if (millis < freeAt) {
                    free = option;
                    freeAt = millis;
                    chair = found.get();
                }
                continue;
            }
            if (full == null) full = tooFull(fleet, group, demand, millis).orElse(null);
            if (group.ends(demand.light()).isEmpty()) continue;
            long at = line(group, demand.light()).first() + millis;
            if (at < busyAt) {
                busy = option;
                busyAt = at;
            }
        }
        if (free == null || chair == null) {
            // A shorter step may fit in before the one that a slot is kept for.
            if (full == null) return foresees ? new Choice.Later() : new Choice.Nowhere();
            // Spared until its memory suffices, or small steps would keep it full for ever.
            spared.add(full);
            return new Choice.Later();
        }
        long behind = waits < WAITS || busy == null ? 0 : backlog * busy.millis(quote);
        if (busy != null && busyAt + behind + GAIN_MILLIS < freeAt) {
            waits++;
            Fleet.Group group = fleet.groups().get(busy.group());
            if (group != null) line(group, demand.light()).queue(0, busy.millis(quote));
            return new Choice.Later();
        }
        return new Choice.Now(chair, freeAt);
    }

    /// One of the agent's free slots is for a step that is not quite ready.
    void keep(AgentId agent) {
        keep(agent, 0);
    }

    private void keep(AgentId agent, long from) {
        kept.computeIfAbsent(agent, _ -> new ArrayList<>()).add(from);
    }

    /// A step will be ready when another one ends: the agent that will then be its best is kept for
    /// it from that moment on.
    void expect(Fleet fleet, Demand demand, Durations.Quote quote, Seat.Use last) {
        long from = left(last.until(), last.since(), now);
        long bestAt = Long.MAX_VALUE;
        AgentId chair = null;
        Line busy = null;
        long busyMillis = 0;
        for (Option option : options.computeIfAbsent(demand, d -> options(fleet, d))) {
            Fleet.Group group = fleet.groups().get(option.group());
            if (group == null) continue;
            long millis = option.millis(quote);
            // Whoever makes what it waits for is free then too, so of equal ones the busy one.
            if (!group.ends(demand.light()).isEmpty()) {
                Line line = line(group, demand.light());
                long at = Math.max(from, line.first()) + millis;
                if (at <= bestAt) {
                    bestAt = at;
                    busy = line;
                    busyMillis = millis;
                }
            }
            Optional<AgentId> found = chair(fleet, group, demand, Long.MAX_VALUE);
            if (found.isPresent() && from + millis + GAIN_MILLIS < bestAt) {
                bestAt = from + millis;
                chair = found.get();
                busy = null;
            }
        }
        if (busy != null) busy.queue(from, busyMillis);
        else if (chair != null) {
            keep(chair, from);
            foresees = true;
        }
    }

    private List<Option> options(Fleet fleet, Demand demand) {
        return fleet.able(demand).stream()
                .map(g -> new Option(g.name(), agentClass(g, demand), Pace.millis(g.pace())))
                .toList();
    }

    private static String agentClass(Fleet.Group group, Demand demand) {
        boolean emulated =
                demand.runs()
                        .map(t -> !t.architecture().equals(group.facts().buildArchitecture()))
                        .orElse(false);
        return AgentClass.of(group.facts(), emulated);
    }

    private Optional<AgentId> chair(Fleet fleet, Fleet.Group group, Demand demand, long millis) {
        int asked = 0;
        for (Fleet.Chair chair : group.free(demand.light())) {
            if (asked++ == CHAIRS) break;
            if (usable(fleet, chair.agent(), demand, millis)
                    && fleet.seat(chair.agent()).orElseThrow().holds(demand.memoryBytes()))
                return Optional.of(chair.agent());
        }
        return Optional.empty();
    }

    /// @param millis for how long; a slot that is kept for later may be used until then
    private boolean usable(Fleet fleet, AgentId agent, Demand demand, long millis) {
        long taken =
                demand.light()
                        ? 0
                        : kept.getOrDefault(agent, List.of()).stream()
                                .filter(from -> from < millis)
                                .count();
        return fleet.seat(agent).map(s -> s.room(demand.light()) > taken).orElse(false)
                && !demand.avoid().contains(agent)
                && !spared.contains(agent);
    }

    /// An agent with a free slot that lacks nothing but memory.
    private Optional<AgentId> tooFull(Fleet fleet, Fleet.Group group, Demand demand, long millis) {
        if (demand.memoryBytes() == 0) return Optional.empty();
        for (Fleet.Chair chair : group.free(demand.light()))
            if (usable(fleet, chair.agent(), demand, millis)) return Optional.of(chair.agent());
        return Optional.empty();
    }

    private Line line(Fleet.Group group, boolean light) {
        return lines.computeIfAbsent(
                lane(light, group.name()), _ -> new Line(group.ends(light).iterator(), now));
    }

    private static String lane(boolean light, String group) {
        return (light ? "light " : "heavy ") + group;
    }

    // ---- what an agent has already

    /// The blobs among a step's inputs that are worth going where they are.
    static List<Blob> telling(SortedMap<StepId, Outcome.Made> inputs) {
        var blobs = new LinkedHashSet<Blob>();
        for (Outcome.Made made : inputs.values()) {
            for (Blob blob : made.blobs().values())
                if (blob.sizeBytes() >= Holdings.BYTES) blobs.add(blob);
        }
        if (blobs.isEmpty()) return List.of();
        return blobs.stream()
                .sorted(Comparator.comparingLong(Blob::sizeBytes).reversed())
                .limit(TELLING)
                .toList();
    }

    /// The agent that the step ends on first when what it would have to fetch is counted too: the
    /// one that was chosen, or a free one that holds an input already. It counts as taken from now
    /// on.
    AgentId nearest(
            Fleet fleet,
            Demand demand,
            Durations.Quote quote,
            SortedMap<StepId, Outcome.Made> inputs,
            Choice.Now chosen) {
        List<Blob> blobs = telling(inputs);
        AgentId best = chosen.agent();
        long bestMillis = chosen.millis();
        long bestAt = bestMillis + fetching(best, blobs);
        var holders = new TreeSet<AgentId>();
        blobs.forEach(b -> holders.addAll(holdings.of(b.digest())));
        for (AgentId holder : holders) {
            Seat seat = fleet.seat(holder).orElse(null);
            if (seat == null || !seat.holds(demand.memoryBytes())) continue;
            for (Option option : options.getOrDefault(demand, List.of())) {
                if (!option.group().equals(seat.group())) continue;
                long millis = option.millis(quote);
                if (!usable(fleet, holder, demand, millis)) continue;
                long at = millis + fetching(holder, blobs);
                if (at < bestAt) {
                    best = holder;
                    bestMillis = millis;
                    bestAt = at;
                }
            }
        }
        Line line = lines.get(lane(demand.light(), fleet.seat(best).orElseThrow().group()));
        if (line != null) line.add(bestMillis);
        return best;
    }

    private long fetching(AgentId agent, List<Blob> blobs) {
        long bytes = 0;
        for (Blob blob : blobs)
            if (!holdings.of(blob.digest()).contains(agent)) bytes += blob.sizeBytes();
        return bytes / BYTES_PER_MILLI;
    }

    private static long left(Instant until, Instant since, Instant now) {
        long took = Math.max(0, now.toEpochMilli() - since.toEpochMilli());
        return Math.max(until.toEpochMilli() - now.toEpochMilli(), took / OVERDUE);
    }

    /// When a group's busy slots become free, from now in milliseconds, with what was promised in
    /// this turn.
    private static final class Line {
        private final Iterator<Fleet.End> ends;
        private final Instant now;
        private final PriorityQueue<Long> promised = new PriorityQueue<>();
        private Optional<Long> next;

        Line(Iterator<Fleet.End> ends, Instant now) {
            this.ends = ends;
            this.now = now;
            this.next = step();
        }

        private Optional<Long> step() {
            if (!ends.hasNext()) return Optional.empty();
            Fleet.End end = ends.next();
            return Optional.of(left(end.until(), end.since(), now));
        }

        long first() {
            Long known = promised.peek();
            long busy = next.orElse(Long.MAX_VALUE / 4);
            return known == null ? busy : Math.min(known, busy);
        }

        /// The first free slot is taken for so long, but not before a moment.
        void queue(long from, long millis) {
            long at = first();
            Long known = promised.peek();
            if (known != null && known == at) promised.remove();
            else next = step();
            promised.add(Math.max(at, from) + millis);
        }

        void add(long millis) {
            promised.add(millis);
        }
    }
}
