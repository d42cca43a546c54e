package rookery.coordinator.web.page;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;

/// `/metrics`: the farm as figures, and what else was measured.
public final class Figures {
    private Figures() {}

    /// A figure from outside of the farm.
    public record Gauge(String name, String help, double value) {}

    /// A distribution: how many were at most as large as each bound, all, and their sum.
    public record Spread(
            String name,
            String help,
            List<Double> bounds,
            List<Long> counts,
            long all,
            double sum) {
        public Spread {
            bounds = List.copyOf(bounds);
            counts = List.copyOf(counts);
        }
    }

    /// @param gauges by their measurers, each name once
    public static String text(Farm farm, List<Gauge> gauges, List<Spread> spreads, Instant now) {
        var out = new Exposition();
        jobs(farm, out);
        steps(farm, out);
        agents(farm, out);
        queue(farm, now, out);
        for (Gauge g : gauges) out.gauge(g.name(), g.help()).sample(g.name(), g.value());
        for (Spread s : spreads) spread(s, out);
        return out.toString();
    }

    private static void jobs(Farm farm, Exposition out) {
        SortedMap<Look, Integer> by = new TreeMap<>();
        for (Look look : List.of(Look.RUNNING, Look.DONE, Look.FAILED, Look.CANCELLED))
            by.put(look, 0);
        farm.jobs().values().forEach(j -> by.merge(Look.of(j.status()), 1, Integer::sum));
        out.gauge("rookery_jobs", "Jobs in memory, by state.");
        by.forEach((look, n) -> out.sample("rookery_jobs", n, "state", look.word()));
    }

    private static void steps(Farm farm, Exposition out) {
        SortedMap<String, SortedMap<Look, Integer>> by = new TreeMap<>();
        for (Job job : farm.jobs().values())
            for (StepRow row : job.steps().values())
                by.computeIfAbsent(row.step().work().kind(), _ -> new TreeMap<>())
                        .merge(Look.of(row.state()), 1, Integer::sum);
        out.gauge("rookery_steps", "Steps of the jobs in memory, by state and kind.");
        by.forEach((kind, looks) ->
                looks.forEach((look, n) ->
                        out.sample("rookery_steps", n, "state", look.word(), "kind", kind)));
    }

    private static void agents(Farm farm, Exposition out) {
        SortedMap<String, Integer> by = new TreeMap<>();
        int leases = 0;
        long slots = 0;
        for (Agent agent : farm.agents().values()) {
            by.merge(Fleet.standing(agent), 1, Integer::sum);
            leases += agent.leases().size();
            if (agent.goneSince().isEmpty()) slots += agent.facts().slots();
        }
        out.gauge("rookery_agents", "Agents, by standing; away: not connected.");
        by.forEach((standing, n) -> out.sample("rookery_agents", n, "standing", standing));
        out.gauge("rookery_agent_slots", "Steps that the connected agents take at once.")
                .sample("rookery_agent_slots", (double) slots);
        out.gauge("rookery_leases", "Steps that are lent to agents.")
                .sample("rookery_leases", leases);
    }

    private static void queue(Farm farm, Instant now, Exposition out) {
        out.gauge("rookery_steps_ready", "Steps that wait for a free agent only.")
                .sample("rookery_steps_ready", farm.ready().size());
        out.gauge("rookery_steps_held", "Steps that wait for a time, or for an agent that is able.")
                .sample("rookery_steps_held", Queue.heldSize(farm));
        Duration oldest =
                Queue.ready(farm)
                        .map(ref -> Duration.between(readySince(farm, ref), now))
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO);
        out.gauge(
                        "rookery_step_ready_oldest_seconds",
                        "For how long the step that became ready first has waited.")
                .sample("rookery_step_ready_oldest_seconds", Math.max(0, oldest.toMillis()) / 1e3);
    }

    /// When the last of what it needs had ended, or its last attempt.
    private static Instant readySince(Farm farm, StepRef ref) {
        Job job = farm.job(ref.job());
        StepRow row = job.row(ref.step());
        Instant since = row.startedAt().orElse(job.submittedAt());
        for (var need : row.step().needs().keySet()) {
            Optional<Instant> end =
                    Optional.ofNullable(job.steps().get(need)).flatMap(StepRow::endedAt);
            if (end.isPresent() && end.get().isAfter(since)) since = end.get();
        }
        return since;
    }

    private static void spread(Spread spread, Exposition out) {
        String name = spread.name();
        out.histogram(name, spread.help());
        for (int i = 0; i < spread.bounds().size(); i++) {
            double bound = spread.bounds().get(i);
            String le =
                    bound == Math.rint(bound)
                            ? Long.toString((long) bound)
                            : Double.toString(bound);
            out.sample(name + "_bucket", spread.counts().get(i).doubleValue(), "le", le);
        }
        out.sample(name + "_bucket", (double) spread.all(), "le", "+Inf");
        out.sample(name + "_sum", spread.sum());
        out.sample(name + "_count", (double) spread.all());
    }
}
