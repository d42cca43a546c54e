package rookery.coordinator.web;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import rookery.coordinator.web.page.Page;
import rookery.coordinator.web.page.Panel;
import rookery.coordinator.web.page.Route;
import rookery.coordinator.web.page.Section;

/// One browser that watches one page, and what it has been sent. Only the round's thread calls it.
final class LiveClient {
    private static final int BEAT_ROUNDS = 60;

    /// How a browser is reached.
    interface Wire {
        /// Whether it has not yet taken what it was sent before.
        boolean full();

        void send(String text);

        void end();
    }

    private final Route route;
    private final Wire wire;
    private final Optional<LogFollower> log;
    private final Map<String, Panel> sent = new TreeMap<>();
    private int quietRounds;

    LiveClient(Route route, Wire wire, Optional<LogFollower> log) {
        this.route = route;
        this.wire = wire;
        this.log = log;
    }

    Route route() {
        return route;
    }

    Wire wire() {
        return wire;
    }

    /// Sends what is new. A browser that is slow is left alone until it has read, and then gets the
    /// newest.
    void round(Page page, Templates templates, Instant now) throws IOException {
        if (wire.full()) return;
        var text = new StringBuilder();
        for (Section section : page.sections()) {
            if (section.panel().equals(sent.put(section.id(), section.panel()))) continue;
            event(text, section.id(), templates.section(section.panel(), now));
        }
        if (log.isPresent())
            log.get()
                    .next()
                    .ifPresent(news -> {
                        text.append("id: ").append(news.offset()).append('\n');
                        switch (news) {
                            case LogFollower.News.Replace(var tail) ->
                                    event(text, "tail", templates.tail(tail));
                            case LogFollower.News.Append(var lines, _) ->
                                    event(text, "lines", templates.lines(lines));
                        }
                    });
        if (text.isEmpty() && ++quietRounds < BEAT_ROUNDS) return;
        if (text.isEmpty()) text.append(": still here\n\n");
        quietRounds = 0;
        wire.send(text.toString());
    }

    private static void event(StringBuilder text, String name, String html) {
        text.append("event: ").append(name).append('\n');
        html.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        if (html.isEmpty()) text.append("data:\n");
        text.append('\n');
    }
}
