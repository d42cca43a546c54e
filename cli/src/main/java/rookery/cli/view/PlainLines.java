package rookery.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One line for each step that starts or ends: for logs, pipes and people who prefer it.
public final class PlainLines {
    private PlainLines() {}

    /// What has changed between two pictures of a job, in the plan's order.
    public static List<String> between(
            Optional<Job> before, Job after, Instant now, Duration sinceStart) {
        Map<String, Step> old = new LinkedHashMap<>();
        before.ifPresent(b -> b.steps().forEach(step -> old.put(step.id(), step)));
        var lines = new ArrayList<String>();
        for (Step step : after.steps()) {
            Step was = old.get(step.id());
            if (was != null && said(was).equals(said(step))) continue;
            String said = said(step);
            if (!said.isEmpty()) lines.add(line(step, said, now, sinceStart));
        }
        return lines;
    }

    private static String line(Step step, String said, Instant now, Duration sinceStart) {
        var out = new StringBuilder();
        out.append(String.format("%8s  ", Times.brief(sinceStart)));
        if (!step.platform().isEmpty()) out.append(step.platform()).append("  ");
        out.append(step.label()).append("  ").append(said);
        if (said.equals("done")) out.append(" in ").append(Times.brief(step.elapsed(now)));
        step.failure().ifPresent(f -> out.append(": ").append(f.message()));
        return Harmless.line(out.toString());
    }

    /// The word for a state that is worth a line.
    private static String said(Step step) {
        return switch (step.state()) {
            case LEASED, RUNNING -> "started";
            case DONE -> step.recalled() ? "recalled" : "done";
            case FAILED -> step.required() ? "failed" : "failed (optional)";
            case CANCELLED -> "cancelled";
            case WAITING, READY, UNKNOWN -> "";
        };
    }
}
