package rookery.agent.steps;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.agent.exec.Ended;
import rookery.agent.exec.LogSink;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// What the one kind of step with a network is told: a module proxy, and how to reach it. Never
/// version control: that would run git on whatever a module's name points to.
final class ModuleProxy {
    private static final Duration ASK = Duration.ofSeconds(30);

    private static final List<String> PASSED_ON =
            List.of(
                    "HTTP_PROXY",
                    "HTTPS_PROXY",
                    "NO_PROXY",
                    "http_proxy",
                    "https_proxy",
                    "no_proxy",
                    "GOINSECURE");

    private ModuleProxy() {}

    static SortedMap<String, String> environment(Bench bench, LogSink log)
            throws InterruptedException {
        SortedMap<String, String> env = new TreeMap<>();
        for (String name : PASSED_ON) {
            String value = bench.environment().get(name);
            if (value != null) env.put(name, value);
        }
        env.put("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt");
        String given = bench.environment().getOrDefault("GOPROXY", "");
        String proxies = withoutDirect(given.isBlank() ? configured(bench, log) : given);
        if (proxies.isEmpty())
            throw new RookeryException(
                    Blame.HOST,
                    "the agent has no Go module proxy (GOPROXY is '"
                            + given
                            + "'), and modules are fetched from proxies only; set GOPROXY, or vendor the modules");
        env.put("GOPROXY", proxies);
        return env;
    }

    /// As `go env` knows it, from its own files.
    private static String configured(Bench bench, LogSink log) throws InterruptedException {
        String go = bench.goRoot().resolve("bin/go").toString();
        Ended ended =
                bench.sandbox()
                        .host()
                        .run(
                                List.of(go, "env", "GOPROXY"),
                                bench.environment(),
                                bench.cache().root(),
                                ASK,
                                LogSink.none());
        if (ended instanceof Ended.Exited exited && exited.status() == 0)
            return exited.text().strip();
        log.note("rookery: `go env GOPROXY` did not answer");
        return "";
    }

    /// Go tries proxies in order; what separates them says when the next is asked.
    static String withoutDirect(String proxies) {
        var kept =
                Arrays.stream(proxies.split("[,|]", -1))
                        .map(String::strip)
                        .filter(p -> !p.isEmpty() && !p.equals("direct") && !p.equals("off"))
                        .toList();
        return String.join(proxies.contains("|") ? "|" : ",", kept);
    }
}
