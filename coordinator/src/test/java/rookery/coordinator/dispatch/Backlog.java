package rookery.coordinator.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import rookery.coordinator.Given;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Durations;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.plan.Step;
import rookery.coordinator.store.Store;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.MergeGraph;
import rookery.model.StepId;
import rookery.model.StepIds;
import rookery.model.Toolchain;
import rookery.model.Work;
import rookery.oci.Digest;

/// Jobs on a disk as a coordinator leaves them, made of package builds alone.
final class Backlog {
    /// Jobs at once, and so steps at once where each job is a chain.
    static final int JOBS = 64;

    private static final JobSpec SPEC =
            Given.spec(List.of("net-misc/curl"), Given.required(Given.AMD64));

    private Backlog() {}

    /// How the steps of a job hang together.
    enum Shape {
        /// Each needs the one before it: one is ready at a time, and nothing queues.
        CHAINS,
        /// None needs another: all are ready at once.
        QUEUE
    }

    /// @param steps of each job
    static void write(Path database, Shape shape, int steps) {
        Instant now = Instant.now();
        try (Store store = Store.open(database)) {
            for (int number = 0; number < JOBS; number++) {
                Job job = job(number, shape, steps, now);
                SortedMap<JobId, Job> jobs = new TreeMap<>();
                jobs.put(job.id(), job);
                SortedMap<StepRef, Changes.Row> rows = new TreeMap<>();
                var planned = new ArrayList<Step>();
                for (StepRow row : job.steps().values()) {
                    planned.add(row.step());
                    rows.put(new StepRef(job.id(), row.id()), new Changes.Row("local", row));
                }
                store.save(
                        new Changes(
                                jobs,
                                List.of(new Changes.Planned(job, planned)),
                                rows,
                                new TreeMap<>(),
                                new TreeMap<>(),
                                new TreeSet<>(),
                                store.nextLease()),
                        now);
            }
        }
    }

    private static Job job(int number, Shape shape, int steps, Instant now) {
        SortedMap<StepId, StepRow> rows = new TreeMap<>();
        StepId before = null;
        for (int i = 0; i < steps; i++) {
            Step step = step(number, i, before);
            rows.put(step.id(), StepRow.fresh(step, 0));
            before = shape == Shape.CHAINS ? step.id() : null;
        }
        var bare =
                new Job(
                        new JobId("bench-" + number),
                        "request-" + number,
                        SPEC,
                        false,
                        false,
                        false,
                        new Job.Status.Running(),
                        now,
                        Optional.empty(),
                        TreePMap.fromSortedMap(rows),
                        TreePMap.empty(),
                        TreePMap.empty(),
                        0);
        return Farm.woven(bare, Durations.NONE);
    }

    private static Step step(int job, int number, @Nullable StepId before) {
        String cpv = cpv(number);
        // Two jobs never make the same thing, or one of them would only wait for the other.
        String recipe = Digest.of((job + " " + number).getBytes(UTF_8)).hex();
        var node =
                new MergeGraph.Node(
                        cpv,
                        "0",
                        "gentoo",
                        List.of("static-libs", "ssl"),
                        recipe,
                        new TreeMap<>(),
                        List.of(),
                        before == null ? List.of() : List.of(cpv(number - 1)));
        SortedMap<StepId, Step.Edge> needs = new TreeMap<>();
        if (before != null) needs.put(before, Step.Edge.HARD);
        var work =
                new Work.PackageBuild(
                        Given.AMD64, Toolchain.PORTABLE, SPEC.portage(), node, node.needs());
        return new Step(StepIds.packageBuild(Given.AMD64.chost(), cpv), work, needs, true);
    }

    private static String cpv(int number) {
        return "dev-libs/library-number-" + number + "-1.2.3";
    }
}
