package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import rookery.coordinator.Given;
import rookery.model.AgentFacts;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.Limits;
import rookery.model.StepId;

/// Jobs from their submission to the time when nobody remembers them.
class JobsTest {
    private static final AgentFacts FACTS = Given.facts(4, "amd64", "arm64", "riscv64");
    private static final JobSpec PLAIN = Given.spec(List.of(), Given.required(Given.AMD64));
    private static final JobSpec CURL =
            Given.spec(List.of("net-misc/curl"), Given.required(Given.AMD64));

    @Test
    void aJobThatOnlyPlansMakesItsGraphsAndNothingElse() {
        var h = History.withAgent(FACTS);
        h.feed(new Event.Submitted(h.now, History.JOB, "r", CURL, false, false, true));
        assertThat(h.orders(History.A1)).extracting(o -> o.work().kind()).containsOnly("resolve");
        h.workAll(History.A1, 1, FACTS);
        assertThat(h.job().status()).isEqualTo(new Job.Status.Done());
        assertThat(h.state("package/x86_64-unknown-linux-musl/net-misc/curl-8.0"))
                .isEqualTo(new StepState.Cancelled("plan only"));
        assertThat(h.farm.due()).isEmpty();
    }

    @Test
    void aJobThatOnlyPlansAndHasNoPackagesEndsAtOnce() {
        var h = History.withAgent(FACTS);
        h.feed(new Event.Submitted(h.now, History.JOB, "r", PLAIN, false, false, true));
        assertThat(h.job().status()).isEqualTo(new Job.Status.Done());
        assertThat(h.orders(History.A1)).isEmpty();
    }

    @Test
    void aFailedJobGoesOnWithWhatFailedWhileWhatWasMadeStays() {
        var h = History.withAgent(FACTS);
        var assemble = new StepId("assemble/registry.example/app");
        h.refused.put(assemble, new Failure(Failure.Kind.HOST, "the disk is full"));
        h.submit(PLAIN).workAll(History.A1, 1, FACTS);
        assertThat(h.job().status()).isInstanceOf(Job.Status.Failed.class);
        Job failed = h.job();
        h.refused.clear();
        h.executed.clear();
        h.feed(new Event.RetryAsked(h.now, failed));
        assertThat(h.job().status()).isEqualTo(new Job.Status.Done());
        assertThat(h.executed).containsExactly(assemble);
        assertThat(h.job().row(assemble).attempts()).isEqualTo(2);
        assertThat(h.job().row(assemble).tries()).isEqualTo(1);
    }

    @Test
    void aLateAnswerToAnAttemptBeforeTheRetryIsIgnored() {
        var h = History.withAgent(FACTS).submit(PLAIN);
        h.feed(new Event.CancelAsked(h.now, History.JOB));
        h.feed(new Event.RetryAsked(h.now, h.job()));
        assertThat(h.job().running()).isTrue();
        var modules = new StepRef(History.JOB, new StepId("modules"));
        StepRow row = h.row(modules);
        h.feed(new Event.Ran(h.now, modules, 1, Given.made("modules", "late")));
        assertThat(h.row(modules)).isEqualTo(row);
        h.workAll(History.A1, 1, FACTS);
        assertThat(h.job().status()).isEqualTo(new Job.Status.Done());
    }

    @Test
    void aJobThatRunsOrWasDoneIsNotRetried() {
        var h = History.withAgent(FACTS).submit(PLAIN);
        Job running = h.job();
        assertThat(h.feed(new Event.RetryAsked(h.now, running)).job()).isEqualTo(running);
        Job done = h.workAll(History.A1, 1, FACTS).job();
        assertThat(h.feed(new Event.RetryAsked(h.now, done)).job()).isEqualTo(done);
    }

    @Test
    void aJobThatLeftMemoryIsRetriedAsItsStoreHasIt() {
        var h = History.withAgent(FACTS).submit(PLAIN);
        h.feed(new Event.CancelAsked(h.now, History.JOB));
        Job saved = h.job();
        var later = History.withAgent(FACTS);
        later.feed(new Event.RetryAsked(later.now, saved)).workAll(History.A1, 1, FACTS);
        assertThat(later.job().status()).isEqualTo(new Job.Status.Done());
    }

