package rookery.coordinator.web.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;

/// Everything else that is known of a step.
///
/// @param needs the steps before it
/// @param neededBy the steps after it
public record Facts(List<Fact> facts, Others needs, Others neededBy) implements Panel {
    private static final int CHARS = 1_000;
    private static final int OTHERS = 60;

    /// A name and what is said of it.
    public record Fact(String name, List<String> values) {
        public Fact {
            values = List.copyOf(values);
        }
    }

    /// @param hidden how many more there are
    public record Others(List<Cell> steps, int hidden) {
        public Others {
            steps = List.copyOf(steps);
        }
    }

    public Facts {
        facts = List.copyOf(facts);
    }

    static Facts of(Job job, StepRow row) {
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("kind", List.of(row.step().work().kind())));
        work(row.step().work(), facts);
        state(row.state(), facts);
        if (!row.avoid().isEmpty())
            facts.add(
                    new Fact("not again on", row.avoid().stream().map(Object::toString).toList()));
        if (row.agentsLost() > 0)
            facts.add(new Fact("agents lost with it", List.of(Integer.toString(row.agentsLost()))));
        if (!row.step().required())
            facts.add(new Fact("optional", List.of("the job does not fail with it")));
        var after = job.dependents().get(row.id());
        return new Facts(
                facts,
                others(job, row.step().needs().keySet().stream()),
                others(job, after == null ? Stream.empty() : after.stream()));
    }

    private static Others others(Job job, Stream<StepId> ids) {
        List<StepRow> rows =
                ids.flatMap(id -> Optional.ofNullable(job.steps().get(id)).stream()).toList();
        return new Others(
                rows.stream().limit(OTHERS).map(r -> Cell.bare(job, r)).toList(),
                Math.max(0, rows.size() - OTHERS));
    }

    private static void work(Work work, List<Fact> facts) {
        switch (work) {
            case Work.PackageBuild w -> {
                add(
                        facts,
                        "package",
                        w.node().cpv() + ":" + w.node().slot() + "::" + w.node().repo());
                add(facts, "CHOST", w.target().chost());
                add(facts, "USE", String.join(" ", w.node().use()));
                add(facts, "toolchain", w.toolchain().word());
            }
            case Work.Resolve w -> {
                add(facts, "CHOST", w.target().chost());
                add(facts, "packages", String.join(" ", w.portage().packages()));
                add(facts, "USE", String.join(" ", w.portage().use()));
                add(facts, "toolchain", w.toolchain().word());
            }
            case Work.GoBuild w -> {
                add(facts, "program", w.build().main() + " as " + w.build().binary());
                add(facts, "CHOST", w.wanted().target().chost());
                add(
                        facts,
                        "level",
                        w.wanted().target().levelVariable() + "=" + w.wanted().level().name());
                add(facts, "tags", String.join(" ", w.build().tags()));
                add(facts, "ldflags", String.join(" ", w.build().ldflags()));
                add(facts, "toolchain", w.toolchain().word());
            }
            case Work.Fetch w -> {
                add(
                        facts,
                        "file",
                        w.distfile().name() + ", " + Words.size(w.distfile().sizeBytes()));
                add(facts, "BLAKE2B", w.distfile().blake2b());
            }
            case Work.Verify w -> add(facts, "policy", w.policy());
            case Work.Run w ->
                    w.checks()
                            .forEach(c ->
                                    add(
                                            facts,
                                            "runs",
                                            w.binaryName() + " " + String.join(" ", c.args())));
            case Work.Assemble w -> add(facts, "image", w.image().repository());
            case Work.Publish w -> {
                add(facts, "image", w.image().repository());
                add(facts, "tags", String.join(" ", w.image().tags()));
            }
            case Work.Modules w ->
                    add(facts, "go.mod and go.sum", w.goModAndSum().digest().toString());
        }
    }

    private static void state(StepState state, List<Fact> facts) {
        switch (state) {
            case StepState.Leased leased -> {
                add(facts, "lease", leased.lease() + " of " + leased.agent());
                add(facts, "key", leased.key().toString());
            }
            case StepState.Running running -> add(facts, "key", running.key().toString());
            case StepState.Done(var made, var origin) -> made(made, origin, facts);
            case StepState.Growing(var made, var origin) -> made(made, origin, facts);
            case StepState.Waiting _,
                    StepState.Recalling _,
                    StepState.Ready _,
                    StepState.Failed _,
                    StepState.Cancelled _ -> {}
        }
    }

    private static void made(
            Outcome.Made made, Optional<StepState.Origin> origin, List<Fact> facts) {
        origin.ifPresent(o -> {
            add(facts, "built by", o.builtBy());
            add(facts, "key", o.key().toString());
        });
        made.blobs()
                .forEach((role, blob) ->
                        add(facts, role, blob.digest() + ", " + Words.size(blob.sizeBytes())));
        made.notes().forEach((name, note) -> add(facts, name, note));
    }

    private static void add(List<Fact> facts, String name, String value) {
        if (!value.isBlank())
            facts.add(new Fact(Clean.line(name, CHARS), List.of(Clean.line(value, CHARS))));
    }
}
