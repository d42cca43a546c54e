package rookery.coordinator.web.page;

import java.util.Optional;
import rookery.coordinator.farm.StepRef;
import rookery.model.JobId;
import rookery.model.StepId;

/// What a path asks for.
public sealed interface Route {
    record Overview() implements Route {}

    /// @param before the job after which the list goes on, newest first
    record Jobs(Optional<JobId> before) implements Route {}

    record Agents() implements Route {}

    record OneJob(JobId job) implements Route {}

    record OneStep(StepRef ref) implements Route {}

    /// A step's log, as it is.
    record Log(StepRef ref) implements Route {}

    /// Reads a path as it came, not decoded: what an id may hold needs no decoding, so anything
    /// else is no page of ours.
    ///
    /// @param before the query's parameter of that name
    static Optional<Route> parse(String path, Optional<String> before) {
        if (path.equals("/")) return Optional.of(new Overview());
        if (path.equals("/agents")) return Optional.of(new Agents());
        try {
            if (path.equals("/jobs")) return Optional.of(new Jobs(before.map(JobId::new)));
            String[] parts = path.split("/", 5);
            if (parts.length < 3 || !parts[1].equals("jobs")) return Optional.empty();
            var job = new JobId(parts[2].replace("%2F", "/"));
            if (parts.length == 3) return Optional.of(new OneJob(job));
            if (parts.length == 4) return Optional.empty();
            var ref = new StepRef(job, new StepId(parts[4]));
            return switch (parts[3]) {
                case "steps" -> Optional.of(new OneStep(ref));
                case "logs" -> Optional.of(new Log(ref));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException e) { // no id
            return Optional.empty();
        }
    }
}
