package rookery.coordinator.farm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What is held against an agent: an admin's word, and its own faults. It outlives the agent's
/// connection, because an agent that flaps is hardly ever there.
///
/// A fault is a step that broke by the agent's blame, or the agent's own sudden end. Faults count
/// for [#WINDOW], and each step that ends well makes up for one, so that a busy machine is not
/// judged by its rare accidents. [#FAULTS] of them make a quarantine; each further quarantine takes
/// twice as long as the one before.
///
/// @param why in words; empty while OPEN
/// @param since when the standing began
/// @param times how many quarantines there were since the last admin's word
/// @param trial whether a quarantined agent may try one step at a time
/// @param faults when they happened, oldest first
public record Conduct(
        Standing standing,
        String why,
        Instant since,
        int times,
        boolean trial,
        List<Instant> faults) {
    static final int FAULTS = 5;
    static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int DOUBLINGS = 5;

    static final Conduct GOOD = new Conduct(Standing.OPEN, "", Instant.EPOCH, 0, false, List.of());

    public Conduct {
        faults = List.copyOf(faults);
    }

    /// As the store has it: what was counted is forgotten, what was decided is not.
    public static Conduct saved(Standing standing, String why, Instant since, int times) {
        return new Conduct(standing, why, since, times, false, List.of());
    }

    Conduct ruled(Standing word, Instant now) {
        return word == Standing.OPEN ? GOOD : saved(word, "an admin said so", now, 0);
    }

    Conduct fault(String what, Instant now) {
        var counted = new ArrayList<Instant>();
        faults.stream().filter(at -> at.plus(WINDOW).isAfter(now)).forEach(counted::add);
        counted.add(now);
        boolean open = standing == Standing.OPEN;
        boolean failedTrial = standing == Standing.QUARANTINED && trial;
        if (failedTrial || (open && counted.size() >= FAULTS)) {
            String reason =
                    failedTrial
                            ? "it broke again on probation: " + what
                            : counted.size()
                                    + " faults within "
                                    + WINDOW.toMinutes()
                                    + " minutes, the last: "
                                    + what;
            return saved(Standing.QUARANTINED, reason, now, times + 1);
        }
        int from = Math.max(0, counted.size() - FAULTS);
        return new Conduct(
                standing, why, since, times, trial, counted.subList(from, counted.size()));
    }

    Conduct success() {
        if (standing == Standing.QUARANTINED && trial)
            return new Conduct(Standing.OPEN, "", Instant.EPOCH, times, false, List.of());
        if (faults.isEmpty()) return this;
        return new Conduct(standing, why, since, times, trial, faults.subList(1, faults.size()));
    }

    /// As time goes by: a quarantine becomes a trial, old faults are forgotten.
    Conduct passed(Duration quarantine, Instant now) {
        if (standing == Standing.QUARANTINED && !trial && !trialAt(quarantine).isAfter(now))
            return new Conduct(standing, why, since, times, true, faults);
        if (faults.isEmpty() || faults.getLast().plus(WINDOW).isAfter(now)) return this;
        return new Conduct(standing, why, since, times, trial, List.of());
    }

    /// When a quarantined agent may try again.
    Instant trialAt(Duration quarantine) {
        return since.plus(quarantine.multipliedBy(1L << Math.clamp(times - 1L, 0, DOUBLINGS)));
    }

    /// Whether there is something to remember of an agent that is away.
    boolean matters() {
        return standing != Standing.OPEN || !faults.isEmpty();
    }
}
