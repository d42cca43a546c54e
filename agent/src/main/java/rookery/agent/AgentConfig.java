package rookery.agent;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.model.AgentId;

/// What an agent is told when it starts.
///
/// @param incarnation grows with each start of this agent; the time of the start will do
/// @param cacheDir where everything lies that may be deleted; made if need be
/// @param slots steps that it takes at once
/// @param goRoot the Go that builds, as `go env GOROOT` says
/// @param environment the process's own variables: GOPROXY, GENTOO_MIRRORS (mirrors' base URIs,
///   separated by blanks), proxies, certificates, pip's. Nothing else reads the environment.
public record AgentConfig(
        AgentId id,
        long incarnation,
        Path cacheDir,
        int slots,
        SortedSet<String> labels,
        Path goRoot,
        SortedMap<String, String> environment) {
    public AgentConfig {
        labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        if (slots < 1) throw new IllegalArgumentException("an agent has at least one slot");
    }
}
