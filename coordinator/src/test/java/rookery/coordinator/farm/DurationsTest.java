package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import rookery.coordinator.Given;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.JobSpec;
import rookery.model.Outcome;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.model.Work;

class DurationsTest {
    private static final AgentFacts FACTS = Given.facts(1, "amd64");
    private static final AgentId FAST = new AgentId("fast");
    private static final AgentId SLOW = new AgentId("slow");
    private static final Outcome.Made MADE = Given.made("gpkg", "x");

    private static Work.PackageBuild build(String cpv, Target target) {
        JobSpec spec = Given.spec(List.of("all"), Given.required(target));
        return new Work.PackageBuild(
                target, Toolchain.PORTABLE, spec.portage(), Given.node(cpv), List.of());
    }

    private static Durations learn(Durations from, Work work, AgentId agent, long seconds) {
        return from.learn(work, agent, FACTS, Duration.ofSeconds(seconds), MADE).after();
    }

    @Test
    void whatWasNeverSeenIsGuessed() {
        Work work = build("net-misc/curl-8.0", Given.AMD64);
        assertThat(Durations.NONE.quote(work).usualMillis()).isEqualTo(Guess.millis(work));
    }

    @Test
    void anotherVersionOfAPackageIsExpectedToTakeAsLong() {
        Durations known = learn(Durations.NONE, build("net-misc/curl-8.0", Given.AMD64), FAST, 300);
        assertThat(known.quote(build("net-misc/curl-8.1-r2", Given.AMD64)).usualMillis())
                .isEqualTo(300_000);
    }

    @Test
    void anotherChostIsTheNextBestGuess() {
        Durations known = learn(Durations.NONE, build("net-misc/curl-8.0", Given.AMD64), FAST, 300);
        assertThat(known.quote(build("net-misc/curl-8.0", Given.ARM64)).usualMillis())
                .isEqualTo(300_000);
    }

    @Test
    void guessesAreCorrectedByHowWrongTheyHaveBeen() {
        Work seen = build("net-misc/curl-8.0", Given.AMD64);
        Work unseen = build("sys-libs/zlib-1.3", Given.AMD64);
        Durations known = learn(Durations.NONE, seen, FAST, 2 * Guess.millis(seen) / 1_000);
        assertThat(known.quote(unseen).usualMillis()).isEqualTo(2 * Guess.millis(unseen));
    }

    @Test
    void aPackageThatWasBuiltOnAFastMachineIsForeseenForASlowOne() {
        Durations known = Durations.NONE;
        for (int i = 0; i < 12; i++) {
            Work work = build("lib/p" + i + "-1", Given.AMD64);
            known = learn(known, work, FAST, 60);
            known = learn(known, work, SLOW, 240);
        }
        Work fresh = build("lib/new-1", Given.AMD64);
        known = learn(known, fresh, FAST, 100);
        long usual = known.quote(fresh).millis(AgentClass.of(FACTS, fresh));
        assertThat(usual * known.pace(SLOW) / Durations.USUAL)
                .isCloseTo(400_000, Percentage.withPercentage(25));
        assertThat(usual * known.pace(FAST) / Durations.USUAL)
                .isCloseTo(100_000, Percentage.withPercentage(25));
    }

    @Test
    void oldTimesAreForgottenSlowly() {
        Work work = build("net-misc/curl-8.0", Given.AMD64);
        Durations known = learn(Durations.NONE, work, FAST, 100);
        for (int i = 0; i < 60; i++) known = learn(known, work, FAST, 500);
        long expected =
                known.quote(work).millis(AgentClass.of(FACTS, work))
                        * known.pace(FAST)
                        / Durations.USUAL;
        assertThat(expected).isCloseTo(500_000, Percentage.withPercentage(10));
    }

    @Test
    void thePeakOfMemoryIsTakenFromTheResultsNotesAndNonsenseIsNot() {
        Work work = build("net-misc/curl-8.0", Given.AMD64);
        for (String told : List.of("3000000000", "-1", "much", "99999999999999999999", "")) {
            var notes = new TreeMap<String, String>();
            notes.put(Outcome.Made.PEAK_MEMORY, told);
            var made = new Outcome.Made(MADE.blobs(), MADE.identity(), notes);
            Durations known =
                    Durations.NONE.learn(work, FAST, FACTS, Duration.ofSeconds(9), made).after();
            assertThat(known.quote(work).peakBytes())
                    .as(told)
                    .isEqualTo(told.equals("3000000000") ? 3_000_000_000L : 0);
        }
    }

    @Test
    void rowsBringEverythingBack() {
        Work work = build("net-misc/curl-8.0", Given.AMD64);
        Durations.Lesson lesson =
                Durations.NONE.learn(work, SLOW, FACTS, Duration.ofSeconds(77), MADE);
        var rows = new ArrayList<Durations.Row>();
        for (Durations.Key key : new TreeSet<>(lesson.touched()))
            lesson.after().row(key).ifPresent(rows::add);
        Durations restored = Durations.NONE.with(rows);
        assertThat(restored.learned()).isEqualTo(lesson.after().learned());
        assertThat(restored.quote(work).usualMillis())
                .isEqualTo(lesson.after().quote(work).usualMillis());
    }

    @Test
    void whatWasNotUsedForLongestLeavesAndIsToldOf() {
        var rows = new ArrayList<Durations.Row>();
        for (int i = 0; i < Durations.KEYS; i++)
            rows.add(
                    new Durations.Row(
                            new Durations.Key("package", "lib/p" + i, "", "", ""),
                            new Durations.Learned(1, 0, 1, i)));
        Durations full = Durations.NONE.with(rows);
        Durations.Lesson lesson =
                full.learn(
                        build("net-misc/curl-8.0", Given.AMD64),
                        FAST,
                        FACTS,
                        Duration.ofSeconds(9),
                        MADE);
        Durations.Key oldest = rows.getFirst().key();
        assertThat(lesson.after().learned()).hasSize(Durations.KEYS);
        assertThat(lesson.touched()).contains(oldest);
        assertThat(lesson.after().row(oldest)).isEmpty();
    }
}
