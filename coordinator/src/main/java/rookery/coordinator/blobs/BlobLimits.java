package rookery.coordinator.blobs;

import java.time.Duration;

/// The blob plane's bounds.
///
/// @param connections that are open at once
/// @param requests that are served at once
/// @param uploads that are open at once
/// @param uploadsPerVisitor of one visitor
/// @param blobBytes of one blob
/// @param spareBytes of the disk that uploads leave free
/// @param idle how long a connection may be silent
/// @param uploadLife how long an upload is kept that nobody goes on with
public record BlobLimits(
        int connections,
        int requests,
        int uploads,
        int uploadsPerVisitor,
        long blobBytes,
        long spareBytes,
        Duration idle,
        Duration uploadLife) {

    public static final BlobLimits STANDARD =
            new BlobLimits(
                    2_000,
                    256,
                    512,
                    64,
                    16L << 30,
                    256L << 20,
                    Duration.ofSeconds(60),
                    Duration.ofHours(24));

    public BlobLimits {
        if (connections < 1
                || requests < 1
                || uploads < 1
                || uploadsPerVisitor < 1
                || blobBytes < 1
                || spareBytes < 0
                || !idle.isPositive()
                || !uploadLife.isPositive())
            throw new IllegalArgumentException("every limit of the blob plane is positive");
    }
}
