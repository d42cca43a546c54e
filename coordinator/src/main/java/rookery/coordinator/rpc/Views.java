package rookery.coordinator.rpc;

import java.time.Instant;
import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.farm.Why;
import rookery.model.Failure;
import rookery.model.Outcome;
import rookery.oci.Platform;
import rookery.v1.JobView;
import rookery.v1.StepView;
import rookery.wire.WorkWire;

/// Jobs as clients see them.
final class Views {
    private Views() {}

    static JobView job(Farm farm, Job job) {
        var view =
                JobView.newBuilder()
                        .setJob(job.id().value())
                        .setProject(job.spec().project())
                        .setState(
                                switch (job.status()) {
                                    case Job.Status.Running _ -> "running";
                                    case Job.Status.Done _ -> "done";
                                    case Job.Status.Failed _ -> "failed";
                                    case Job.Status.Cancelled _ -> "cancelled";
                                });
        job.steps().values().forEach(row -> view.addSteps(step(farm, job, row)));
        return view.build();
    }

    private static StepView step(Farm farm, Job job, StepRow row) {
        var view =
                StepView.newBuilder()
                        .setId(row.id().value())
                        .setKind(row.step().work().kind())
                        .setPlatform(
                                row.step().work().platform().map(Platform::toString).orElse(""))
                        .setStartedMs(millis(row.startedAt()))
                        .setEndedMs(millis(row.endedAt()))
                        .setRequired(row.step().required());
        switch (row.state()) {
            case StepState.Waiting _ ->
                    view.setState("waiting").setDetail(Why.of(farm, job.id(), row.id()));
            case StepState.Recalling _, StepState.Ready _ ->
                    view.setState("ready").setDetail(Why.of(farm, job.id(), row.id()));
            case StepState.Leased leased ->
                    view.setState("leased").setAgent(leased.agent().value()).setDetail(row.phase());
            case StepState.Running _ -> view.setState("running");
            case StepState.Growing _ -> view.setState("running").setDetail("the plan grows");
            case StepState.Done(Outcome.Made made, _) ->
                    view.setState("done").setMade(WorkWire.write(made));
            case StepState.Failed(Failure failure) ->
                    view.setState("failed").setFailure(WorkWire.write(failure));
            case StepState.Cancelled(String why) -> view.setState("cancelled").setDetail(why);
        }
        view.setRecalled(row.state() instanceof StepState.Done done && done.recalled());
        return view.build();
    }

    private static long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(0L);
    }
}
