package rookery.coordinator.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.coordinator.plan.Step.Edge;
import rookery.model.Distfile;
import rookery.model.JobSpec;
import rookery.model.Limits;
import rookery.model.MergeGraph;
import rookery.model.StepId;
import rookery.model.StepIds;
import rookery.model.Target;
import rookery.model.Work;
import rookery.oci.Platform;

/// Says which steps a job has. A plan only ever grows: steps are added, and a step that waited for
/// a graph gets the needs that the graph tells.
public final class Planner {
    private Planner() {}

    /// The steps that the spec alone tells, each after what it needs.
    ///
    /// @param push whether images are published
    /// @param allowDrop whether publishing may take a platform from a tag
    public static List<Step> initial(JobSpec spec, boolean push, boolean allowDrop) {
        var steps = new ArrayList<Step>();
        spec.source()
                .modules()
                .ifPresent(blob ->
                        steps.add(
                                new Step(StepIds.MODULES, new Work.Modules(blob), needs(), true)));
        if (!spec.portage().packages().isEmpty())
            chosts(spec)
                    .forEach((target, required) -> {
                        var work = new Work.Resolve(target, spec.toolchain(), spec.portage());
                        steps.add(
                                new Step(StepIds.resolve(target.chost()), work, needs(), required));
                    });
        for (JobSpec.Build build : spec.builds()) {
            for (JobSpec.Wanted wanted : spec.platforms()) {
                steps.add(goBuild(spec, build, wanted, Optional.empty()));
                gate(spec, build, wanted, steps);
            }
        }
        for (JobSpec.Image image : spec.images()) image(spec, image, push, allowDrop, steps);
        return steps;
    }

    /// What the merge list of one CHOST adds: fetch and package steps, and the Go builds of that
    /// CHOST anew, now needing their libraries.
    ///
    /// @throws IllegalArgumentException when the job would have more than [Limits#STEPS_PER_JOB]
    ///   steps
    public static List<Step> grow(JobSpec spec, Target target, MergeGraph graph) {
        boolean required = chosts(spec).getOrDefault(target, false);
        SequencedMap<StepId, Step> steps = new LinkedHashMap<>();
        for (MergeGraph.Node node : graph.packages()) {
            List<String> closure =
                    graph.closure(node.cpv()).stream().map(MergeGraph.Node::cpv).toList();
            SortedMap<StepId, Edge> needs = packages(target, closure);
            for (Distfile distfile : node.distfiles()) {
                StepId fetch = StepIds.fetch(distfile.name());
                Step step = new Step(fetch, new Work.Fetch(distfile), needs(), required);
                Step other = steps.putIfAbsent(fetch, step);
                if (other != null && !other.work().equals(step.work()))
                    throw new IllegalArgumentException(
                            "two packages mean different files by '" + distfile.name() + "'");
                needs.put(fetch, Edge.HARD);
            }
            StepId id = StepIds.packageBuild(target.chost(), node.cpv());
            var work =
                    new Work.PackageBuild(target, spec.toolchain(), spec.portage(), node, closure);
            steps.put(id, new Step(id, work, needs, required));
        }
        for (JobSpec.Build build : spec.builds()) {
            for (JobSpec.Wanted wanted : spec.platforms()) {
                if (!wanted.target().equals(target)) continue;
                Step step = goBuild(spec, build, wanted, Optional.of(graph));
                steps.put(step.id(), step);
            }
        }
        if (steps.size() > Limits.STEPS_PER_JOB)
            throw new IllegalArgumentException(
                    "the plan would have "
                            + steps.size()
                            + " steps; a job has at most "
                            + Limits.STEPS_PER_JOB);
        return List.copyOf(steps.values());
    }

