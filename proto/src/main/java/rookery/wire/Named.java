package rookery.wire;

import static rookery.wire.Refuse.field;

import rookery.model.AgentId;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.StepId;

/// The names that requests carry. What is none is refused with blame SPEC and the field's name.
public final class Named {
    private Named() {}

    public static JobId job(String text) {
        return field("job", () -> new JobId(text));
    }

    public static StepId step(String text) {
        return field("step", () -> new StepId(text));
    }

    public static AgentId agent(String text) {
        return field("agent", () -> new AgentId(text));
    }

    public static LeaseId lease(long number) {
        return field("lease", () -> new LeaseId(number));
    }
}
