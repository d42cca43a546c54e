package rookery.oci;

import java.util.regex.Pattern;

/// The media types that Rookery writes, and Docker's names for the same things, which it also
/// reads.
public final class MediaType {
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    public static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
    public static final String LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
    public static final String LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// The two bytes `{}`, as the config of an artifact that has none.
    public static final String EMPTY = "application/vnd.oci.empty.v1+json";

    public static final String DOCKER_INDEX =
            "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String DOCKER_MANIFEST =
            "application/vnd.docker.distribution.manifest.v2+json";

    /// RFC 6838's restricted names, as the OCI schema has them.
    private static final Pattern GRAMMAR =
            Pattern.compile(
                    "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}");

    private MediaType() {}

    /// The text itself where it is a media type; throws otherwise.
    public static String check(String text) {
        if (!GRAMMAR.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a media type is type/subtype, not '" + Printable.clip(text) + "'");
        }
        return text;
    }

    /// True for an index, OCI's or Docker's ("manifest list").
    public static boolean isIndex(String mediaType) {
        return mediaType.equals(INDEX) || mediaType.equals(DOCKER_INDEX);
    }

    /// True for an image manifest, OCI's or Docker's.
    public static boolean isManifest(String mediaType) {
        return mediaType.equals(MANIFEST) || mediaType.equals(DOCKER_MANIFEST);
    }
}
