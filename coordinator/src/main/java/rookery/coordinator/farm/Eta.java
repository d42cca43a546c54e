package rookery.coordinator.farm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import rookery.model.JobId;
import rookery.model.StepId;
import rookery.model.Work;

/// When a job is expected to end.
///
/// What is left of it is placed on the agents that are there, most urgent first, each step where it
/// ends first: the same rule as [Placement]'s, without waiting for the world. Other jobs are taken
/// to need their even part of every group of agents for as long as this one lasts. Retries, results
/// that are recalled and agents that come or go are not foreseen.
public final class Eta {
    /// Slots of one group that are counted; more do not end a job sooner that has no more steps to
    /// do at once than these.
    private static final int SLOTS = 256;

    private Eta() {}

    /// When the job will have ended, as of the farm's last event. Empty when it has ended, when its
    /// graphs are not all known yet, and when nobody is there who could do what is left.
    public static Optional<Instant> of(Farm farm, JobId id) {
        Optional<Job> found = farm.find(id).filter(Job::running);
        if (found.isEmpty()) return Optional.empty();
        Job job = found.get();
        boolean resolved =
                job.steps().values().stream()
                        .noneMatch(
                                r -> r.step().work() instanceof Work.Resolve && !r.state().ended());
        return resolved ? new Plan(farm, job).end() : Optional.empty();
    }

    /// A group of agents and when each of its slots becomes free, from now in milliseconds.
    private record Slots(Fleet.Group group, PriorityQueue<Long> heavy) {}

    private static final class Plan {
        private final Farm farm;
        private final Job job;
        private final Durations durations;
        private final List<Slots> slots = new ArrayList<>();
        private final SortedMap<StepId, Long> ends = new TreeMap<>();

        Plan(Farm farm, Job job) {
            this.farm = farm;
            this.job = job;
            this.durations = farm.durations();
            long others = competitors();
            for (Fleet.Group group : farm.lending().fleet().groups().values())
                slots.add(new Slots(group, free(group, others)));
        }

        /// Jobs that are served before or with this one.
        private long competitors() {
            int priority = job.spec().farm().priority();
            return farm.jobs().values().stream()
                    .filter(j -> j.running() && !j.id().equals(job.id()))
                    .filter(j -> j.spec().farm().priority() >= priority)
                    .count();
        }

        private PriorityQueue<Long> free(Fleet.Group group, long others) {
            int room = group.free().stream().mapToInt(Fleet.Chair::room).sum();
            int all = room + group.ends().size();
            int mine = Math.clamp((all + others) / (others + 1), Math.min(1, all), SLOTS);
            var free = new PriorityQueue<Long>();
            for (int i = 0; i < room && free.size() < mine; i++) free.add(0L);
            for (Fleet.End end : group.ends()) {
                if (free.size() == mine) break;
                free.add(left(end.until()));
            }
            return free;
        }

        private long left(Instant until) {
            return Math.max(0, Duration.between(farm.at(), until).toMillis());
        }

        Optional<Instant> end() {
            List<StepRow> open =
                    job.steps().values().stream()
                            .filter(r -> !r.state().ended())
                            .sorted(
                                    Comparator.comparingLong(StepRow::rank)
                                            .reversed()
                                            .thenComparing(StepRow::id))
                            .toList();
            long last = 0;
            // A step's rank is above that of all that need it, so needs come first.
            for (StepRow row : open) {
                long from = 0;
                for (StepId need : row.step().needs().keySet())
                    from = Math.max(from, ends.getOrDefault(need, 0L));
                Optional<Long> end = end(row, from);
                if (end.isEmpty()) return Optional.empty();
                ends.put(row.id(), end.get());
                last = Math.max(last, end.get());
            }
            return Optional.of(farm.at().plusMillis(last));
        }

        private Optional<Long> end(StepRow row, long from) {
            Durations.Quote quote = durations.quote(row.step().work());
            if (!(row.step().work() instanceof Work.OnAgent work))
                return Optional.of(from + quote.usualMillis());
            if (row.state() instanceof StepState.Leased leased) {
                Optional<Seat.Use> use =
                        farm.lending()
                                .fleet()
                                .seat(leased.agent())
                                .map(s -> s.uses().get(leased.lease()));
                if (use.isPresent()) return Optional.of(left(use.get().until()));
            }
            return place(quote, work, row, from);
        }

        private Optional<Long> place(
                Durations.Quote quote, Work.OnAgent work, StepRow row, long from) {
            SortedSet<String> labels = job.spec().farm().labels();
            Demand demand = Demand.of(work, labels, row.avoid(), 0);
            Slots best = null;
            long bestAt = Long.MAX_VALUE;
            for (Slots at : slots) {
                if (!demand.fits(at.group().facts())) continue;
                Long free = demand.light() ? Long.valueOf(0) : at.heavy().peek();
                if (free == null) continue;
                long end = Math.max(from, free) + millis(quote, work, at.group());
                if (end < bestAt) {
                    best = at;
                    bestAt = end;
                }
            }
            if (best == null) return Optional.empty();
            if (!demand.light()) {
                best.heavy().remove();
                best.heavy().add(bestAt);
            }
            return Optional.of(bestAt);
        }

        private static long millis(Durations.Quote quote, Work work, Fleet.Group group) {
            String agentClass = AgentClass.of(group.facts(), work);
            return Math.max(
                    1, quote.millis(agentClass) * Pace.millis(group.pace()) / Durations.USUAL);
        }
    }
}
