package rookery.oci.registry;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Document;
import rookery.oci.ImageConfig;
import rookery.oci.MediaType;
import rookery.oci.Printable;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.oci.layout.WrongDigestException;
import rookery.oci.registry.RegistryException.Kind;
import rookery.oci.registry.Tokens.Scope;

/// The OCI distribution API, as much of it as Rookery needs. Every digest that a registry tells us
/// is compared with the one that we know. Each call retries what may pass ([Patience]); what comes
/// out as a [RegistryException] is final for now.
public final class RegistryClient {
    private static final int MAX_REDIRECTS = 5;

    /// Each one needs a step forward, so this is far more than a line gives that is worth a try.
    private static final int MAX_RESUMES = 10_000;

    private static final Pattern UPLOADED = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String ACCEPT =
            String.join(
                    ", ",
                    MediaType.INDEX,
                    MediaType.MANIFEST,
                    MediaType.DOCKER_INDEX,
                    MediaType.DOCKER_MANIFEST);

    private final Http http;
    private final Tokens tokens;
    private final Policy policy;
    private final Patience patience;
    private final Scope reading;
    private final boolean resumes;

    /// A manifest or index as a registry gave it: the bytes' name, what they call themselves, and
    /// what they say.
    public record Fetched(Blob blob, String mediaType, Document document) {}

    /// The HTTP client must not follow redirects, see [#httpClient()].
    public RegistryClient(
            HttpClient http, Credentials credentials, Policy policy, Patience patience) {
        this.http = new Http(http);
        this.tokens = new Tokens(this.http, credentials, policy);
        this.policy = policy;
        this.patience = patience;
        this.reading = Scope.PULL;
        this.resumes = false;
    }

    private RegistryClient(RegistryClient other, Scope reading, boolean resumes) {
        this.http = other.http;
        this.tokens = other.tokens;
        this.policy = other.policy;
        this.patience = other.patience;
        this.reading = reading;
        this.resumes = resumes;
    }

    /// The same client, which asks for the right to push from its first question on: some
    /// registries refuse the right to read what does not exist yet.
    public RegistryClient forPushing() {
        return new RegistryClient(this, Scope.PUSH, resumes);
    }

    /// The same client, which goes on with an upload whose connection broke, from where the
    /// registry says that it came to. For registries that are known to keep count.
    public RegistryClient resuming() {
        return new RegistryClient(this, reading, true);
    }

    /// An HTTP client with the settings that this class needs; the caller closes it.
    public static HttpClient httpClient() {
        return settings().build();
    }

    /// The same with a certificate of our own, or with other authorities than the usual ones.
    public static HttpClient httpClient(SSLContext tls) {
        return settings().sslContext(tls).build();
    }

