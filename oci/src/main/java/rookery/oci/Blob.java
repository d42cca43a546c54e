package rookery.oci;

/// Bytes in a store: their name and how many they are.
public record Blob(Digest digest, long sizeBytes) {
    public Blob {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException(digest + " has a negative size: " + sizeBytes);
        }
    }

    /// The blob that these bytes make.
    public static Blob of(byte[] bytes) {
        return new Blob(Digest.of(bytes), bytes.length);
    }

    /// A plain descriptor of this blob.
    public Descriptor as(String mediaType) {
        return Descriptor.of(mediaType, this);
    }
}
