package rookery.coordinator.web.page;

import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.model.StepId;

/// One step in a few characters: how it stands, how long it took, and the one thing to know beside.
///
/// @param name what the link is called
/// @param note why it waits, where it runs, why it failed; may be empty
public record Cell(String name, String link, Look look, Span span, String note) {
    private static final int NOTE_CHARS = 110;

    static Optional<Cell> of(Farm farm, Job job, StepId id) {
        return Optional.ofNullable(job.steps().get(id)).map(row -> of(farm, job, row));
    }

    static Cell of(Farm farm, Job job, StepRow row) {
        return new Cell(
                row.id().value(),
                Links.step(new StepRef(job.id(), row.id())),
                Look.of(row.state()),
                new Span(row.startedAt(), row.endedAt()),
                Clean.line(note(farm, job, row), NOTE_CHARS));
    }

    /// Without a note, for where there are hundreds.
    static Cell bare(Job job, StepRow row) {
        return new Cell(
                row.id().value(),
                Links.step(new StepRef(job.id(), row.id())),
                Look.of(row.state()),
                new Span(row.startedAt(), row.endedAt()),
                "");
    }

    private static String note(Farm farm, Job job, StepRow row) {
        return switch (row.state()) {
            case StepState.Waiting _, StepState.Ready _ -> Reasons.why(farm, job, row);
            case StepState.Recalling _ -> "is looked up";
            case StepState.Leased leased ->
                    "on " + leased.agent() + (row.phase().isEmpty() ? "" : ": " + row.phase());
            case StepState.Running _ -> "";
            case StepState.Growing _ -> "the plan grows";
            case StepState.Done(var made, _) -> made.notes().getOrDefault("summary", "");
            case StepState.Failed(var failure) -> Trouble.word(failure.kind());
            case StepState.Cancelled(String why) -> why;
        };
    }
}
