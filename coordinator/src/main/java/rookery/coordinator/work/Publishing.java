package rookery.coordinator.work;

import java.io.IOException;
import rookery.model.Outcome;
import rookery.model.Work;
import rookery.oci.Blob;

/// Brings an index to the registry that the spec names. Where nothing may be pushed, an
/// implementation that refuses.
@FunctionalInterface
public interface Publishing {
    /// @throws rookery.model.RookeryException with blame UPSTREAM or SPEC when the registry does
    ///   not take it
    /// @throws IOException when the store cannot be read
    Outcome publish(Work.Publish work, Blob index) throws IOException;
}
