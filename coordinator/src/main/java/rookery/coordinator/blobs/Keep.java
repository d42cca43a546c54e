package rookery.coordinator.blobs;

import java.time.Duration;

/// How long and how much a farm keeps.
///
/// @param grace a blob that was stored, looked at or recalled is kept for so long whatever else is
///   true; longer than any step may take, so that what a step uploads is there when it is reported
/// @param results a result that nobody recalled for so long is forgotten
/// @param jobs a job that ended so long ago loses its logs and its files
/// @param storeBytes of all blobs; beyond, results that were not recalled for the longest time go
///   first. What running jobs need is kept beyond any quota
public record Keep(Duration grace, Duration results, Duration jobs, long storeBytes) {
    public static final Keep STANDARD =
            new Keep(
                    Duration.ofHours(24), Duration.ofDays(30), Duration.ofDays(30), Long.MAX_VALUE);

    public Keep {
        if (grace.isNegative() || results.isNegative() || jobs.isNegative() || storeBytes < 0)
            throw new IllegalArgumentException("nothing is kept for less than no time");
    }

    public Keep withStoreBytes(long bytes) {
        return new Keep(grace, results, jobs, bytes);
    }

    /// Where nobody is at work, nobody needs grace.
    public Keep withGrace(Duration other) {
        return new Keep(other, results, jobs, storeBytes);
    }
}
