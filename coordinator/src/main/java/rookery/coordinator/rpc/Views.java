package rookery.coordinator.rpc;

import java.time.Instant;
import java.util.Optional;
import rookery.coordinator.farm.Eta;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.farm.Why;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.Outcome;
import rookery.oci.Platform;
import rookery.v1.JobView;
import rookery.v1.StepView;
import rookery.wire.WorkWire;

/// Jobs as clients see them.
final class Views {
    private Views() {}

    static JobView job(Sight sight) {
        Job job = sight.job();
        var view =
                JobView.newBuilder()
                        .setJob(job.id().value())
                        .setProject(job.spec().project())
                        .setState(state(job.status()))
                        .setSubmittedMs(job.submittedAt().toEpochMilli())
                        .setEndedMs(millis(job.endedAt()))
                        .setEtaMs(job.running() ? eta(sight.farm(), job.id()) : 0)
                        .setPriority(job.spec().farm().priority())
                        .setPush(job.push())
                        .setPlanOnly(job.planOnly())
                        .setRequester(Requests.requester(job.requestId()));
        job.steps().values().forEach(row -> view.addSteps(step(sight, row)));
        return view.build();
    }

    static rookery.v1.JobSummary summary(Farm farm, JobSummary job) {
        var view =
                rookery.v1.JobSummary.newBuilder()
                        .setJob(job.id().value())
                        .setProject(job.project())
                        .setState(state(job.status()))
                        .setSubmittedMs(job.submittedAt().toEpochMilli())
                        .setEndedMs(millis(job.endedAt()))
                        .setEtaMs(eta(farm, job.id()))
                        .setPriority(job.priority())
                        .setPush(job.push())
                        .setPlanOnly(job.planOnly())
                        .setRequester(Requests.requester(job.requestId()))
                        .setSteps(job.steps())
                        .setStepsEnded(job.ended());
        if (job.status() instanceof Job.Status.Failed(_, Failure failure))
            view.setFailure(WorkWire.write(failure));
        return view.build();
    }

    static String state(Job.Status status) {
        return switch (status) {
            case Job.Status.Running _ -> "running";
            case Job.Status.Done _ -> "done";
            case Job.Status.Failed _ -> "failed";
            case Job.Status.Cancelled _ -> "cancelled";
        };
    }

    /// When a job is expected to end, in milliseconds; 0 when nobody knows or it has ended.
    static long eta(Farm farm, JobId job) {
        boolean running = farm.find(job).map(Job::running).orElse(false);
        return running ? millis(Eta.of(farm, job)) : 0;
    }

    private static StepView step(Sight sight, StepRow row) {
        var view =
                StepView.newBuilder()
                        .setId(row.id().value())
                        .setKind(row.step().work().kind())
                        .setPlatform(
                                row.step().work().platform().map(Platform::toString).orElse(""))
                        .setStartedMs(millis(row.startedAt()))
                        .setEndedMs(millis(row.endedAt()))
                        .setAttempts(row.attempts())
                        .setRequired(row.step().required());
        switch (row.state()) {
            case StepState.Waiting _ -> view.setState("waiting").setDetail(why(sight, row));
            case StepState.Recalling _, StepState.Ready _ ->
                    view.setState("ready").setDetail(why(sight, row));
            case StepState.Leased leased ->
                    view.setState("leased").setAgent(leased.agent().value()).setDetail(row.phase());
            case StepState.Running _ -> view.setState("running");
            case StepState.Growing _ -> view.setState("running").setDetail("the plan grows");
            case StepState.Done(Outcome.Made made, Optional<StepState.Origin> origin) ->
                    view.setState("done")
                            .setMade(WorkWire.write(made))
                            .setAgent(
                                    origin.map(StepState.Origin::builtBy)
                                            .filter(by -> !by.equals("coordinator"))
                                            .orElse(""));
            case StepState.Failed(Failure failure) ->
                    view.setState("failed").setFailure(WorkWire.write(failure));
            case StepState.Cancelled(String why) -> view.setState("cancelled").setDetail(why);
        }
        view.setRecalled(row.state() instanceof StepState.Done done && done.recalled());
        return view.build();
    }

    /// Most steps of a large job wait for another step, which is quickly told.
    static String why(Sight sight, StepRow row) {
        return Why.of(sight.farm(), sight.job().id(), row.id());
    }

    private static long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(0L);
    }
}
