package rookery.coordinator.web.page;

import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.model.Blame;
import rookery.model.Failure;
import rookery.model.Limits;

/// A failure on one screen: what broke, by whose blame, what was found, what to do, and the lines
/// of the log that tell most.
///
/// @param kind in words, as `not static`
/// @param over whether it is not tried again
/// @param required whether the job fails with it
public record Trouble(
        String step,
        String link,
        String kind,
        String blame,
        String message,
        String remedy,
        List<LogLine> excerpt,
        int attempts,
        boolean over,
        boolean required) {

    /// The failure that ended a step, or the one for which it is tried again.
    static Optional<Trouble> of(Job job, StepRow row) {
        return switch (row.state()) {
            case StepState.Failed(Failure failure) -> Optional.of(of(job, row, failure, true));
            case StepState.Waiting _,
                    StepState.Recalling _,
                    StepState.Ready _,
                    StepState.Leased _,
                    StepState.Running _ ->
                    row.lastFailure().map(f -> of(job, row, f, false));
            case StepState.Growing _, StepState.Done _, StepState.Cancelled _ -> Optional.empty();
        };
    }

    private static Trouble of(Job job, StepRow row, Failure failure, boolean over) {
        return new Trouble(
                row.id().value(),
                Links.step(new StepRef(job.id(), row.id())),
                word(failure.kind()),
                blame(failure.kind().blame()),
                Clean.line(failure.message()),
                remedy(failure.kind(), over),
                LogText.lines(failure.excerpt()),
                row.attempts(),
                over,
                row.step().required());
    }

    public String attemptsText() {
        return "attempt " + attempts + " of at most " + Limits.ATTEMPTS;
    }

    static String word(Failure.Kind kind) {
        return switch (kind) {
            case SPEC -> "the spec";
            case BUILD -> "does not build";
            case NOT_STATIC -> "refused by the gate";
            case HOST -> "the machine";
            case INPUT_LOST -> "lost from the store";
            case UPSTREAM -> "a server elsewhere";
            case NO_AGENT -> "no agent can do it";
            case TIMEOUT -> "took too long";
            case CANCELLED -> "cancelled";
            case BUG -> "a bug of Rookery";
        };
    }

    private static String blame(Blame blame) {
        return switch (blame) {
            case SPEC -> "the project";
            case HOST -> "an agent's machine";
            case UPSTREAM -> "a mirror, proxy or registry";
            case BUG -> "Rookery";
        };
    }

    private static String remedy(Failure.Kind kind, boolean over) {
        if (!over && kind == Failure.Kind.INPUT_LOST)
            return "What was lost is made again by itself, and then this.";
        if (!over)
            return switch (kind.blame()) {
                case HOST -> "It is tried again on another agent by itself.";
                case UPSTREAM -> "It is tried again a little later by itself.";
                case SPEC, BUG -> "Somebody asked for another try.";
            };
        return switch (kind) {
            case SPEC ->
                    "Correct rookery.yaml and submit again; rookery check finds most of this in advance.";
            case BUILD ->
                    "The lines below and the whole log show the compiler's own words; correct it and submit again.";
            case NOT_STATIC ->
                    "Nothing of it was published. rookery inspect shows the same findings for a file of yours.";
            case HOST -> "Look at that agent's disk, memory and log, then: rookery retry.";
            case INPUT_LOST -> "Look at the coordinator's disk and log, then: rookery retry.";
            case UPSTREAM -> "When the server answers again: rookery retry. What was made is kept.";
            case NO_AGENT -> "Let an agent join that offers what is missing, then: rookery retry.";
            case TIMEOUT -> "See in the log where it stood still, then: rookery retry.";
            case CANCELLED -> "To go on where it was: rookery retry.";
            case BUG -> "Please report it with this page's text and the step's log.";
        };
    }
}
