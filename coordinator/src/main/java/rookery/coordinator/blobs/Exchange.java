package rookery.coordinator.blobs;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.Optional;
import rookery.coordinator.blobs.Access.Wish;
import rookery.coordinator.trust.Refused;
import rookery.model.RookeryException;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.layout.DamagedBlobException;
import rookery.oci.layout.TooLargeException;
import rookery.oci.layout.WrongDigestException;

/// One request and its answer, on a virtual thread.
final class Exchange {
    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());
    private static final int CHUNK_BYTES = 128 << 10;
    private static final String BYTES = "application/octet-stream";

    /// What every exchange of a server shares.
    record Shop(
            BlobStore store,
            Uploads uploads,
            Access access,
            BlobLimits limits,
            InstantSource clock,
            String name) {}

    /// Looks at the visitor's certificate; throws [RookeryException] where that no longer counts.
    interface Door {
        Visitor visitor() throws IOException;
    }

    private final Shop shop;
    private final Door door;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Body body;

    Exchange(Shop shop, Door door, HttpServerRequest request, Body body) {
        this.shop = shop;
        this.door = door;
        this.request = request;
        this.response = request.response();
        this.body = body;
    }

    /// Answers, whatever happens; throws only when there is nobody left to answer.
    void run() throws IOException, InterruptedException {
        try {
            serve();
        } catch (Refusal e) {
            refuse(e);
        } catch (IOException e) {
            if (response.closed()) throw e;
            LOG.log(System.Logger.Level.WARNING, request.method() + " " + request.path(), e);
            refuse(
                    new Refusal(
                                    503,
                                    "UNAVAILABLE",
                                    "the store could not do this: " + e.getMessage())
                            .with("Retry-After", "5"));
        }
    }

    private Visitor admitted() throws Refusal, IOException {
        try {
            return door.visitor();
        } catch (Refused e) {
            throw new Refusal(e.httpStatus(), "UNAUTHORIZED", String.valueOf(e.getMessage()));
        } catch (RookeryException e) {
            throw new Refusal(401, "UNAUTHORIZED", String.valueOf(e.getMessage()));
        }
    }

    private void serve() throws Refusal, IOException, InterruptedException {
        Visitor who = admitted();
        String method = request.method().name();
        switch (Route.of(String.valueOf(request.path()), shop.name)) {
            case Route.Version _ -> {
                allow(method, "GET", "HEAD");
                end(200);
            }
            case Route.OneBlob(Digest digest) -> {
                allow(method, "GET", "HEAD");
                if (method.equals("HEAD")) head(who, digest);
                else get(who, digest);
            }
            case Route.Uploads _ -> {
                allow(method, "POST");
                begin(who);
            }
            case Route.OneUpload(String id) -> {
                allow(method, "GET", "PATCH", "PUT", "DELETE");
                Upload upload = shop.uploads.find(id, who);
                upload.hold(shop.clock.instant());
                try {
                    permit(who, new Wish.Write());
                    switch (method) {
                        case "GET" -> told(upload, 204);
                        case "PATCH" -> {
                            append(upload);
                            told(upload, 202);
                        }
                        case "PUT" -> {
                            Digest digest = wanted();
                            append(upload);
                            commit(who, upload, digest);
                        }
                        default -> {
                            shop.uploads.forget(upload);
                            upload.end();
                            end(204);
                        }
                    }
                } finally {
                    upload.release(shop.clock.instant());
                }
            }
        }
    }

    private static void allow(String method, String... methods) throws Refusal {
        for (String known : methods) if (known.equals(method)) return;
        throw new Refusal(405, "UNSUPPORTED", method + " is nothing that can be done here")
                .with("Allow", String.join(", ", methods));
    }

    private void permit(Visitor who, Wish wish) throws Refusal {
        Optional<String> objection = shop.access.objection(who, wish);
        if (objection.isPresent())
            throw new Refusal(403, "DENIED", who.name() + " " + objection.get());
    }

    private void head(Visitor who, Digest digest)
            throws Refusal, IOException, InterruptedException {
        permit(who, new Wish.Look(digest));
        Blob blob = found(digest);
        describe(digest);
        response.putHeader("Content-Length", Long.toString(blob.sizeBytes()));
        end(200);
    }

    private void get(Visitor who, Digest digest) throws Refusal, IOException, InterruptedException {
        permit(who, new Wish.Read(digest));
        Blob blob = found(digest);
        Optional<String> range = header("Range");
        Optional<Span> span =
                range.isPresent() ? Span.asked(range.get(), blob.sizeBytes()) : Optional.empty();
        describe(digest);
        if (span.isPresent()) part(blob, span.get());
        else whole(blob);
    }

    private Blob found(Digest digest) throws Refusal, IOException {
        return shop.store.look(digest).orElseThrow(() -> Refusal.unknownBlob(digest.toString()));
    }

    private void describe(Digest digest) {
        response.putHeader("Content-Type", BYTES)
                .putHeader("Docker-Content-Digest", digest.toString())
                .putHeader("ETag", "\"" + digest + "\"")
                .putHeader("Accept-Ranges", "bytes");
    }

    /// Hashes while it sends, and holds the last piece back until the digest is known to be right:
    /// whoever gets all bytes of a damaged blob would have to find out alone.
    private void whole(Blob blob) throws IOException, InterruptedException {
        try (InputStream in = shop.store.layout().open(blob.digest())) {
            response.setStatusCode(200)
                    .putHeader("Content-Length", Long.toString(blob.sizeBytes()));
            byte[] held = in.readNBytes(CHUNK_BYTES);
            while (held.length > 0) {
                byte[] next = in.readNBytes(CHUNK_BYTES);
                send(held);
                held = next;
            }
            Body.await(response.end(), shop.limits.idle());
        } catch (DamagedBlobException e) {
            shop.store.damaged(e);
            cut();
        } catch (NoSuchFileException e) {
            if (response.headWritten()) cut();
            else throw e;
        }
    }

    private void part(Blob blob, Span span) throws IOException, InterruptedException {
        var file = shop.store.layout().find(blob.digest());
        if (file.isEmpty()) throw new NoSuchFileException(blob.digest().toString());
        try (var channel = FileChannel.open(file.get())) {
            response.setStatusCode(206)
                    .putHeader("Content-Length", Long.toString(span.lengthBytes()))
                    .putHeader(
                            "Content-Range",
                            "bytes " + span.first() + "-" + span.last() + "/" + blob.sizeBytes());
            for (long at = span.first(); at <= span.last(); ) {
                var piece = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, span.last() - at + 1));
                while (piece.hasRemaining()) {
                    if (channel.read(piece, at + piece.position()) < 0) {
                        cut();
                        return;
                    }
                }
                send(piece.array());
                at += piece.capacity();
            }
            Body.await(response.end(), shop.limits.idle());
        }
    }

    private void send(byte[] bytes) throws IOException, InterruptedException {
        Body.await(response.write(Buffer.buffer(bytes)), shop.limits.idle());
    }

    /// An answer that began well and cannot be finished.
    private void cut() throws IOException, InterruptedException {
        Body.await(request.connection().close(), shop.limits.idle());
    }

    private void begin(Visitor who) throws Refusal, IOException, InterruptedException {
        permit(who, new Wish.Write());
        Optional<Digest> digest = Route.digestOf(query());
        Upload upload = shop.uploads.begin(who);
        upload.hold(shop.clock.instant());
        try {
            if (digest.isPresent()) {
                append(upload);
                commit(who, upload, digest.get());
            } else {
                told(upload, 202);
            }
        } finally {
            upload.release(shop.clock.instant());
        }
    }

    /// Takes the body in. What had come when the connection broke stays: that is where the sender
    /// goes on.
    private void append(Upload upload) throws Refusal, IOException, InterruptedException {
        long before = upload.bytes().sizeBytes();
        Optional<String> range = header("Content-Range");
        Optional<Span> told =
                range.isPresent() ? Optional.of(Span.told(range.get())) : Optional.empty();
        if (told.isPresent() && told.get().first() != before)
            throw outOfOrder(upload, "the next byte is " + before + ", not " + told.get().first());
        long most = limit(told, before);
        shop.uploads.checkSpace(most == Long.MAX_VALUE ? 0 : most);
        body.take();
        for (var piece = body.next(); piece.isPresent(); piece = body.next()) {
            byte[] bytes = piece.get();
            if (upload.bytes().sizeBytes() + bytes.length - before > most)
                throw giveUp(
                        upload,
                        new Refusal(
                                400, "SIZE_INVALID", "more than the " + most + " bytes announced"));
            try {
                upload.bytes().write(bytes, 0, bytes.length);
            } catch (TooLargeException e) {
                throw giveUp(
                        upload,
                        new Refusal(
                                413,
                                "SIZE_INVALID",
                                "a blob has at most " + shop.limits.blobBytes() + " bytes here"));
            } catch (IOException e) {
                // The file and its hash may no longer agree.
                shop.uploads.forget(upload);
                upload.end();
                throw e;
            }
        }
        long came = upload.bytes().sizeBytes() - before;
        if (told.isPresent() && came != told.get().lengthBytes())
            throw outOfOrder(
                    upload, "only " + came + " of the " + told.get().lengthBytes() + " bytes came");
    }

    private long limit(Optional<Span> told, long before) throws Refusal {
        Optional<String> length = header("Content-Length");
        long most = told.map(Span::lengthBytes).orElse(Long.MAX_VALUE);
        if (length.isPresent() && length.get().matches("[0-9]{1,18}"))
            most = Math.min(most, Long.parseLong(length.get()));
        if (most != Long.MAX_VALUE && before + most > shop.limits.blobBytes())
            throw new Refusal(
                    413,
                    "SIZE_INVALID",
                    "a blob has at most " + shop.limits.blobBytes() + " bytes here");
        return most;
    }

    private Refusal outOfOrder(Upload upload, String what) {
        var refusal = new Refusal(416, "BLOB_UPLOAD_INVALID", what + "; go on from there");
        refusal.with("Location", location(upload));
        range(upload).ifPresent(r -> refusal.with("Range", r));
        return refusal;
    }

    private Refusal giveUp(Upload upload, Refusal why) throws IOException {
        shop.uploads.forget(upload);
        upload.end();
        return why;
    }

    private Digest wanted() throws Refusal {
        return Route.digestOf(query())
                .orElseThrow(() ->
                        new Refusal(
                                400,
                                "DIGEST_INVALID",
                                "the last request of an upload names its digest: ?digest=sha256:…"));
    }

    private void commit(Visitor who, Upload upload, Digest digest)
            throws Refusal, IOException, InterruptedException {
        try {
            upload.bytes().commit(digest);
        } catch (WrongDigestException e) {
            throw new Refusal(400, "DIGEST_INVALID", String.valueOf(e.getMessage()));
        } finally {
            shop.uploads.forget(upload);
            upload.end();
        }
        var _ = shop.access.objection(who, new Wish.Wrote(digest));
        response.putHeader("Location", "/v2/" + shop.name + "/blobs/" + digest)
                .putHeader("Docker-Content-Digest", digest.toString());
        end(201);
    }

    private void told(Upload upload, int status) throws IOException, InterruptedException {
        response.putHeader("Location", location(upload))
                .putHeader("Docker-Upload-UUID", upload.id());
        range(upload).ifPresent(r -> response.putHeader("Range", r));
        end(status);
    }

    private String location(Upload upload) {
        return "/v2/" + shop.name + "/blobs/uploads/" + upload.id();
    }

    /// What has come so far. Nothing has no range: `0-0` would be one byte.
    private static Optional<String> range(Upload upload) {
        long size = upload.bytes().sizeBytes();
        return size == 0 ? Optional.empty() : Optional.of("0-" + (size - 1));
    }

    private Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    private String query() {
        String query = request.query();
        return query == null ? "" : query;
    }

    private void end(int status) throws IOException, InterruptedException {
        response.setStatusCode(status);
        if (!body.discard()) response.putHeader("Connection", "close");
        Body.await(response.end(), shop.limits.idle());
    }

    private void refuse(Refusal refusal) throws IOException, InterruptedException {
        if (response.headWritten()) {
            cut();
            return;
        }
        boolean isWhole = body.discard();
        response.setStatusCode(refusal.status());
        refusal.headers().forEach(response::putHeader);
        byte[] json = refusal.body();
        response.putHeader("Content-Length", Integer.toString(json.length))
                .putHeader("Content-Type", "application/json");
        if (!isWhole) response.putHeader("Connection", "close");
        Body.await(
                request.method().name().equals("HEAD")
                        ? response.end()
                        : response.end(Buffer.buffer(json)),
                shop.limits.idle());
        if (!isWhole) cut();
    }
}
