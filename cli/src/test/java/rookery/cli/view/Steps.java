package rookery.cli.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.Failure;
import rookery.model.Outcome;
import rookery.oci.Blob;

/// Steps for tests, in few words.
final class Steps {
    static final Instant T0 = Instant.ofEpochSecond(1_700_000_000);

    private Steps() {}

    static Step waiting(String id, String kind, String platform) {
        return new Step(
                id,
                kind,
                platform,
                Step.State.WAITING,
                "",
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                "");
    }

    static Step in(Step step, Step.State state, int from, int to) {
        boolean over = state == Step.State.DONE || state == Step.State.FAILED;
        return new Step(
                step.id(),
                step.kind(),
                step.platform(),
                state,
                step.detail(),
                step.recalled(),
                Optional.of(T0.plusSeconds(from)),
                over ? Optional.of(T0.plusSeconds(to)) : Optional.empty(),
                step.made(),
                step.failure(),
                step.required(),
                "a1");
    }

    static Step running(Step step, int from, String detail) {
        Step s = in(step, Step.State.RUNNING, from, 0);
        return new Step(
                s.id(),
                s.kind(),
                s.platform(),
                s.state(),
                detail,
                false,
                s.started(),
                s.ended(),
                s.made(),
                s.failure(),
                s.required(),
                s.agent());
    }

    static Step recalled(Step step) {
        return new Step(
                step.id(),
                step.kind(),
                step.platform(),
                Step.State.DONE,
                "",
                true,
                Optional.of(T0),
                Optional.of(T0),
                step.made(),
                Optional.empty(),
                step.required(),
                "");
    }

    static Step failed(Step step, int from, int to, String message, String... excerpt) {
        Step s = in(step, Step.State.FAILED, from, to);
        var failure = new Failure(Failure.Kind.BUILD, message, List.of(excerpt));
        return new Step(
                s.id(),
                s.kind(),
                s.platform(),
                s.state(),
                "",
                false,
                s.started(),
                s.ended(),
                Optional.empty(),
                Optional.of(failure),
                s.required(),
                s.agent());
    }

    static Step made(Step step, SortedMap<String, String> notes, Blob... blobs) {
        SortedMap<String, Blob> all = new TreeMap<>();
        for (Blob blob : blobs) all.put("binary", blob);
        return new Step(
                step.id(),
                step.kind(),
                step.platform(),
                step.state(),
                "",
                step.recalled(),
                step.started(),
                step.ended(),
                Optional.of(new Outcome.Made(all, Blob.of(new byte[0]).digest(), notes)),
                Optional.empty(),
                step.required(),
                step.agent());
    }
}
