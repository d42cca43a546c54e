package rookery.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import rookery.model.Failure;
import rookery.model.Outcome;

/// A step as it is shown.
///
/// @param platform empty for what several share
/// @param detail why it waits, or what it is at
/// @param recalled whether an earlier result was taken
/// @param required whether the job fails with it
/// @param agent who does it; empty where that is nobody or the coordinator
public record Step(
        String id,
        String kind,
        String platform,
        State state,
        String detail,
        boolean recalled,
        Optional<Instant> started,
        Optional<Instant> ended,
        Optional<Outcome.Made> made,
        Optional<Failure> failure,
        boolean required,
        String agent) {
    /// How the step stands; `UNKNOWN` is a newer farm's word.
    public enum State {
        WAITING,
        READY,
        LEASED,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED,
        UNKNOWN
    }

    public boolean isAtWork() {
        return state == State.LEASED || state == State.RUNNING;
    }

    /// How long it has been or was at work.
    public Duration elapsed(Instant now) {
        return started.map(s -> Duration.between(s, ended.orElse(now)))
                .filter(d -> !d.isNegative())
                .orElse(Duration.ZERO);
    }

    /// What it is about, without its kind, its CHOST and its platform, which are shown elsewhere.
    public String subject() {
        String rest = id.startsWith(kind + "/") ? id.substring(kind.length() + 1) : id;
        int slash = rest.indexOf('/');
        return switch (kind) {
            case "package" -> slash < 0 ? rest : rest.substring(slash + 1);
            case "go-build", "verify", "run" -> slash < 0 ? rest : rest.substring(0, slash);
            case "resolve", "modules" -> "";
            default -> rest;
        };
    }

    /// Its kind and what it is about, for sentences.
    public String label() {
        return subject().isEmpty() ? kind : kind + " " + subject();
    }
}
