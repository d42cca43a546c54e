package rookery.coordinator.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rookery.coordinator.Given;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.web.PlayedFarm;
import rookery.coordinator.web.Scenes;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.StepId;

class PagesTest {
    private static final String BUILD = "go-build/app/linux/amd64";

    @Test
    void theMatrixShowsEachPlatformsStepsInTheirOrder() {
        Farm farm = Scenes.busy().farm();
        Matrix matrix = Matrix.of(farm, farm.job(new JobId("j81d20e44")));
        assertThat(matrix.rows()).extracting(Matrix.Row::platform).hasSize(4);
        Matrix.Row amd64 = matrix.rows().getFirst();
        assertThat(amd64.platform()).isEqualTo("linux/amd64");
        assertThat(amd64.cells().stream().map(c -> c.map(Cell::look)).toList())
                .containsExactly(
                        Optional.of(Look.DONE),
                        Optional.of(Look.DONE),
                        Optional.of(Look.LEASED),
                        Optional.of(Look.WAITING),
                        Optional.of(Look.WAITING));
        assertThat(amd64.cells().get(2).orElseThrow().note()).endsWith(": net/http");
        assertThat(amd64.cells().get(3).orElseThrow().note()).startsWith("needs " + BUILD);
    }

    @Test
    void aFailureCarriesItsBlameItsRemedyAndTheLinesThatTellMost() {
        Farm farm = Scenes.busy().farm();
        Trouble trouble = Troubles.of(farm.job(new JobId("j81d20e44"))).list().getFirst();
        assertThat(trouble.step()).isEqualTo("verify/app/linux/arm64");
        assertThat(trouble.blame()).isEqualTo("the project");
        assertThat(trouble.message()).endsWith("USE=static-libs");
        assertThat(trouble.remedy()).contains("rookery inspect");
        assertThat(trouble.excerpt()).hasSize(3);
        assertThat(trouble.over()).isTrue();
    }

    @Test
    void aStepThatIsTriedAgainSaysWhyItBrokeBefore() {
        var played = new PlayedFarm();
        played.agent("a1", Given.facts(8, "amd64")).agent("a2", Given.facts(8, "amd64"));
        played.submit("j1", Given.spec(List.of(), Given.required(Given.AMD64)), false);
        played.finishAllBut(BUILD);
        played.fail(BUILD, new Failure(Failure.Kind.HOST, "the disk is full; make room"));
        Trouble trouble = Troubles.of(played.farm().job(new JobId("j1"))).list().getFirst();
        assertThat(trouble.over()).isFalse();
        assertThat(trouble.remedy()).contains("another agent");
    }

    @Test
    void equalReasonsForWaitingAreToldOnce() {
        var played = new PlayedFarm();
        for (String job : List.of("j1", "j2", "j3"))
            played.submit(job, Given.spec(List.of(), Given.required(Given.AMD64)), false);
        List<Waits.Wait> reasons = Waits.of(played.farm()).reasons();
        assertThat(reasons).hasSize(1);
        assertThat(reasons.getFirst().steps()).isEqualTo(3);
        assertThat(reasons.getFirst().job()).isEqualTo("j1");
    }

    @Test
    void aPageIsEqualToItselfAsLongAsNothingHappens() {
        PlayedFarm played = Scenes.busy();
        Farm before = played.farm();
        Farm after = played.pass(Duration.ofMillis(1)).farm();
        assertThat(after).isNotSameAs(before);
        assertThat(Pages.overview(after)).isEqualTo(Pages.overview(before));
        Job job = after.job(new JobId("j81d20e44"));
        assertThat(Pages.job(after, job)).isEqualTo(Pages.job(before, before.job(job.id())));
    }

    @Test
    void aStepsPageLeadsToWhatItNeedsAndWhatNeedsIt() {
        Farm farm = Scenes.busy().farm();
        Job job = farm.job(new JobId("j81d20e44"));
        Facts facts = Facts.of(job, job.row(new StepId(Scenes.OPENSSL)));
        assertThat(facts.needs().steps())
                .extracting(Cell::name)
                .contains("package/riscv64-unknown-linux-musl/sys-libs/zlib-1.3.1");
        assertThat(facts.neededBy().steps())
                .extracting(Cell::name)
                .contains("go-build/app/linux/riscv64");
        assertThat(facts.facts())
                .contains(new Facts.Fact("CHOST", List.of("riscv64-unknown-linux-musl")));
    }

