package rookery.model;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.oci.Blob;
import rookery.oci.Digest;

/// What came of a step: the blobs it made, or why it made none.
public sealed interface Outcome {

    /// The step made what it should.
    ///
    /// @param blobs by their role in the step, such as `gpkg`, `binary`, `graph`
    /// @param identity what dependents' keys take this result for: the digest of what it means,
    ///   which may be less than its bytes (a gpkg's times do not count)
    /// @param notes small facts for people and for later steps, such as `stdout` or `verdict`
    record Made(SortedMap<String, Blob> blobs, Digest identity, SortedMap<String, String> notes)
            implements Outcome {
        /// The note that says how many bytes of memory the step held at its peak.
        public static final String PEAK_MEMORY = "peak-memory-bytes";

        public Made {
            blobs = Collections.unmodifiableSortedMap(new TreeMap<>(blobs));
            notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
        }

        /// @throws RookeryException with blame BUG when the step did not make it
        public Blob blob(String role) {
            return find(role)
                    .orElseThrow(() ->
                            new RookeryException(
                                    Blame.BUG,
                                    "a step should have made a blob '"
                                            + role
                                            + "' but made only "
                                            + blobs.keySet()));
        }

        public Optional<Blob> find(String role) {
            return Optional.ofNullable(blobs.get(role));
        }
    }

    record Broke(Failure failure) implements Outcome {}
}
