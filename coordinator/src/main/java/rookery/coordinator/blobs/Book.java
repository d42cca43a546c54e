package rookery.coordinator.blobs;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import rookery.oci.Digest;

/// What the farm has written down that names blobs.
public interface Book {
    /// Why blobs are held.
    enum Reason {
        /// A job that runs; never forgotten.
        RUNNING,
        /// A job that ended: its files, and what its steps made.
        ENDED,
        /// A result under its key.
        RESULT
    }

    /// One row and what it holds.
    ///
    /// @param id a job's, or a result's key
    /// @param usedAt when the job ended or the result was made; for running jobs of no meaning
    record Held(Reason reason, String id, Instant usedAt, SortedSet<Digest> digests) {
        public Held {
            digests = Collections.unmodifiableSortedSet(new TreeSet<>(digests));
        }
    }

    /// All of it, as of one moment.
    List<Held> read();

    /// Forgets ended jobs and results, durably. One that is running again by now stays.
    void forget(Collection<Held> rows);
}