    @Test
    void aListOfJobsGoesOnWhereItsPageEnds() {
        Farm farm = new PlayedFarm().farm();
        List<JobSummary> stored =
                IntStream.range(0, JobList.LINES + 1)
                        .mapToObj(i -> summary("j" + (100 - i)))
                        .toList();
        JobList list = JobList.all(farm, stored);
        assertThat(list.jobs()).hasSize(JobList.LINES);
        assertThat(list.older()).contains("/jobs?before=j51");
        assertThat(JobList.all(farm, stored.subList(0, 3)).older()).isEmpty();
    }

    @Test
    void anEmptyFarmSaysWhatToDo() {
        JobList list = JobList.running(new PlayedFarm().farm());
        assertThat(list.jobs()).isEmpty();
        assertThat(list.empty().command()).isEqualTo("rookery submit --wait");
    }

    @Test
    void theFleetTellsWhoIsThereAndWhoIsNot() {
        Fleet fleet = Fleet.of(Scenes.busy().vanish("forge-2").farm(), true);
        assertThat(fleet.agents())
                .extracting(Fleet.AgentLine::id, Fleet.AgentLine::standing)
                .containsExactly(
                        tuple("attic", "cordoned"),
                        tuple("forge-1", "open"),
                        tuple("forge-2", "away"));
        assertThat(fleet.agents().stream().flatMap(a -> a.leases().stream()))
                .anyMatch(l -> l.step().equals("j81d20e44/" + BUILD));
    }

    @Test
    void pathsThatAreNoPagesLeadNowhere() {
        for (String path :
                List.of(
                        "",
                        "//",
                        "/jobs/",
                        "/jobs/j1/",
                        "/jobs/j1/steps",
                        "/jobs/j1/steps/",
                        "/jobs/j1/logs/../../etc/passwd",
                        "/jobs/..%2f..%2fetc/steps/x",
                        "/jobs/%2e%2e/steps/x",
                        "/jobs/j1/steps/.hidden",
                        "/jobs/j1/steps/a//b",
                        "/jobs/j1/other/x",
                        "/jobs/j1\u0000",
                        "/jobs/<script>",
                        "/agents/",
                        "/etc/passwd"))
            assertThat(Route.parse(path, Optional.empty())).as(path).isEmpty();
        assertThat(Route.parse("/jobs", Optional.of("../x"))).isEmpty();
        assertThat(Route.parse("/jobs/j1/steps/" + BUILD, Optional.empty()))
                .contains(new Route.OneStep(new StepRef(new JobId("j1"), new StepId(BUILD))));
    }

    @Test
    void figuresAreInPrometheusFormat() {
        PlayedFarm played = Scenes.busy();
        String text =
                Figures.text(
                        played.farm(),
                        List.of(new Figures.Gauge("x_bytes", "Bytes.", 12)),
                        List.of(
                                new Figures.Spread(
                                        "y_seconds",
                                        "Time.",
                                        List.of(0.5, 1.0),
                                        List.of(1L, 2L),
                                        3,
                                        2.25)),
                        played.now());
        assertThat(text)
                .contains("rookery_jobs{state=\"running\"} 2\n")
                .contains("rookery_steps{state=\"failed\",kind=\"verify\"} 1\n")
                .contains("rookery_agents{standing=\"cordoned\"} 1\n")
                .containsPattern("rookery_leases [1-9]\n")
                .contains("x_bytes 12\n")
                .contains("y_seconds_bucket{le=\"0.5\"} 1\n")
                .contains("y_seconds_bucket{le=\"+Inf\"} 3\n")
                .contains("y_seconds_sum 2.250000\n");
        assertThat(text.lines())
                .allMatch(l ->
                        l.matches("# (HELP|TYPE) [a-z_]+ .+")
                                || l.matches("[a-z_]+(\\{([a-z]+=\"[^\"]*\",?)+})? -?[0-9.]+"));
    }

    private static JobSummary summary(String id) {
        var farm = new PlayedFarm();
        farm.submit(id, Given.spec(List.of(), Given.required(Given.AMD64)), false);
        return JobSummary.of(farm.farm().job(new JobId(id)));
    }
}
