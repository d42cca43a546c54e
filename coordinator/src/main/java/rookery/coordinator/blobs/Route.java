package rookery.coordinator.blobs;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.oci.Digest;
import rookery.oci.Printable;

/// Where a request's path leads.
sealed interface Route {
    /// Whether the API is spoken here at all.
    record Version() implements Route {}

    record OneBlob(Digest digest) implements Route {}

    record Uploads() implements Route {}

    record OneUpload(String id) implements Route {}

    /// The longest path of ours is far shorter; what is longer is no path of ours.
    int MAX_CHARS = 512;

    Pattern BLOBS = Pattern.compile("/v2/(?<name>.+)/blobs/(?<rest>[^/]+|uploads/[^/]*)");

    /// @param name the only repository there is
    static Route of(String path, String name) throws Refusal {
        if (path.equals("/v2") || path.equals("/v2/")) return new Version();
        Matcher parts = BLOBS.matcher(path);
        if (path.length() > MAX_CHARS || !parts.matches())
            throw new Refusal(
                    404,
                    "UNSUPPORTED",
                    "this server has blobs below /v2/" + name + "/blobs/ and nothing else");
        if (!parts.group("name").equals(name))
            throw new Refusal(
                    404,
                    "NAME_UNKNOWN",
                    "there is no repository '"
                            + Printable.clip(parts.group("name"))
                            + "' here, only '"
                            + name
                            + "'");
        String rest = parts.group("rest");
        if (rest.equals("uploads") || rest.equals("uploads/")) return new Uploads();
        if (rest.startsWith("uploads/")) return new OneUpload(rest.substring("uploads/".length()));
        return new OneBlob(digest(decoded(rest)));
    }

    static Digest digest(String text) throws Refusal {
        try {
            return Digest.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "DIGEST_INVALID", String.valueOf(e.getMessage()));
        }
    }

    /// The digest that a query asks for, if it has one.
    static Optional<Digest> digestOf(String query) throws Refusal {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith("digest=")) return Optional.of(digest(decoded(pair.substring(7))));
        }
        return Optional.empty();
    }

    private static String decoded(String text) throws Refusal {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "DIGEST_INVALID", "'" + Printable.clip(text) + "' is malformed");
        }
    }
}
