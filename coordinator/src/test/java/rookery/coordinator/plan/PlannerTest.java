package rookery.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import rookery.coordinator.Given;
import rookery.coordinator.plan.Step.Edge;
import rookery.model.JobSpec;
import rookery.model.MergeGraph;
import rookery.model.StepId;
import rookery.model.Work;

class PlannerTest {
    private static final JobSpec CURL =
            Given.spec(
                    List.of("net-misc/curl"),
                    Given.required(Given.AMD64),
                    Given.optional(Given.RISCV64),
                    Given.required(Given.WINDOWS));

    @Test
    void aPlatformHasABuildAGateAndARunAndTheImageNeedsThem() {
        Map<StepId, Step> steps = byId(Planner.initial(CURL, false, false));
        assertThat(steps.keySet())
                .extracting(StepId::value)
                .containsExactlyInAnyOrder(
                        "modules",
                        "resolve/x86_64-unknown-linux-musl",
                        "resolve/riscv64-unknown-linux-musl",
                        "resolve/x86_64-w64-mingw32",
                        "go-build/app/linux/amd64",
                        "verify/app/linux/amd64",
                        "run/app/linux/amd64",
                        "go-build/app/linux/riscv64",
                        "verify/app/linux/riscv64",
                        "run/app/linux/riscv64",
                        "go-build/app/windows/amd64",
                        "verify/app/windows/amd64",
                        "assemble/registry.example/app");
        assertThat(step(steps, "assemble/registry.example/app").needs())
                .containsEntry(new StepId("run/app/linux/amd64"), Edge.HARD)
                .containsEntry(new StepId("run/app/linux/riscv64"), Edge.SOFT)
                .doesNotContainKey(new StepId("verify/app/windows/amd64"));
    }

    @Test
    void onlyAPushPublishesAndOnlyAfterTheImage() {
        Map<StepId, Step> steps = byId(Planner.initial(CURL, true, false));
        assertThat(step(steps, "publish/registry.example/app").needs())
                .containsExactly(Map.entry(new StepId("assemble/registry.example/app"), Edge.HARD));
    }

    @Test
    void aGraphAddsItsPackagesAndTheGoBuildThenNeedsAllOfThem() {
        Map<StepId, Step> steps = byId(Planner.grow(CURL, Given.AMD64, Given.graph(Given.AMD64)));
        Step curl = step(steps, "package/x86_64-unknown-linux-musl/net-misc/curl-8.0");
        assertThat(curl.needs().keySet())
                .extracting(StepId::value)
                .containsExactly(
                        "fetch/net-misc_curl-8.0.tar.gz",
                        "package/x86_64-unknown-linux-musl/dev-libs/openssl-3.0",
                        "package/x86_64-unknown-linux-musl/sys-libs/zlib-1.3");
        Step go = step(steps, "go-build/app/linux/amd64");
        assertThat(go.needs().keySet())
                .extracting(StepId::value)
                .contains(
                        "modules",
                        "package/x86_64-unknown-linux-musl/sys-libs/zlib-1.3",
                        "package/x86_64-unknown-linux-musl/net-misc/curl-8.0")
                .noneMatch(s -> s.startsWith("resolve/"));
        assertThat(((Work.GoBuild) go.work()).closure())
                .containsExactly("sys-libs/zlib-1.3", "dev-libs/openssl-3.0", "net-misc/curl-8.0");
    }

    @Test
    void whatAnOptionalPlatformAloneNeedsIsOptional() {
        assertThat(Planner.grow(CURL, Given.RISCV64, Given.graph(Given.RISCV64)))
                .allMatch(s -> !s.required());
        assertThat(Planner.grow(CURL, Given.AMD64, Given.graph(Given.AMD64)))
                .allMatch(Step::required);
    }

    @Test
    void aMergeListInWhichANeedComesLaterIsNoGraph() {
        assertThatThrownBy(() ->
                        new MergeGraph(
                                "x", List.of(Given.node("a/b-1", "c/d-1"), Given.node("c/d-1"))))
                .hasMessageContaining("a/b-1 needs [c/d-1]");
    }

    @Test
    void anImageOfABuildThatIsNotThereIsRefused() {
        JobSpec.Image image = CURL.images().getFirst();
        var wrong =
                new JobSpec(
                        CURL.project(),
                        CURL.source(),
                        CURL.builds(),
                        CURL.portage(),
                        CURL.platforms(),
                        CURL.toolchain(),
                        CURL.verify(),
                        List.of(
                                new JobSpec.Image(
                                        "other",
                                        image.repository(),
                                        image.tags(),
                                        image.entrypoint(),
                                        image.labels(),
                                        image.include())),
                        CURL.farm());
        assertThatThrownBy(() -> Planner.initial(wrong, false, false))
                .hasMessageContaining("'other'");
    }

    private static Step step(Map<StepId, Step> steps, String id) {
        return Objects.requireNonNull(steps.get(new StepId(id)), id);
    }

    private static Map<StepId, Step> byId(List<Step> steps) {
        return steps.stream().collect(Collectors.toMap(Step::id, Function.identity()));
    }
}
