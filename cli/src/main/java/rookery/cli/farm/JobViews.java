package rookery.cli.farm;

import java.time.Instant;
import java.util.Optional;
import rookery.cli.view.Job;
import rookery.cli.view.Step;
import rookery.model.Blame;
import rookery.model.Limits;
import rookery.model.RookeryException;
import rookery.v1.JobView;
import rookery.v1.StepView;
import rookery.wire.WorkWire;

/// What the farm says of a job, as the values that are shown.
public final class JobViews {
    private JobViews() {}

    /// @throws RookeryException with blame BUG for more steps than a job may have
    public static Job read(JobView in) {
        if (in.getStepsCount() > Limits.STEPS_PER_JOB)
            throw new RookeryException(
                    Blame.BUG, "the farm shows a job of " + in.getStepsCount() + " steps");
        return new Job(
                in.getJob(),
                in.getProject(),
                state(in.getState()),
                time(in.getSubmittedMs()),
                time(in.getEndedMs()),
                time(in.getEtaMs()),
                in.getPlanOnly(),
                in.getRequester(),
                in.getStepsList().stream().map(JobViews::read).toList());
    }

    public static Job.State state(String word) {
        return switch (word) {
            case "running" -> Job.State.RUNNING;
            case "done" -> Job.State.DONE;
            case "failed" -> Job.State.FAILED;
            case "cancelled" -> Job.State.CANCELLED;
            default -> Job.State.UNKNOWN;
        };
    }

    private static Step read(StepView in) {
        return new Step(
                in.getId(),
                in.getKind(),
                in.getPlatform(),
                switch (in.getState()) {
                    case "waiting" -> Step.State.WAITING;
                    case "ready" -> Step.State.READY;
                    case "leased" -> Step.State.LEASED;
                    case "running" -> Step.State.RUNNING;
                    case "done" -> Step.State.DONE;
                    case "failed" -> Step.State.FAILED;
                    case "cancelled" -> Step.State.CANCELLED;
                    default -> Step.State.UNKNOWN;
                },
                in.getDetail(),
                in.getRecalled(),
                time(in.getStartedMs()),
                time(in.getEndedMs()),
                in.hasMade() ? Optional.of(WorkWire.read(in.getMade())) : Optional.empty(),
                in.hasFailure() ? Optional.of(WorkWire.read(in.getFailure())) : Optional.empty(),
                in.getRequired(),
                in.getAgent());
    }

    /// A time in milliseconds, where 0 stands for none.
    public static Optional<Instant> time(long ms) {
        return ms <= 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ms));
    }
}
