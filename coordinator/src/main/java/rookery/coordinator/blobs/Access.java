package rookery.coordinator.blobs;

import java.util.Optional;
import rookery.oci.Digest;

/// Who may do what with blobs. Any thread.
@FunctionalInterface
public interface Access {
    /// Why this visitor may not do this, as the end of a sentence that begins with its name; empty
    /// when it may.
    Optional<String> objection(Visitor who, Wish wish);

    /// For a listener that only its owner can reach.
    Access OPEN = (_, _) -> Optional.empty();

    /// What is asked for. That an upload is only for who began it needs no rule: its name is part
    /// of the upload's.
    sealed interface Wish {
        /// Whether a blob is there: what an upload begins with.
        record Look(Digest digest) implements Wish {}

        /// A blob's bytes.
        record Read(Digest digest) implements Wish {}

        /// To begin or to go on with an upload.
        record Write() implements Wish {}

        /// A blob was stored by this visitor; never refused.
        record Wrote(Digest digest) implements Wish {}
    }
}
