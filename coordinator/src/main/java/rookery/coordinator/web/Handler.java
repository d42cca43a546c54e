package rookery.coordinator.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.web.page.Figures;
import rookery.coordinator.web.page.Links;
import rookery.coordinator.web.page.LogTail;
import rookery.coordinator.web.page.Page;
import rookery.coordinator.web.page.Pages;
import rookery.coordinator.web.page.Route;
import rookery.model.RookeryException;

/// What each request gets. In this order: where it comes from, its method, who it is, what it asks.
final class Handler {
    private static final System.Logger LOG = System.getLogger(Handler.class.getName());

    /// Pages and logs that are made at once; whoever comes later is asked to come again.
    private static final int AT_ONCE = 64;

    private static final int LOG_CHUNK = 256 << 10;
    private static final String HTML = "text/html; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final Gate gate;
    private final Origins origins;
    private final Login login;
    private final Site site;
    private final Assets assets;
    private final Templates templates;
    private final Live live;
    private final Meters meters;
    private final InstantSource clock;
    private final Executor threads;
    private final Semaphore room = new Semaphore(AT_ONCE);

    Handler(
            Gate gate,
            Site site,
            Assets assets,
            Templates templates,
            Live live,
            Meters meters,
            InstantSource clock,
            Executor threads,
            boolean tls) {
        this.gate = gate;
        this.origins = new Origins(gate);
        this.login = new Login(gate, templates, tls);
        this.site = site;
        this.assets = assets;
        this.templates = templates;
        this.live = live;
        this.meters = meters;
        this.clock = clock;
        this.threads = threads;
    }

    /// On the event loop.
    void handle(HttpServerRequest request) {
        var answer = new Answer(request);
        String path = request.path() == null ? "" : request.path();
        boolean reads =
                HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        if (reads && path.equals("/healthz")) {
            answer.send(200, TEXT, "ok\n");
            return;
        }
        Optional<String> stranger = origins.refusal(request);
        if (stranger.isPresent()) {
            problem(answer, 403, "Not from there", stranger.get());
        } else if (login.handles(path)) {
            login.handle(request, answer, path);
        } else if (!reads) {
            request.response().putHeader("Allow", "GET, HEAD");
            problem(
                    answer,
                    405,
                    "Read-only",
                    "This page can only be read, not " + request.method() + ".");
        } else if (assets.find(path).isPresent()) {
            answer.asset(assets.find(path).get());
        } else if (!login.admits(request)) {
            login.ask(answer, wantsText(path));
        } else {
            aside(answer, () -> dispatch(request, answer, path));
        }
    }

    /// What is no HTTP that we could read.
    void handleInvalid(HttpServerRequest request) {
        new Answer(request).send(400, TEXT, "This is no request that the dashboard can read.\n");
    }

    private static boolean wantsText(String path) {
        return path.equals("/metrics") || path.startsWith(Links.LIVE + "/");
    }

    /// Off the event loop, with a bound.
    private void aside(Answer answer, Work work) {
        if (!room.tryAcquire()) {
            busy(answer);
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } catch (IOException | RuntimeException e) {
                    broken(answer, e);
                } finally {
                    room.release();
                }
            });
        } catch (RejectedExecutionException e) { // it is being closed
            room.release();
            busy(answer);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void busy(Answer answer) {
        answer.response().putHeader("Retry-After", "2");
        problem(
                answer,
                503,
                "Busy",
                "Too many pages are asked for at once; try again in a moment.");
    }

    private void broken(Answer answer, Exception e) {
        if (answer.isGone()) return;
        LOG.log(System.Logger.Level.WARNING, "page=" + answer.path() + " failed", e);
        String said = e instanceof RookeryException known ? String.valueOf(known.getMessage()) : "";
        problem(
                answer,
                500,
                "This page broke",
                said.isEmpty()
                        ? "The coordinator's log has the reason. The farm itself goes on; please report it."
                        : said);
    }

    private void problem(Answer answer, int status, String title, String message) {
        answer.send(status, HTML, templates.plain(status, title, message, false));
    }

    private void dispatch(HttpServerRequest request, Answer answer, String path)
            throws IOException {
        if (path.equals("/metrics")) {
            var now = clock.instant();
            answer.send(
                    200,
                    METRICS,
                    Figures.text(site.farm().get(), meters.gauges(), meters.spreads(), now));
            return;
        }
        boolean streams = path.startsWith(Links.LIVE + "/");
        Optional<String> before = Optional.ofNullable(request.getParam("before"));
        Optional<Route> route =
                Pages.route(streams ? path.substring(Links.LIVE.length()) : path, before);
        if (!streams && route.isPresent() && route.get() instanceof Route.Log(var ref)) {
            log(answer, ref);
            return;
        }
        Optional<Page> page = route.flatMap(site::page);
        if (page.isEmpty()) {
            problem(answer, 404, "Nothing is here", missing(path, route));
        } else if (streams) {
            stream(request, answer, route.get());
        } else {
            Optional<LogTail> tail =
                    page.get().log().isPresent()
                            ? Optional.of(site.tail(page.get().log().get()))
                            : Optional.empty();
            answer.send(
                    200,
                    HTML,
                    templates.page(page.get(), tail, gate.asksForToken(), clock.instant()));
        }
    }

    private static String missing(String path, Optional<Route> route) {
        if (route.isEmpty()) return "There is no page " + path + ".";
        return switch (route.get()) {
            case Route.OneJob(var id) ->
                    "There is no job " + id + "; rookery list shows all that this farm knows.";
            case Route.OneStep(var ref) -> noStep(ref);
            case Route.Log(var ref) -> noStep(ref);
            case Route.Overview _, Route.Jobs _, Route.Agents _ -> "There is no page " + path + ".";
        };
    }

    private static String noStep(StepRef ref) {
        return "The job " + ref.job() + " has no step " + ref.step() + ", or there is no such job.";
    }

    private void log(Answer answer, StepRef ref) throws IOException {
        if (!site.has(ref)) {
            problem(answer, 404, "Nothing is here", noStep(ref));
            return;
        }
        long size = site.logs().size(ref);
        answer.beginLog(size);
        for (long at = 0; at < size; ) {
            byte[] part = site.logs().read(ref, at, (int) Math.min(LOG_CHUNK, size - at));
            if (part.length == 0) throw new IOException("the log of " + ref + " became shorter");
            answer.writeAndWait(part);
            at += part.length;
        }
        answer.end();
    }

    private void stream(HttpServerRequest request, Answer answer, Route route) {
        Optional<LogFollower> log =
                route instanceof Route.OneStep(var ref)
                        ? Optional.of(new LogFollower(site, ref, lastSeen(request)))
                        : Optional.empty();
        var client = new LiveClient(route, answer.wire(), log);
        answer.onClose(() -> live.remove(client));
        answer.beginStream();
        if (live.add(client)) {
            // It may have left before it was added, and nobody would take it out again.
            if (answer.response().closed()) live.remove(client);
            return;
        }
        // The browser asks again later by itself; the page says from when it is.
        answer.writeNow("retry: 30000\n\n".getBytes(UTF_8));
        answer.end();
    }

    /// Where a browser that lost its connection says it had read to.
    private static Optional<Long> lastSeen(HttpServerRequest request) {
        String id = request.getHeader("Last-Event-ID");
        if (id == null || !id.matches("[0-9]{1,15}")) return Optional.empty();
        return Optional.of(Long.parseLong(id));
    }
}
