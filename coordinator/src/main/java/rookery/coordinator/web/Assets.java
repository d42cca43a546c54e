package rookery.coordinator.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import rookery.oci.Digest;

/// The static files: a fixed list, read from the class path once. A path that is not on the list is
/// not found, so there is nothing to traverse and no directory to list.
public final class Assets {
    private static final String FOLDER = "/static/";
    private static final String WEBJARS = "/META-INF/resources/webjars/";
    private static final int DIGITS = 12;
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /// A file.
    ///
    /// @param version the beginning of its digest; part of its link, so that it may be kept for
    ///   ever
    record Asset(String type, Buffer content, String version) {}

    private final SequencedMap<String, Asset> files = new LinkedHashMap<>();

    Assets() {
        add("rookery.css", "text/css; charset=utf-8", "rookery.css");
        add("rookery.js", SCRIPT, "rookery.js");
        add("rookery.svg", "image/svg+xml", "rookery.svg");
        add("htmx.js", SCRIPT, WEBJARS + "htmx.org/2.0.10/dist/htmx.min.js");
        add("sse.js", SCRIPT, WEBJARS + "htmx-ext-sse/2.2.2/sse.js");
    }

    /// Where a page finds a file.
    public String link(String name) {
        Asset asset = files.get(name);
        if (asset == null) throw new IllegalArgumentException("no static file " + name);
        return FOLDER + name + "?v=" + asset.version();
    }

    Optional<Asset> find(String path) {
        return path.startsWith(FOLDER)
                ? Optional.ofNullable(files.get(path.substring(FOLDER.length())))
                : Optional.empty();
    }

    private void add(String name, String type, String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException(resource + " is not on the class path");
            byte[] content = in.readAllBytes();
            files.put(
                    name,
                    new Asset(
                            type,
                            Buffer.buffer(content),
                            Digest.of(content).hex().substring(0, DIGITS)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
