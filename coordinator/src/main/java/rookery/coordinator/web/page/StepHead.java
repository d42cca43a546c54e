package rookery.coordinator.web.page;

import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.model.Limits;

/// A step as a whole.
///
/// @param now what it is at or waits for, in a sentence; may be empty
public record StepHead(
        String step,
        String job,
        String jobLink,
        String project,
        String platform,
        Look look,
        Span span,
        String now,
        Optional<String> agent,
        String attempts,
        boolean required)
        implements Panel {
    private static final int CHARS = 600;

    static StepHead of(Farm farm, Job job, StepRow row) {
        return new StepHead(
                row.id().value(),
                job.id().value(),
                Links.job(job.id()),
                Clean.line(job.spec().project(), CHARS),
                row.step().work().platform().map(Object::toString).orElse(""),
                Look.of(row.state()),
                new Span(row.startedAt(), row.endedAt()),
                Clean.line(now(farm, job, row), CHARS),
                agent(row.state()),
                row.attempts() > 1
                        ? "attempt " + row.attempts() + " of at most " + Limits.ATTEMPTS
                        : "",
                row.step().required());
    }

    private static String now(Farm farm, Job job, StepRow row) {
        return switch (row.state()) {
            case StepState.Waiting _, StepState.Recalling _, StepState.Ready _ ->
                    "It waits: " + Reasons.why(farm, job, row);
            case StepState.Leased _ -> row.phase().isEmpty() ? "" : "It is at: " + row.phase();
            case StepState.Running _ -> "The coordinator is at it.";
            case StepState.Growing _ -> "Its graph is being read, and the plan grows.";
            case StepState.Done done ->
                    done.recalled() ? "An earlier result was taken; nothing was run." : "";
            case StepState.Failed _ -> "";
            case StepState.Cancelled(String why) -> "It was cancelled: " + why;
        };
    }

    private static Optional<String> agent(StepState state) {
        return switch (state) {
            case StepState.Leased leased -> Optional.of(leased.agent().value());
            case StepState.Done(_, var origin) -> origin.map(StepState.Origin::builtBy);
            case StepState.Growing(_, var origin) -> origin.map(StepState.Origin::builtBy);
            case StepState.Running _ -> Optional.of("coordinator");
            case StepState.Waiting _,
                    StepState.Recalling _,
                    StepState.Ready _,
                    StepState.Failed _,
                    StepState.Cancelled _ ->
                    Optional.empty();
        };
    }
}
