package rookery.oci;

import java.util.Optional;

/// A typed reference to a blob. A foreign descriptor's `urls` and `data` are dropped when it is
/// read: Rookery never fetches a blob from an address that a document names.
public record Descriptor(
        String mediaType,
        Digest digest,
        long sizeBytes,
        Optional<Platform> platform,
        Optional<String> artifactType,
        Annotations annotations) {
    public Descriptor {
        MediaType.check(mediaType);
        artifactType.ifPresent(MediaType::check);
        if (sizeBytes < 0) {
            throw new IllegalArgumentException(digest + " has a negative size: " + sizeBytes);
        }
    }

    public static Descriptor of(String mediaType, Blob blob) {
        return new Descriptor(
                mediaType,
                blob.digest(),
                blob.sizeBytes(),
                Optional.empty(),
                Optional.empty(),
                Annotations.NONE);
    }

    public Blob blob() {
        return new Blob(digest, sizeBytes);
    }

    /// The same, said to be for this platform, as an index's entries are.
    public Descriptor on(Platform to) {
        return new Descriptor(
                mediaType, digest, sizeBytes, Optional.of(to), artifactType, annotations);
    }

    public Descriptor withAnnotations(Annotations to) {
        return new Descriptor(mediaType, digest, sizeBytes, platform, artifactType, to);
    }
}