    private static Step goBuild(
            JobSpec spec, JobSpec.Build build, JobSpec.Wanted wanted, Optional<MergeGraph> graph) {
        String chost = wanted.target().chost();
        List<String> closure =
                graph.map(g -> g.packages().stream().map(MergeGraph.Node::cpv).toList())
                        .orElse(List.of());
        SortedMap<StepId, Edge> needs = packages(wanted.target(), closure);
        if (spec.source().modules().isPresent()) needs.put(StepIds.MODULES, Edge.HARD);
        // Once the graph is known its packages say all that matters; a graph that reads differently
        // changes nothing.
        if (graph.isEmpty() && !spec.portage().packages().isEmpty())
            needs.put(StepIds.resolve(chost), Edge.HARD);
        var work =
                new Work.GoBuild(
                        build.on(wanted.platform()),
                        wanted,
                        spec.toolchain(),
                        spec.portage(),
                        spec.source(),
                        closure);
        return new Step(
                StepIds.goBuild(build.id(), wanted.platform()), work, needs, wanted.required());
    }

    private static void gate(
            JobSpec spec, JobSpec.Build build, JobSpec.Wanted wanted, List<Step> steps) {
        Platform platform = wanted.platform();
        StepId verify = StepIds.verify(build.id(), platform);
        steps.add(
                new Step(
                        verify,
                        new Work.Verify(wanted, spec.verify().policy()),
                        needs(StepIds.goBuild(build.id(), platform)),
                        wanted.required()));
        if (runs(spec, wanted)) {
            var work =
                    new Work.Run(
                            wanted,
                            build.binary() + wanted.target().binarySuffix(),
                            spec.verify().run());
            steps.add(
                    new Step(
                            StepIds.run(build.id(), platform),
                            work,
                            needs(verify),
                            wanted.required()));
        }
    }

    private static void image(
            JobSpec spec, JobSpec.Image image, boolean push, boolean allowDrop, List<Step> steps) {
        JobSpec.Build build =
                spec.builds().stream()
                        .filter(b -> b.id().equals(image.from()))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "the image "
                                                + image.repository()
                                                + " is made from '"
                                                + image.from()
                                                + "', which is no build's id"));
        SortedMap<StepId, Edge> needs = needs();
        var platforms = new ArrayList<Platform>();
        for (JobSpec.Wanted wanted : spec.platforms()) {
            if (!wanted.target().inImages()) continue;
            Platform platform = wanted.platform();
            platforms.add(platform);
            Edge edge = wanted.required() ? Edge.HARD : Edge.SOFT;
            needs.put(StepIds.verify(build.id(), platform), edge);
            if (runs(spec, wanted)) needs.put(StepIds.run(build.id(), platform), edge);
        }
        if (platforms.isEmpty()) return;
        StepId assemble = StepIds.assemble(image.repository());
        steps.add(
                new Step(
                        assemble,
                        new Work.Assemble(
                                image,
                                build.binary(),
                                spec.source(),
                                platforms,
                                !spec.verify().run().isEmpty()),
                        needs,
                        true));
        if (push) {
            steps.add(
                    new Step(
                            StepIds.publish(image.repository()),
                            new Work.Publish(image, allowDrop),
                            needs(assemble),
                            true));
        }
    }

    private static boolean runs(JobSpec spec, JobSpec.Wanted wanted) {
        return !spec.verify().run().isEmpty() && wanted.target().emulator().isPresent();
    }

    /// The job's targets in the spec's order, each with whether any required platform needs it.
    private static SequencedMap<Target, Boolean> chosts(JobSpec spec) {
        SequencedMap<Target, Boolean> chosts = new LinkedHashMap<>();
        spec.platforms().forEach(w -> chosts.merge(w.target(), w.required(), Boolean::logicalOr));
        return chosts;
    }

    private static SortedMap<StepId, Edge> packages(Target target, List<String> closure) {
        SortedMap<StepId, Edge> needs = needs();
        closure.forEach(cpv -> needs.put(StepIds.packageBuild(target.chost(), cpv), Edge.HARD));
        return needs;
    }

    private static SortedMap<StepId, Edge> needs(StepId... hard) {
        SortedMap<StepId, Edge> needs = new TreeMap<>();
        for (StepId id : hard) needs.put(id, Edge.HARD);
        return needs;
    }
}
