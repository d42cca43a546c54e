package rookery.coordinator.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.coordinator.plan.Step;
import rookery.coordinator.plan.Step.Edge;
import rookery.model.JobSpec;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.v1.PlanPart;
import rookery.v1.PlannedStep;
import rookery.wire.SpecWire;
import rookery.wire.WorkWire;

/// Planned steps as the message that the store keeps, and back. Reading shares what the steps
/// share: a farm of a hundred thousand steps would else hold each name a hundred times.
final class Plans {
    private Plans() {}

    static PlanPart write(JobSpec spec, List<Step> steps) {
        var words = new Words();
        var part = PlanPart.newBuilder();
        for (Step step : steps) {
            var out =
                    PlannedStep.newBuilder()
                            .setId(words.of(step.id().value()))
                            .setRequired(step.required());
            step.needs()
                    .forEach((need, edge) -> {
                        int word = words.of(need.value());
                        switch (edge) {
                            case HARD -> out.addHard(word);
                            case SOFT -> out.addSoft(word);
                        }
                    });
            work(spec, step.work(), words, out);
            part.addSteps(out);
        }
        return part.addAllWords(words.all()).build();
    }

    private static void work(JobSpec spec, Work work, Words words, PlannedStep.Builder out) {
        var message = WorkWire.write(work).toBuilder();
        switch (work) {
            case Work.PackageBuild w -> {
                w.closure().forEach(cpv -> out.addClosure(words.of(cpv)));
                message.getPackageBuilder().clearClosure();
                if (w.portage().equals(spec.portage())) {
                    out.setAsSpec(true);
                    message.getPackageBuilder().clearPortage();
                }
            }
            case Work.GoBuild w -> {
                w.closure().forEach(cpv -> out.addClosure(words.of(cpv)));
                message.getGoBuildBuilder().clearClosure();
                if (w.portage().equals(spec.portage()) && w.source().equals(spec.source())) {
                    out.setAsSpec(true);
                    message.getGoBuildBuilder().clearPortage().clearSource();
                }
            }
            case Work.Modules _,
                    Work.Resolve _,
                    Work.Fetch _,
                    Work.Run _,
                    Work.Verify _,
                    Work.Assemble _,
                    Work.Publish _ -> {}
        }
        out.setWork(message);
    }

    static List<Step> read(JobSpec spec, PlanPart part) {
        List<String> words = part.getWordsList();
        var ids = new StepId[words.size()];
        var steps = new ArrayList<Step>();
        for (PlannedStep in : part.getStepsList()) {
            SortedMap<StepId, Edge> needs = new TreeMap<>();
            in.getHardList().forEach(w -> needs.put(id(w, words, ids), Edge.HARD));
            in.getSoftList().forEach(w -> needs.put(id(w, words, ids), Edge.SOFT));
            steps.add(
                    new Step(
                            id(in.getId(), words, ids),
                            work(spec, in, words),
                            needs,
                            in.getRequired()));
        }
        return steps;
    }

    private static StepId id(int word, List<String> words, StepId[] ids) {
        if (ids[word] == null) ids[word] = new StepId(words.get(word));
        return ids[word];
    }

    private static Work work(JobSpec spec, PlannedStep in, List<String> words) {
        List<String> closure = in.getClosureList().stream().map(words::get).toList();
        JobSpec.Portage portage = spec.portage();
        return switch (WorkWire.read(whole(spec, in))) {
            case Work.PackageBuild w ->
                    new Work.PackageBuild(
                            w.target(),
                            w.toolchain(),
                            in.getAsSpec() ? portage : w.portage(),
                            w.node(),
                            closure);
            case Work.GoBuild w ->
                    new Work.GoBuild(
                            w.build(),
                            w.wanted(),
                            w.toolchain(),
                            in.getAsSpec() ? portage : w.portage(),
                            in.getAsSpec() ? spec.source() : w.source(),
                            closure);
            case Work work -> work;
        };
    }

    /// With the source put back: a Go build without one is refused.
    private static rookery.v1.Work whole(JobSpec spec, PlannedStep in) {
        if (!in.getAsSpec() || !in.getWork().hasGoBuild()) return in.getWork();
        var work = in.getWork().toBuilder();
        work.getGoBuildBuilder().setSource(SpecWire.write(spec).getSource());
        return work.build();
    }

    /// Numbers for what is said more than once.
    private static final class Words {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> all = new ArrayList<>();

        int of(String word) {
            return numbers.computeIfAbsent(
                    word,
                    w -> {
                        all.add(w);
                        return all.size() - 1;
                    });
        }

        List<String> all() {
            return all;
        }
    }
}
