package rookery.cli.farm;

import java.util.List;
import java.util.stream.Collectors;
import rookery.cli.view.Job;
import rookery.cli.view.Step;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.v1.GetJobRequest;

/// Jobs and steps as people name them.
public final class JobLook {
    private static final int NAMED = 8;

    private JobLook() {}

    /// A job as it is now.
    public static Job at(FarmClient farm, String job) {
        return JobViews.read(
                Calls.make(
                        farm,
                        "looking at job " + job,
                        () ->
                                Calls.soon(farm.jobs())
                                        .get(GetJobRequest.newBuilder().setJob(job).build())));
    }

    /// The step of this id, or the only one whose id has this in it.
    ///
    /// @throws RookeryException with blame SPEC, naming what it could be
    public static Step step(Job job, String asked) {
        List<Step> all = job.steps();
        List<Step> meant = all.stream().filter(s -> s.id().equals(asked)).toList();
        if (meant.isEmpty()) meant = all.stream().filter(s -> s.id().contains(asked)).toList();
        if (meant.size() == 1) return meant.getFirst();
        List<Step> named = meant.isEmpty() ? all : meant;
        throw new RookeryException(
                Blame.SPEC,
                "job "
                        + job.id()
                        + " has "
                        + (meant.isEmpty() ? "no step" : meant.size() + " steps")
                        + " with '"
                        + asked
                        + "' in it; name one of "
                        + named.stream()
                                .limit(NAMED)
                                .map(Step::id)
                                .collect(Collectors.joining(", "))
                        + (named.size() > NAMED ? " and " + (named.size() - NAMED) + " more" : ""));
    }
}
