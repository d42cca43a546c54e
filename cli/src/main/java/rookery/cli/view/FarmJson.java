package rookery.cli.view;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import rookery.model.Failure;
import rookery.oci.json.Json;

/// What a farm says, as JSON; docs/output.md describes it.
public final class FarmJson {
    private FarmJson() {}

    /// A job with its steps.
    public static Json job(Job job) {
        var out = new LinkedHashMap<String, Json>();
        out.put("job", Json.text(job.id()));
        out.put("project", Json.text(job.project()));
        out.put("state", Json.text(word(job.state())));
        text(out, "requester", job.requester());
        out.put("plan_only", new Json.Bool(job.planOnly()));
        time(out, "submitted", job.submitted());
        time(out, "ended", job.ended());
        time(out, "eta", job.eta());
        out.put("steps", new Json.Arr(job.steps().stream().map(FarmJson::step).toList()));
        return new Json.Obj(out);
    }

    private static Json step(Step step) {
        var out = new LinkedHashMap<String, Json>();
        out.put("step", Json.text(step.id()));
        out.put("kind", Json.text(step.kind()));
        text(out, "platform", step.platform());
        out.put("state", Json.text(word(step.state())));
        text(out, "detail", step.detail());
        text(out, "agent", step.agent());
        out.put("required", new Json.Bool(step.required()));
        out.put("recalled", new Json.Bool(step.recalled()));
        time(out, "started", step.started());
        time(out, "ended", step.ended());
        step.failure().ifPresent(f -> out.put("failure", failure(f)));
        return new Json.Obj(out);
    }

    public static Json failure(Failure failure) {
        var out = new LinkedHashMap<String, Json>();
        out.put("kind", Json.text(failure.kind().name()));
        out.put("exit_code", Json.number(failure.kind().exitCode()));
        out.put("message", Json.text(JobReport.whole(failure.message())));
        out.put("excerpt", Json.texts(failure.excerpt().stream().map(JobReport::whole).toList()));
        return new Json.Obj(out);
    }

    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /// What JSON can hold of a text.
    public static String whole(String text) {
        return JobReport.whole(text);
    }

    /// Leaves empty texts out.
    public static void text(Map<String, Json> out, String name, String text) {
        if (!text.isEmpty()) out.put(name, Json.text(JobReport.whole(text)));
    }

    /// RFC 3339, in UTC; left out where there is none.
    public static void time(Map<String, Json> out, String name, Optional<Instant> time) {
        time.ifPresent(t -> out.put(name, Json.text(t.toString())));
    }
}
