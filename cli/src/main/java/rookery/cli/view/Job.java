package rookery.cli.view;

import java.util.List;
import java.util.Optional;

/// A job as it is shown.
///
/// @param steps in the plan's order
public record Job(String id, String project, State state, List<Step> steps) {
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
