package rookery.oci.registry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import rookery.oci.Printable;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.registry.RegistryException.Kind;

/// Turns an answer that is not the hoped-for one into an exception of the right kind.
final class Answers {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

    private Answers() {}

    /// For any status that the caller has no better words for.
    static RegistryException unexpected(String doing, Http.Answer answer) {
        return unexpected(doing, answer, InstantSource.system());
    }

    static RegistryException unexpected(String doing, Http.Answer answer, InstantSource clock) {
        int status = answer.status();
        String what = doing + " stopped: " + status + said(answer.body());
        return switch (status) {
            case 401, 403 ->
                    new RegistryException(
                            Kind.DENIED,
                            what
                                    + "; the login needs the right to do this (GitHub: scope"
                                    + " write:packages; GitLab: write_registry; Docker Hub: read and"
                                    + " write)");
            case 408, 429, 500, 502, 503, 504 ->
                    RegistryException.passing(
                            what + "; try again later", null, retryAfter(answer, clock));
            default -> {
                boolean client = status >= 400 && status < 500;
                yield new RegistryException(
                        client ? Kind.REFUSED : Kind.BROKEN,
                        what
                                + (client
                                        ? "; check the repository's name and that it exists"
                                        : "; this is no answer that the protocol knows here"));
            }
        };
    }

    private static Optional<Duration> retryAfter(Http.Answer answer, InstantSource clock) {
        return answer.header("Retry-After")
                .flatMap(text -> {
                    if (SECONDS.matcher(text).matches()) {
                        return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
                    }
                    try {
                        var at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
                        var wait = Duration.between(clock.instant(), at);
                        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
                    } catch (DateTimeException _) {
                        return Optional.empty();
                    }
                });
    }

    /// The registry's own words, if it has any: `: DENIED: requested access …`.
    static String said(byte[] body) {
        try {
            if (Json.parse(body) instanceof Json.Obj top
                    && top.members().get("errors") instanceof Json.Arr(var errors)
                    && !errors.isEmpty()
                    && errors.getFirst() instanceof Json.Obj error) {
                return word(error, "code") + word(error, "message");
            }
        } catch (MalformedDocumentException _) {
            return ""; // an HTML page of a proxy in between, for example
        }
        return "";
    }

    private static String word(Json.Obj in, String name) {
        return in.members().get(name) instanceof Json.Text(var text)
                ? ": " + Printable.clip(text)
                : "";
    }
}
