package rookery.coordinator.plan;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import rookery.model.AgentFacts;
import rookery.model.JobSpec;
import rookery.model.MergeGraph;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// The cache name of a step's result: the digest of everything that can change it.
///
/// Results of needed steps enter by their identity, so a package that was rebuilt to the same
/// content changes nothing after it. What a step does not look at stays out: the platform's
/// `required`, the job's name, the number of cores, the agent's own name.
public final class StepKey {
    /// Raised when what a step does with the same words changes: old results are then no longer
    /// found.
    private static final String VERSION = "rookery step key 2";

    private StepKey() {}

    /// The name that the result would have if this agent made it; results are shared by agents for
    /// which the keys are the same.
    public static Digest onAgent(
            Work.OnAgent work,
            SortedMap<StepId, Outcome.Made> inputs,
            AgentFacts facts,
            String trustDomain) {
        var key = begin(work, inputs, trustDomain);
        switch (work) {
            case Work.Modules w ->
                    key.put("go", facts.goVersion()).put("go.mod", w.goModAndSum().digest());
            case Work.Resolve w -> {
                key.put("chost", w.target().chost());
                key.put("toolchain", toolchain(facts, w.toolchain()));
                portage(key, w.portage());
            }
            case Work.Fetch w ->
                    key.put("size", Long.toString(w.distfile().sizeBytes()))
                            .put("blake2b", w.distfile().blake2b())
                            .put("sha512", w.distfile().sha512());
            case Work.PackageBuild w -> {
                key.put("chost", w.target().chost());
                compiledOn(key, facts, w.toolchain());
                node(key, w.node());
                key.put("closure", w.closure());
            }
            case Work.GoBuild w -> {
                compiledOn(key, facts, w.toolchain());
                key.put("go", facts.goVersion());
                key.put("platform", w.wanted().platform().toString())
                        .put("level", w.wanted().level().name());
                key.put("chost", w.wanted().target().chost());
                key.put("tree", w.source().tree().digest());
                build(key, w.build());
                key.put("closure", w.closure());
            }
            case Work.Run w -> {
                String architecture = w.wanted().target().architecture();
                key.put("emulator", String.valueOf(facts.emulators().get(architecture)));
                key.put("platform", w.wanted().platform().toString()).put("name", w.binaryName());
                for (JobSpec.RunCheck check : w.checks()) {
                    key.put("args", check.args())
                            .put("stdout", check.stdout())
                            .put("limit", check.timeLimit().toString());
                }
            }
        }
        return key.digest();
    }

    /// The name of what the coordinator makes itself.
    ///
    /// @param gate the inspector's version: a better one must look again
    public static Digest inCoordinator(
            Work.InCoordinator work,
            SortedMap<StepId, Outcome.Made> inputs,
            String gate,
            String trustDomain) {
        var key = begin(work, inputs, trustDomain);
        switch (work) {
            case Work.Verify w ->
                    key.put("gate", gate)
                            .put("policy", w.policy())
                            .put("platform", w.wanted().platform().toString())
                            .put("level", w.wanted().level().name());
            case Work.Assemble w -> {
                image(key, w.image());
                key.put("binary", w.binaryName());
                key.put("version", w.source().version()).put("commit", w.source().commit());
                key.put("time", w.source().commitTime().toString());
                key.put("platforms", w.platforms().stream().map(Object::toString).toList());
                key.put("runs", Boolean.toString(w.runs()));
            }
            case Work.Publish w -> {
                image(key, w.image());
                key.put("drop", Boolean.toString(w.allowDrop()));
            }
        }
        return key.digest();
    }

    private static KeyWriter begin(
            Work work, SortedMap<StepId, Outcome.Made> inputs, String trustDomain) {
        var key = new KeyWriter();
        key.put("version", VERSION).put("kind", work.kind()).put("trust_domain", trustDomain);
        inputs.forEach(
                (step, made) -> key.put("input", step.value()).put("identity", made.identity()));
        return key;
    }

    private static void compiledOn(
            KeyWriter key, AgentFacts facts, rookery.model.Toolchain toolchain) {
        key.put("build_cpu", facts.buildArchitecture())
                .put("host_tools", facts.hostTools())
                .put("toolchain", toolchain(facts, toolchain));
    }

    private static String toolchain(AgentFacts facts, rookery.model.Toolchain toolchain) {
        return toolchain.word() + " " + facts.toolchains().get(toolchain);
    }

    private static void portage(KeyWriter key, JobSpec.Portage portage) {
        key.put("packages", portage.packages()).put("use", portage.use());
        portage.repos()
                .forEach(r ->
                        key.put("repo", r.name())
                                .put("tree", r.tree().map(b -> b.digest().toString()).orElse("")));
        key.put("config", portage.config().map(b -> b.digest().toString()).orElse(""));
    }

    private static void node(KeyWriter key, MergeGraph.Node node) {
        key.put("cpv", node.cpv())
                .put("slot", node.slot())
                .put("repo", node.repo())
                .put("use", node.use())
                .put("recipe", node.recipe())
                .put("needs", node.needs());
        map(key, "env", node.env());
        node.distfiles().forEach(d -> key.put("distfile", d.name()).put("sha512", d.sha512()));
    }

    private static void build(KeyWriter key, JobSpec.Build build) {
        key.put("main", build.main())
                .put("binary", build.binary())
                .put("flags", build.flags())
                .put("ldflags", build.ldflags())
                .put("tags", build.tags());
        map(key, "env", build.env());
    }

    private static void image(KeyWriter key, JobSpec.Image image) {
        key.put("repository", image.repository())
                .put("tags", image.tags())
                .put("entrypoint", image.entrypoint());
        map(key, "label", image.labels());
        image.include()
                .forEach(i ->
                        key.put("path", i.path())
                                .put("content", i.content().digest())
                                .put("mode", Integer.toOctalString(i.mode())));
    }

    private static void map(KeyWriter key, String name, Map<String, String> map) {
        map.forEach((k, v) -> key.put(name, List.of(k, v)));
    }
}
