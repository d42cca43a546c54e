package rookery.cli.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A job as it is shown.
///
/// @param ended empty while it runs
/// @param eta when it is expected to end, if that is known
/// @param requester who submitted it; empty for the owner of a farm in this process
/// @param steps in the plan's order
public record Job(
        String id,
        String project,
        State state,
        Optional<Instant> submitted,
        Optional<Instant> ended,
        Optional<Instant> eta,
        boolean planOnly,
        String requester,
        List<Step> steps) {
    /// One of which no more is known.
    public Job(String id, String project, State state, List<Step> steps) {
        this(
                id,
                project,
                state,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                "",
                steps);
    }

    /// How the job stands; `UNKNOWN` is a newer farm's word.
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED,
        UNKNOWN
    }

    public Job {
        steps = List.copyOf(steps);
    }

    public boolean hasEnded() {
        return switch (state) {
            case DONE, FAILED, CANCELLED -> true;
            case RUNNING, UNKNOWN -> false;
        };
    }

    public Optional<Step> step(String id) {
        return steps.stream().filter(s -> s.id().equals(id)).findFirst();
    }
}
