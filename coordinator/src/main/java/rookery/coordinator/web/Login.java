package rookery.coordinator.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.Optional;

/// The form that takes the viewer token, and the cookie that it gives.
final class Login {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String FIELD = "token=";
    private static final int FORM_BYTES = 1 << 10;
    private static final Duration STAY = Duration.ofHours(12);
    private static final String HTML = "text/html; charset=utf-8";

    private final Gate gate;
    private final Templates templates;
    private final boolean tls;
    private final String cookie;

    Login(Gate gate, Templates templates, boolean tls) {
        this.gate = gate;
        this.templates = templates;
        this.tls = tls;
        // Browsers take a cookie of that prefix only over TLS, for this very host.
        this.cookie = tls ? "__Host-rookery" : "rookery";
    }

    boolean handles(String path) {
        return gate.asksForToken() && (path.equals("/login") || path.equals("/logout"));
    }

    boolean admits(HttpServerRequest request) {
        Cookie mine = request.getCookie(cookie);
        String authorization = request.getHeader("Authorization");
        return gate.admits(
                authorization == null ? "" : authorization, mine == null ? "" : mine.getValue());
    }

    /// @param text whether a program asks, rather than a person
    void ask(Answer answer, boolean text) {
        answer.response().putHeader("WWW-Authenticate", "Bearer realm=\"rookery\"");
        if (text)
            answer.send(
                    401,
                    "text/plain; charset=utf-8",
                    "Send the viewer token: Authorization: Bearer <token>\n");
        else form(answer, 401, "The token is in the coordinator's configuration.");
    }

    /// On the event loop; comparing a token takes no time.
    void handle(HttpServerRequest request, Answer answer, String path) {
        if (path.equals("/login") && HttpMethod.GET.equals(request.method())) {
            form(answer, 200, "The token is in the coordinator's configuration.");
        } else if (!HttpMethod.POST.equals(request.method())) {
            answer.response().putHeader("Allow", path.equals("/login") ? "GET, POST" : "POST");
            form(answer, 405, "Post the token with this form.");
        } else if (path.equals("/logout")) {
            set(answer, "", Duration.ZERO);
            answer.redirect("/login");
        } else if (!isSmallForm(request)) {
            form(answer, 415, "Post the token with this form.");
        } else {
            request.body()
                    .onSuccess(body -> take(answer, body.toString(UTF_8)))
                    .onFailure(_ -> form(answer, 400, "The form did not arrive whole."));
        }
    }

    private void take(Answer answer, String body) {
        Optional<String> granted = field(body).flatMap(gate::login);
        if (granted.isEmpty()) {
            form(answer, 401, "That is not the viewer token.");
            return;
        }
        set(answer, granted.get(), STAY);
        answer.redirect("/");
    }

    private static Optional<String> field(String body) {
        for (String pair : body.split("&", 8)) {
            if (!pair.startsWith(FIELD)) continue;
            try {
                return Optional.of(URLDecoder.decode(pair.substring(FIELD.length()), UTF_8));
            } catch (IllegalArgumentException _) { // broken percent signs
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isSmallForm(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        String length = request.getHeader("Content-Length");
        return type != null
                && type.startsWith(FORM)
                && length != null
                && length.matches("[0-9]{1,6}")
                && Integer.parseInt(length) <= FORM_BYTES;
    }

    private void set(Answer answer, String value, Duration stay) {
        answer.response()
                .addCookie(
                        Cookie.cookie(cookie, value)
                                .setHttpOnly(true)
                                .setSameSite(CookieSameSite.STRICT)
                                .setSecure(tls)
                                .setPath("/")
                                .setMaxAge(stay.toSeconds()));
    }

    private void form(Answer answer, int status, String message) {
        answer.send(status, HTML, templates.plain(status, "Log in", message, true));
    }
}
