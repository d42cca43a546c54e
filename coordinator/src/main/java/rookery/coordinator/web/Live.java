package rookery.coordinator.web;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import rookery.coordinator.web.page.Page;
import rookery.coordinator.web.page.Route;

/// Everybody who watches. A round makes each watched page once, whoever many watch it, and sends
/// each client what differs from what it has; so a farm that changes a thousand times a second
/// costs as much as one that changes four times.
final class Live {
    private static final System.Logger LOG = System.getLogger(Live.class.getName());

    /// Streams at once; who comes later sees the page without them.
    static final int CLIENTS = 128;

    static final Duration PERIOD = Duration.ofMillis(250);

    /// After a round the next one waits for this many times as long as it took: however large the
    /// farm, the dashboard takes at most a fifth of one core.
    static final int REST = 4;

    private final Site site;
    private final Templates templates;
    private final InstantSource clock;
    private final Set<LiveClient> clients = ConcurrentHashMap.newKeySet();

    Live(Site site, Templates templates, InstantSource clock) {
        this.site = site;
        this.templates = templates;
        this.clock = clock;
    }

    /// @return false when there are too many already
    boolean add(LiveClient client) {
        if (clients.size() >= CLIENTS) return false;
        return clients.add(client);
    }

    void remove(LiveClient client) {
        clients.remove(client);
    }

    int size() {
        return clients.size();
    }

    /// Not to be called by two threads at once.
    void round() {
        Map<Route, Optional<Page>> pages = new LinkedHashMap<>();
        for (LiveClient client : List.copyOf(clients)) {
            try {
                Optional<Page> page = pages.computeIfAbsent(client.route(), site::page);
                if (page.isPresent()) client.round(page.get(), templates, clock.instant());
            } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a stream of the dashboard ends: " + e, e);
                clients.remove(client);
                client.wire().end();
            }
        }
    }

    void close() {
        clients.forEach(c -> c.wire().end());
        clients.clear();
    }
}