    @Test
    void onlyTheNewestEndedJobsStayInMemory() {
        var h = new History(true);
        for (int i = 0; i < Limits.JOBS_KEPT + 10; i++) {
            var id = new JobId("j" + i);
            h.submit(id, PLAIN).feed(new Event.CancelAsked(h.now, id));
            h.now = h.now.plusMillis(1);
        }
        h.submit(new JobId("running"), PLAIN).pass(Duration.ofSeconds(1));
        assertThat(h.farm.jobs()).hasSize(Limits.JOBS_KEPT + 1).containsKey(new JobId("running"));
        assertThat(h.farm.jobs()).doesNotContainKey(new JobId("j9"));
        assertThat(h.farm.jobs()).containsKey(new JobId("j10"));
        assertThat(h.farm.ofRequest("request-j9")).isEmpty();
    }

    @Test
    void aStepSaysWhatItNeedsAndWhereThatIs() {
        var h = History.withAgent(FACTS).submit(CURL);
        assertThat(why(h, "go-build/app/linux/amd64"))
                .isEqualTo("needs modules (and 1 more), which is at work on a1");
        assertThat(why(h, "verify/app/linux/amd64"))
                .isEqualTo("needs go-build/app/linux/amd64, which waits itself");
        assertThat(why(h, "modules")).isEqualTo("is at work on a1");
    }

    @Test
    void aStepSaysWhatTheNearestAgentLacks() {
        var h = new History(true).submit(PLAIN);
        assertThat(why(h, "modules")).isEqualTo("waits for an agent: none is connected");
        AgentFacts noRiscv = Given.facts(4, "amd64");
        h = new History(true).report(History.A1, 1, noRiscv);
        h.submit(Given.spec(List.of(), Given.required(Given.RISCV64)))
                .workAll(History.A1, 1, noRiscv);
        assertThat(why(h, "run/app/linux/riscv64"))
                .startsWith(
                        "waits for an agent that can do it; the nearest, a1, lacks a way to run")
                .contains("qemu-riscv64-static");
        h.report(History.A2, 1, FACTS);
        assertThat(h.order(History.A2, "run/app/linux/riscv64")).isPresent();
    }

    @Test
    void aStepSaysWhenAndWhyItIsTriedAgain() {
        var h = History.withAgent(FACTS).submit(PLAIN);
        h.breakAll(History.A1, FACTS, new Failure(Failure.Kind.UPSTREAM, "the proxy answered 503"));
        assertThat(why(h, "modules"))
                .isEqualTo(
                        "is tried again at 2026-01-01T00:00:02Z (attempt 2), because the proxy answered 503");
    }

    @Test
    void aStepSaysWhoMakesTheSame() {
        var h = History.withAgent(FACTS).submit(PLAIN).submit(new JobId("j2"), PLAIN);
        assertThat(Why.of(h.farm, new JobId("j2"), new StepId("modules")))
                .isEqualTo("is the same as j1/modules, which is being made");
    }

    @Test
    void aStepSaysHowManyAreBeforeIt() {
        AgentFacts one = Given.facts(1, "amd64", "arm64");
        var h = History.withAgent(one).submit(CURL);
        assertThat(why(h, "resolve/x86_64-unknown-linux-musl")).isEqualTo("is at work on a1");
        var spec = Given.spec(List.of("net-misc/curl", "a/b"), Given.required(Given.AMD64));
        h.submit(new JobId("j2"), spec);
        assertThat(Why.of(h.farm, new JobId("j2"), new StepId("resolve/x86_64-unknown-linux-musl")))
                .isEqualTo("waits for a free slot; it is the next of its kind");
    }

    private static String why(History h, String step) {
        return Why.of(h.farm, History.JOB, new StepId(step));
    }
}
