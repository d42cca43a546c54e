package rookery.coordinator.rpc;

import io.grpc.Status;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import rookery.coordinator.blobs.Named;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.Scheduler;
import rookery.coordinator.loop.Loop;
import rookery.coordinator.plan.Planner;
import rookery.coordinator.plan.Step;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.RookeryException;
import rookery.oci.Digest;
import rookery.v1.SubmitRequest;
import rookery.v1.SubmitResponse;
import rookery.v1.ValidateRequest;
import rookery.v1.ValidateResponse;
import rookery.wire.SpecWire;

/// What is checked before a spec becomes a job, and how it becomes one. Any thread.
final class Submissions {
    private final Loop loop;
    private final JobBook book;
    private final InstantSource clock;
    private final Supplier<JobId> ids;
    private final Predicate<Digest> held;

    /// @param held whether a blob is in the store and whole
    Submissions(
            Loop loop,
            JobBook book,
            InstantSource clock,
            Supplier<JobId> ids,
            Predicate<Digest> held) {
        this.loop = loop;
        this.book = book;
        this.clock = clock;
        this.ids = ids;
        this.held = held;
    }

    ValidateResponse validate(ValidateRequest request) {
        JobSpec spec = SpecWire.read(request.getSpec());
        List<Step> steps =
                planned(spec, request.getPush(), request.getAllowDrop(), request.getPlanOnly());
        return ValidateResponse.newBuilder()
                .setSteps(steps.size())
                .addAllWarnings(warnings(loop.snapshot(), spec))
                .build();
    }

    SubmitResponse submit(SubmitRequest request, Optional<String> requester) {
        JobSpec spec = SpecWire.read(request.getSpec());
        String key = Requests.key(requester, request.getRequestId());
        var _ = planned(spec, request.getPush(), request.getAllowDrop(), request.getPlanOnly());
        Optional<JobId> before = book.ofRequest(key);
        if (before.isPresent()) return answer(before.get(), true, List.of());
        refuseUnlessUploaded(spec);
        JobId fresh = ids.get();
        Farm farm =
                loop.ask(
                                new Event.Submitted(
                                        clock.instant(),
                                        fresh,
                                        key,
                                        spec,
                                        request.getPush(),
                                        request.getAllowDrop(),
                                        request.getPlanOnly()))
                        .join();
        // Another call with the same request id may have been faster.
        JobId id =
                farm.ofRequest(key)
                        .map(Job::id)
                        .or(() -> book.ofRequest(key))
                        .orElseThrow(() ->
                                new RookeryException(
                                        Blame.BUG,
                                        "the submitted job " + fresh + " is not in the farm"));
        return answer(id, !id.equals(fresh), warnings(farm, spec));
    }

    /// A job whose sources are not here could only fail, later and further from its cause.
    private void refuseUnlessUploaded(JobSpec spec) {
        List<Digest> missing = Named.by(spec).stream().filter(held.negate()).toList();
        if (missing.isEmpty()) return;
        throw Errors.refusal(
                Status.FAILED_PRECONDITION,
                "the spec names "
                        + missing.getFirst()
                        + (missing.size() == 1 ? "" : " and " + (missing.size() - 1) + " more")
                        + ", which the farm's store does not have; upload it to the blob plane, then submit again");
    }

    private static SubmitResponse answer(JobId job, boolean known, List<String> warnings) {
        return SubmitResponse.newBuilder()
                .setJob(job.value())
                .setKnown(known)
                .addAllWarnings(warnings)
                .build();
    }

    /// What would break the plan is refused before it becomes a job.
    private static List<Step> planned(
            JobSpec spec, boolean push, boolean allowDrop, boolean planOnly) {
        if (planOnly && push)
            throw Errors.refusal(
                    Status.INVALID_ARGUMENT,
                    "a job that only plans makes nothing to push; leave out one of push and plan_only");
        try {
            return Planner.initial(spec, push, allowDrop);
        } catch (IllegalArgumentException e) {
            throw new RookeryException(Blame.SPEC, "the spec makes no plan: " + e.getMessage(), e);
        }
    }

    /// Steps that no agent of today can do; more may join, so they are no reason to refuse.
    private static List<String> warnings(Farm farm, JobSpec spec) {
        if (farm.agents().isEmpty())
            return List.of("no agent has joined the farm yet; the job waits for one");
        return Scheduler.impossible(spec, farm.agents().values()).stream().toList();
    }
}
