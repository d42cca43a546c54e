package rookery.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import rookery.coordinator.Given;
import rookery.model.AgentFacts;
import rookery.model.JobSpec;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Toolchain;
import rookery.model.Work;
import rookery.oci.Digest;

class StepKeyTest {
    private static final AgentFacts FACTS = Given.facts(4, "amd64");
    private static final JobSpec SPEC = Given.spec(List.of(), Given.required(Given.AMD64));
    private static final Work.GoBuild GO = go(Given.required(Given.AMD64), Given.build("app"));

    @Test
    void everythingThatCanChangeABinaryChangesItsKey() {
        var keys = new ArrayList<Digest>();
        keys.add(key(GO, FACTS, "local"));
        keys.add(key(GO, FACTS, "release"));
        keys.add(key(go(Given.required(Given.ARM64), Given.build("app")), FACTS, "local"));
        keys.add(
                key(
                        go(
                                new JobSpec.Wanted(
                                        Given.AMD64, Given.AMD64.level("v3").orElseThrow(), true),
                                Given.build("app")),
                        FACTS,
                        "local"));
        keys.add(key(go(Given.required(Given.AMD64), flags("-s", "-w")), FACTS, "local"));
        keys.add(key(go(Given.required(Given.AMD64), flags("-s -w")), FACTS, "local"));
        keys.add(key(GO, facts("arm64", "tools", "go1.26.8", "portable 1"), "local"));
        keys.add(key(GO, facts("amd64", "newer tools", "go1.26.8", "portable 1"), "local"));
        keys.add(key(GO, facts("amd64", "tools", "go1.27.0", "portable 1"), "local"));
        keys.add(key(GO, facts("amd64", "tools", "go1.26.8", "portable 2"), "local"));
        keys.add(
                StepKey.onAgent(
                        GO,
                        inputs("package/x86_64-unknown-linux-musl/sys-libs/zlib-1", "one"),
                        FACTS,
                        "local"));
        keys.add(
                StepKey.onAgent(
                        GO,
                        inputs("package/x86_64-unknown-linux-musl/sys-libs/zlib-1", "two"),
                        FACTS,
                        "local"));
        assertThat(keys).doesNotHaveDuplicates();
    }

    @Test
    void whatCannotChangeABinaryDoesNotChangeItsKey() {
        Digest key = key(GO, FACTS, "local");
        assertThat(key(go(Given.optional(Given.AMD64), Given.build("app")), FACTS, "local"))
                .isEqualTo(key);
        assertThat(key(GO, Given.facts(64, "amd64", "arm64", "riscv64"), "local")).isEqualTo(key);
    }

    @Test
    void aKeyIsTheSameInEveryProcess() {
        assertThat(
                        StepKey.onAgent(
                                        new Work.Fetch(Given.distfile("zlib.tar.gz")),
                                        new TreeMap<>(),
                                        FACTS,
                                        "local")
                                .hex())
                .isEqualTo(
                        StepKey.onAgent(
                                        new Work.Fetch(Given.distfile("zlib.tar.gz")),
                                        new TreeMap<>(),
                                        facts("riscv64", "x", "go1.0", "y"),
                                        "local")
                                .hex())
                .isEqualTo("34a51f7868bb033ca1f6ed2b520e5e56410766b1f31f0bccf66ffb13f0a5601a");
    }

    @Test
    void aBetterGateLooksAtEveryBinaryAgain() {
        var verify = new Work.Verify(Given.required(Given.AMD64), "scratch");
        assertThat(StepKey.inCoordinator(verify, new TreeMap<>(), "1", "local"))
                .isNotEqualTo(StepKey.inCoordinator(verify, new TreeMap<>(), "2", "local"));
    }

    private static Work.GoBuild go(JobSpec.Wanted wanted, JobSpec.Build build) {
        return new Work.GoBuild(
                build, wanted, Toolchain.PORTABLE, SPEC.portage(), SPEC.source(), List.of());
    }

    private static JobSpec.Build flags(String... ldflags) {
        return new JobSpec.Build(
                "app",
                ".",
                "app",
                List.of("-x"),
                List.of(ldflags),
                List.of(),
                new TreeMap<>(),
                new TreeMap<>());
    }

    private static AgentFacts facts(String cpu, String tools, String go, String toolchain) {
        SortedMap<Toolchain, Digest> toolchains = new TreeMap<>();
        toolchains.put(Toolchain.PORTABLE, Given.digest(toolchain));
        return new AgentFacts(
                cpu,
                Given.digest(tools),
                go,
                toolchains,
                new TreeMap<>(),
                2,
                1,
                1,
                new TreeSet<>());
    }

    private static SortedMap<StepId, Outcome.Made> inputs(String step, String content) {
        SortedMap<StepId, Outcome.Made> inputs = new TreeMap<>();
        inputs.put(new StepId(step), Given.made("gpkg", content));
        return inputs;
    }

    private static Digest key(Work.OnAgent work, AgentFacts facts, String trustDomain) {
        return StepKey.onAgent(work, new TreeMap<>(), facts, trustDomain);
    }
}
