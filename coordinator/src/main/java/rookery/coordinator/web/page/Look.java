package rookery.coordinator.web.page;

import java.util.Collection;
import java.util.Locale;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepState;

/// How a step or a job stands: one word and one mark, the same on every page. The mark is for the
/// eye and the word for everybody, so that no state is told by its colour alone.
public enum Look {
    FAILED("✕"),
    RUNNING("●"),
    LEASED("●"),
    READY("◐"),
    WAITING("○"),
    CANCELLED("–"),
    DONE("✓"),
    /// Done, by an earlier result.
    RECALLED("↺");

    private final String mark;

    Look(String mark) {
        this.mark = mark;
    }

    public String mark() {
        return mark;
    }

    /// The word that the command line and the API have for it; also its class in the style sheet.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Look of(StepState state) {
        return switch (state) {
            case StepState.Waiting _ -> WAITING;
            case StepState.Recalling _, StepState.Ready _ -> READY;
            case StepState.Leased _ -> LEASED;
            case StepState.Running _, StepState.Growing _ -> RUNNING;
            case StepState.Done done -> done.recalled() ? RECALLED : DONE;
            case StepState.Failed _ -> FAILED;
            case StepState.Cancelled _ -> CANCELLED;
        };
    }

    static Look of(Job.Status status) {
        return switch (status) {
            case Job.Status.Running _ -> RUNNING;
            case Job.Status.Done _ -> DONE;
            case Job.Status.Failed _ -> FAILED;
            case Job.Status.Cancelled _ -> CANCELLED;
        };
    }

    /// How a group stands: what is most urgent to see wins, and only a group that is done whole is
    /// done. The order of the constants is the order of urgency.
    static Look sum(Collection<Look> looks) {
        boolean begun = looks.contains(DONE) || looks.contains(RECALLED);
        Look first = looks.stream().min(Enum::compareTo).orElse(DONE);
        return first == WAITING && begun ? READY : first;
    }
}
