package rookery.agent.artifacts;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import rookery.agent.exec.LogSink;
import rookery.model.Blame;
import rookery.model.Distfile;
import rookery.model.RookeryException;
import rookery.oci.Printable;

/// Gets source archives. Nothing of a job runs here: names, sizes, hashes and places come from the
/// resolved graph, and a file counts only if its size and both hashes fit.
///
/// Places are tried in order: the ebuild's own URIs, the agent's mirrors (none unless its
/// environment names some), then the distribution's source packages. It makes a difference whether
/// something else was found (the Manifest does not fit: the recipe's fault) or nothing at all (a
/// server's fault, worth another try).
public final class DistfileClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration HEADERS = Duration.ofSeconds(60);
    private static final Duration LEAST = Duration.ofMinutes(2);

    /// Slower than this is given up.
    private static final long BYTES_PER_SECOND = 20_000;

    private static final int MAX_PLACES = 40;
    private static final int OK = 200;
    private static final String LENGTH = "Content-Length";

    private final HttpClient http;
    private final List<String> mirrors;
    private final Optional<DistributionSources> distribution;

    /// @param mirrors base URIs, as in GENTOO_MIRRORS
    /// @param proxies how http and https reach their servers
    public DistfileClient(
            List<String> mirrors,
            Optional<DistributionSources> distribution,
            ProxySelector proxies) {
        this.mirrors = List.copyOf(mirrors);
        this.distribution = distribution;
        this.http =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .proxy(proxies)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build();
    }

    private sealed interface Attempt {
        record Got() implements Attempt {}

        record Other(String what) implements Attempt {}

        record Nothing(String why) implements Attempt {}
    }

    /// A file in this directory that is the archive.
    ///
    /// @throws RookeryException with blame SPEC where other bytes were found, UPSTREAM where none
    public Path fetch(Distfile distfile, Path directory, LogSink log)
            throws IOException, InterruptedException {
        Path file = directory.resolve(distfile.name());
        var tried = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (String place : places(distfile)) {
            log.note("fetch " + distfile.name() + " from " + Printable.clip(place));
            switch (attempt(place, distfile, file)) {
                case Attempt.Got() -> {
                    return file;
                }
                case Attempt.Other(String what) -> others.add(place + " has " + what);
                case Attempt.Nothing(String why) -> tried.add(place + " (" + why + ")");
            }
            Files.deleteIfExists(file);
        }
        if (distribution.isPresent()) {
            switch (distribution.get().fetch(distfile, directory, log)) {
                case DistributionSources.Answer.Found(Path found) -> {
                    if (Manifest.check(found, distfile)
                            instanceof Manifest.Verdict.Differs(String what))
                        others.add("the distribution's source package has " + what);
                    else return found;
                }
                case DistributionSources.Answer.None(String why) ->
                        tried.add("the distribution's source packages (" + why + ")");
            }
        }
        if (!others.isEmpty()) throw wrong(distfile, others);
        throw new RookeryException(
                Blame.UPSTREAM,
                "the source archive "
                        + distfile.name()
                        + " could not be fetched; tried "
                        + (tried.isEmpty()
                                ? "nothing, since it has no URI"
                                : String.join(", ", tried))
                        + "; set GENTOO_MIRRORS to a mirror that this machine reaches");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private static RookeryException wrong(Distfile distfile, List<String> others) {
        return new RookeryException(
                Blame.SPEC,
                "the source archive "
                        + distfile.name()
                        + " does not fit its Manifest: "
                        + String.join("; ", others)
                        + "; correct the Manifest, or the ebuild's SRC_URI");
    }

    private List<String> places(Distfile distfile) {
        var places = new ArrayList<>(distfile.uris());
        for (String mirror : mirrors) {
            String base = mirror.replaceFirst("/+$", "") + "/distfiles/";
            places.add(base + Manifest.mirrorDirectory(distfile.name()) + "/" + distfile.name());
            places.add(base + distfile.name());
        }
        return places.subList(0, Math.min(places.size(), MAX_PLACES));
    }

    private Attempt attempt(String place, Distfile distfile, Path file)
            throws IOException, InterruptedException {
        URI uri;
        try {
            uri = URI.create(place);
        } catch (IllegalArgumentException e) {
            return new Attempt.Nothing("not a URI");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if ((!scheme.equals("http") && !scheme.equals("https")) || uri.getHost() == null)
            return new Attempt.Nothing("only http and https are spoken");
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(HEADERS)
                        .header("User-Agent", "rookery")
                        .build();
        // A length that cannot be right is not even downloaded; one byte too many ends a transfer
        // whose length was not said.
        HttpResponse.BodyHandler<Path> handler =
                info ->
                        info.statusCode() != OK || isOtherLength(info.headers(), distfile)
                                ? HttpResponse.BodySubscribers.replacing(file)
                                : HttpResponse.BodySubscribers.limiting(
                                        HttpResponse.BodySubscribers.ofFile(file),
                                        distfile.sizeBytes());
        CompletableFuture<HttpResponse<Path>> coming = http.sendAsync(request, handler);
        Duration limit = LEAST.plusSeconds(distfile.sizeBytes() / BYTES_PER_SECOND);
        try {
            HttpResponse<Path> response = coming.get(limit.toSeconds(), TimeUnit.SECONDS);
            if (response.statusCode() != OK)
                return new Attempt.Nothing("status " + response.statusCode());
            if (isPage(response, distfile)) return new Attempt.Nothing("answered with a web page");
            if (isOtherLength(response.headers(), distfile))
                return new Attempt.Other(
                        response.headers().firstValueAsLong(LENGTH).orElse(0)
                                + " bytes instead of "
                                + distfile.sizeBytes());
            return switch (Manifest.check(file, distfile)) {
                case Manifest.Verdict.Fits() -> new Attempt.Got();
                case Manifest.Verdict.Differs(String what) -> new Attempt.Other(what);
            };
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            // The JDK's only word for a body that went beyond its limit.
            if (String.valueOf(cause.getMessage()).contains("exceeds capacity"))
                return new Attempt.Other("more than " + distfile.sizeBytes() + " bytes");
            return new Attempt.Nothing(describe(cause));
        } catch (TimeoutException e) {
            return new Attempt.Nothing("not done after " + limit.toSeconds() + " s");
        } finally {
            coming.cancel(true);
        }
    }

    private static boolean isOtherLength(HttpHeaders headers, Distfile distfile) {
        var length = headers.firstValueAsLong(LENGTH);
        return length.isPresent() && length.getAsLong() != distfile.sizeBytes();
    }

    /// A login page of a network, or a friendly "not found" with status 200.
    private static boolean isPage(HttpResponse<Path> response, Distfile distfile) {
        return !distfile.name().contains(".htm")
                && response.headers()
                        .firstValue("Content-Type")
                        .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("text/html"))
                        .isPresent();
    }

    private static String describe(Throwable cause) {
        String message = cause.getMessage();
        return cause.getClass().getSimpleName()
                + (message == null ? "" : ": " + Printable.clip(message));
    }
}
