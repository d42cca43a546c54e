package rookery.coordinator.rpc;

import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.JobSummary;
import rookery.model.JobId;
import rookery.model.Limits;
import rookery.v1.ListJobsRequest;
import rookery.v1.ListJobsResponse;
import rookery.wire.Named;

/// Jobs a page at a time. A page's token is the last job that was looked at, so pages stay right
/// while jobs are added.
final class JobPages {
    private static final int USUAL = 100;
    private static final List<String> STATES = List.of("running", "done", "failed", "cancelled");

    private JobPages() {}

    static ListJobsResponse page(ListJobsRequest request, JobBook book, Farm farm) {
        if (request.getPageSize() < 0 || request.getPageSize() > Limits.JOBS_LISTED)
            throw Errors.refusal(
                    Status.INVALID_ARGUMENT,
                    "a page has 1 to "
                            + Limits.JOBS_LISTED
                            + " jobs, not "
                            + request.getPageSize()
                            + "; ask for the next page by its token");
        if (!request.getState().isEmpty() && !STATES.contains(request.getState()))
            throw Errors.refusal(
                    Status.INVALID_ARGUMENT,
                    "no job is ever in the state "
                            + Errors.quoted(request.getState())
                            + "; ask for one of "
                            + String.join(", ", STATES));
        Optional<JobId> before =
                request.getPageToken().isEmpty()
                        ? Optional.empty()
                        : Optional.of(Named.job(request.getPageToken()));
        before.ifPresent(book::find);
        int size = request.getPageSize() == 0 ? USUAL : request.getPageSize();
        boolean filtered = !request.getState().isEmpty() || !request.getProject().isEmpty();
        List<JobSummary> found = book.list(filtered ? Limits.JOBS_LISTED : size, before);
        var page = ListJobsResponse.newBuilder();
        Optional<JobId> last = Optional.empty();
        for (JobSummary job : found) {
            if (page.getJobsCount() == size) break;
            last = Optional.of(job.id());
            if (fits(job, request)) page.addJobs(Views.summary(farm, job));
        }
        boolean more =
                page.getJobsCount() == size
                        || found.size() == (filtered ? Limits.JOBS_LISTED : size);
        if (more) last.ifPresent(id -> page.setNextPageToken(id.value()));
        return page.build();
    }

    private static boolean fits(JobSummary job, ListJobsRequest request) {
        return (request.getState().isEmpty()
                        || request.getState().equals(Views.state(job.status())))
                && (request.getProject().isEmpty() || request.getProject().equals(job.project()));
    }
}