    private static HttpClient.Builder settings() {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(20))
                // One upload per connection; HTTP/2 has nothing to give, and costs an upgrade
                // request on plain HTTP.
                .version(HttpClient.Version.HTTP_1_1);
    }

    /// True if the repository has the blob. A different length than ours is an error.
    public boolean hasBlob(Reference repository, Blob blob)
            throws IOException, InterruptedException {
        String doing = "looking for " + blob.digest() + " in " + repository.bare();
        var request = request(doing, "HEAD", repository, "blobs/" + blob.digest());
        return patience.keepTrying(() -> {
            var answer = exchange(request, repository, reading);
            return isThere(request, answer, blob);
        });
    }

    /// Uploads a blob from a file, if the repository does not have it yet; true if it was sent.
    public boolean pushBlob(Reference repository, Blob blob, Path file)
            throws IOException, InterruptedException {
        String doing = "push of " + blob.digest() + " to " + repository.bare();
        var head = request(doing, "HEAD", repository, "blobs/" + blob.digest());
        return patience.keepTrying(() -> {
            if (isThere(head, exchange(head, repository, Scope.PUSH), blob)) {
                return false;
            }
            upload(doing, repository, blob, file);
            return true;
        });
    }

    private void upload(String doing, Reference repository, Blob blob, Path file)
            throws IOException, InterruptedException {
        var start = request(doing, "POST", repository, "blobs/uploads/");
        var started = exchange(start, repository, Scope.PUSH);
        if (started.status() != 202) {
            throw Answers.unexpected(doing, started, patience.clock());
        }
        URI location = resolve(start, started);
        Optional<String> objection =
                policy.objectionToUpload(Origin.of(policy.endpoint(repository)), location);
        if (objection.isPresent()) {
            throw distrusted(start, objection.get());
        }
        if (!resumes) {
            finish(doing, repository, location, blob, file, 0);
            return;
        }
        long offset = 0;
        int stalled = 0;
        for (int resumed = 0; ; resumed++) {
            try {
                finish(doing, repository, location, blob, file, offset);
                return;
            } catch (RegistryException e) {
                if (!e.isWorthRetrying() || resumed >= MAX_RESUMES) {
                    throw e;
                }
                var ask = new Http.Request(doing, "GET", location, Map.of(), Http.Body.NONE);
                long came = patience.keepTrying(() -> came(ask, repository, blob));
                stalled = came > offset ? 0 : stalled + 1;
                if (came < offset || stalled >= patience.tries()) {
                    throw e; // from the beginning, or never
                }
                patience.pause(stalled);
                offset = came;
            }
        }
    }

    /// How many bytes of an upload have come; -1 where the registry does not know it (any more).
    private long came(Http.Request ask, Reference repository, Blob blob)
            throws IOException, InterruptedException {
        var answer = exchange(ask, repository, Scope.PUSH);
        if (answer.status() >= 500) {
            throw Answers.unexpected(ask.doing(), answer, patience.clock());
        }
        var range = UPLOADED.matcher(answer.header("Range").orElse(""));
        if (answer.status() != 204 || !range.matches()) {
            return -1;
        }
        long came = Long.parseLong(range.group(1)) + 1;
        return came <= blob.sizeBytes() ? came : -1;
    }

    /// Sends what is left of the blob and its name.
    private void finish(
            String doing, Reference repository, URI location, Blob blob, Path file, long offset)
            throws IOException, InterruptedException {
        // The location's own query is a state that must come back unchanged.
        String joint = location.getRawQuery() == null ? "?" : "&";
        URI target = URI.create(location + joint + "digest=sha256%3A" + blob.digest().hex());
        long left = blob.sizeBytes() - offset;
        var body = new Http.Body(left, () -> publish(file, offset, left));
        var put =
                new Http.Request(doing, "PUT", target, Map.of(), body)
                        .with("Content-Type", "application/octet-stream");
        if (offset > 0 && left > 0) {
            put = put.with("Content-Range", offset + "-" + (blob.sizeBytes() - 1));
        }
        var done = exchange(put, repository, Scope.PUSH);
        if (done.status() != 201) {
            throw Answers.unexpected(doing, done, patience.clock());
        }
        checkDigest(put, done, blob.digest());
    }

    private static BodyPublisher publish(Path file, long offset, long left) throws IOException {
        try {
            if (offset == 0) {
                return BodyPublishers.ofFile(file);
            }
        } catch (FileNotFoundException e) {
            throw new IOException(file + " is gone; it was to be pushed", e);
        }
        if (left == 0) {
            return BodyPublishers.noBody();
        }
        // The client reads it later, on a thread of its own; it asks once.
        Supplier<InputStream> rest =
                () -> {
                    try {
                        InputStream in = Files.newInputStream(file);
                        in.skipNBytes(offset);
                        return in;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(rest), left);
    }

    /// Downloads a blob into a layout, unless that has it. At most `blob.sizeBytes()` are read.
    public void fetchBlob(Reference repository, Blob blob, ImageLayout into)
            throws IOException, InterruptedException {
        if (into.has(blob.digest())) {
            return;
        }
        String doing = "download of " + blob.digest() + " from " + repository.bare();
        var request = request(doing, "GET", repository, "blobs/" + blob.digest());
        patience.keepTrying(() -> {
            download(request, repository, blob, into);
            return true;
        });
    }

    private void download(Http.Request request, Reference repository, Blob blob, ImageLayout into)
            throws IOException, InterruptedException {
        try (var incoming = into.incoming(blob.sizeBytes())) {
            var answer =
                    exchange(
                            request,
                            repository,
                            reading,
                            r -> http.send(r, incoming, blob.sizeBytes()));
            if (answer.status() != 200) {
                throw Answers.unexpected(request.doing(), answer, patience.clock());
            }
            incoming.commit(blob.digest());
        } catch (WrongDigestException e) {
            throw new RegistryException(
                    Kind.BROKEN, request.doing() + ": the registry sent other bytes", e);
        }
    }

    /// The image configuration in this blob.
    public ImageConfig config(Reference repository, Blob blob)
            throws IOException, InterruptedException {
        String doing = "reading the config " + blob.digest() + " in " + repository;
        var request = request(doing, "GET", repository, "blobs/" + blob.digest());
        return patience.keepTrying(() -> {
            var answer = exchange(request, repository, reading);
            if (answer.status() != 200) {
                throw Answers.unexpected(doing, answer, patience.clock());
            }
            checkBytes(request, blob.digest(), answer);
            try {
                return OciJson.readConfig(answer.body());
            } catch (MalformedDocumentException e) {
                throw new RegistryException(Kind.BROKEN, doing + ": " + e.getMessage(), e);
            }
        });
    }

    /// The manifest or index under the reference's digest or tag; nothing if there is none.
    public Optional<Fetched> manifest(Reference reference)
            throws IOException, InterruptedException {
        String doing = "reading " + reference;
        var request = request(doing, "GET", reference, "manifests/" + name(reference));
        return patience.keepTrying(() -> {
            var answer = exchange(request.with("Accept", ACCEPT), reference, reading);
            return switch (answer.status()) {
                case 404 -> Optional.<Fetched>empty();
                case 200 -> Optional.of(fetched(request, reference, answer));
                default -> throw Answers.unexpected(doing, answer, patience.clock());
            };
        });
    }

    private static Fetched fetched(Http.Request request, Reference reference, Http.Answer answer)
            throws RegistryException {
        Blob blob = Blob.of(answer.body());
        checkDigest(request, answer, blob.digest());
        checkBytes(request, reference.digest().orElse(blob.digest()), answer);
        String type = answer.header("Content-Type").orElse("").replaceFirst("\\s*;.*", "");
        try {
            return new Fetched(blob, type, OciJson.read(answer.body(), type));
        } catch (MalformedDocumentException e) {
            throw new RegistryException(Kind.BROKEN, request.doing() + ": " + e.getMessage(), e);
        }
    }

    /// True if the repository has exactly this manifest or index under the reference's name.
    public boolean hasManifest(Reference reference, Blob blob)
            throws IOException, InterruptedException {
        String doing = "looking for " + reference;
        var request =
                request(doing, "HEAD", reference, "manifests/" + name(reference))
                        .with("Accept", ACCEPT);
        return patience.keepTrying(() -> {
            var answer = exchange(request, reference, reading);
            boolean other =
                    reference.tag().isPresent()
                            && answer.header("Docker-Content-Digest")
                                    .filter(d -> !d.equals(blob.digest().toString()))
                                    .isPresent();
            return !other && isThere(request, answer, blob);
        });
    }

    /// Stores a manifest or index under the reference's digest or tag.
    public void pushManifest(Reference reference, String mediaType, byte[] bytes)
            throws IOException, InterruptedException {
        Digest digest = Digest.of(bytes);
        if (!reference.digest().orElse(digest).equals(digest)) {
            throw new IllegalArgumentException(reference + " is not the digest of the manifest");
        }
        String doing = "push of " + reference;
        var empty = request(doing, "PUT", reference, "manifests/" + name(reference));
        var request =
                new Http.Request(doing, "PUT", empty.uri(), empty.headers(), Http.Body.of(bytes))
                        .with("Content-Type", MediaType.check(mediaType));
        patience.keepTrying(() -> {
            var answer = exchange(request, reference, Scope.PUSH);
            if (answer.status() != 201) {
                throw Answers.unexpected(doing, answer, patience.clock());
            }
            checkDigest(request, answer, digest);
            return true;
        });
    }

    private static String name(Reference reference) {
        return reference
                .digest()
                .map(Digest::toString)
                .or(reference::tag)
                .orElseThrow(
                        () -> new IllegalArgumentException(reference + " has no tag or digest"));
    }

    private Http.Request request(String doing, String method, Reference repository, String rest) {
        URI uri =
                URI.create(
                        policy.endpoint(repository)
                                + "/v2/"
                                + repository.repository()
                                + "/"
                                + rest);
        return new Http.Request(doing, method, uri, Map.of(), Http.Body.NONE);
    }

    private interface Sender {
        Http.Answer send(Http.Request request) throws IOException, InterruptedException;
    }

    private Http.Answer exchange(Http.Request request, Reference repository, Scope scope)
            throws IOException, InterruptedException {
        return exchange(request, repository, scope, http::send);
    }

    /// Sends a request as whoever we are, and follows what may be followed.
    ///
    /// ```
    /// own origin --401, first time--> token --> own origin
    /// own origin --redirect of GET or HEAD--> elsewhere, without Authorization for good
    /// ```
    private Http.Answer exchange(
            Http.Request request, Reference repository, Scope scope, Sender sender)
            throws IOException, InterruptedException {
        Origin registry = Origin.of(policy.endpoint(repository));
        Optional<String> authorization = tokens.kept(repository, scope);
        boolean answered = false;
        boolean left = false;
        Http.Request next = request;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; ) {
            left |= !Origin.of(next.uri()).equals(registry);
            var answer =
                    sender.send(
                            left || authorization.isEmpty()
                                    ? next
                                    : next.with("Authorization", authorization.get()));
            if (answer.status() == 401 && !left && !answered) {
                var challenge =
                        Challenge.best(answer.all("WWW-Authenticate"))
                                .orElseThrow(() -> Answers.unexpected(request.doing(), answer));
                authorization =
                        Optional.of(tokens.answer(request.doing(), repository, scope, challenge));
                answered = true;
            } else if (REDIRECTS.contains(answer.status())) {
                next = next.to(redirected(next, answer, registry));
                redirects++;
            } else {
                return answer;
            }
        }
        throw new RegistryException(
                Kind.BROKEN, request.doing() + ": more than " + MAX_REDIRECTS + " redirects");
    }

    private URI redirected(Http.Request request, Http.Answer answer, Origin registry)
            throws RegistryException {
        URI target = resolve(request, answer);
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        Optional<String> objection =
                reads
                        ? policy.objectionToRedirect(registry, target)
                        : Optional.of("it redirects an upload, which no registry has to");
        if (objection.isPresent()) {
            throw distrusted(request, objection.get());
        }
        return target;
    }

    private static URI resolve(Http.Request request, Http.Answer answer) throws RegistryException {
        String location = answer.header("Location").orElse("");
        try {
            if (!location.isEmpty()) {
                return request.uri().resolve(new URI(location));
            }
        } catch (URISyntaxException _) {
            // told below, together with an absent one
        }
        throw new RegistryException(
                Kind.BROKEN,
                request.doing()
                        + ": "
                        + answer.status()
                        + " with the location '"
                        + Printable.clip(location)
                        + "', no address");
    }

    private static RegistryException distrusted(Http.Request request, String objection) {
        return new RegistryException(
                Kind.BROKEN,
                request.doing()
                        + ": the registry is not trusted: "
                        + objection
                        + "; nothing was sent there");
    }

    private boolean isThere(Http.Request request, Http.Answer answer, Blob blob)
            throws RegistryException {
        return switch (answer.status()) {
            case 200 -> {
                checkDigest(request, answer, blob.digest());
                Optional<String> length = answer.header("Content-Length");
                if (length.filter(l -> !l.equals(Long.toString(blob.sizeBytes()))).isPresent()) {
                    throw new RegistryException(
                            Kind.BROKEN,
                            request.doing()
                                    + ": the registry has "
                                    + Printable.clip(length.get())
                                    + " bytes under this name, not "
                                    + blob.sizeBytes());
                }
                yield true;
            }
            case 404 -> false;
            default -> throw Answers.unexpected(request.doing(), answer, patience.clock());
        };
    }

    private static void checkBytes(Http.Request request, Digest expected, Http.Answer answer)
            throws RegistryException {
        Digest found = Digest.of(answer.body());
        if (!found.equals(expected)) {
            throw new RegistryException(
                    Kind.BROKEN, request.doing() + ": the bytes that came have " + found);
        }
    }

    private static void checkDigest(Http.Request request, Http.Answer answer, Digest expected)
            throws RegistryException {
        Optional<String> told = answer.header("Docker-Content-Digest");
        if (told.filter(d -> !d.equals(expected.toString())).isPresent()) {
            throw new RegistryException(
                    Kind.BROKEN,
                    request.doing()
                            + ": the registry calls it '"
                            + Printable.clip(told.get())
                            + "' instead of "
                            + expected);
        }
    }
}
