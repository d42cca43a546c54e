package rookery.cli.farm;

import java.util.Collection;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.layout.ImageLayout;

/// A farm's blobs as a command sees them: a store on this machine, and the way between it and the
/// farm. Where the farm is in this process both are one, and there is nothing to move.
///
/// All methods throw a [rookery.model.RookeryException] with blame UPSTREAM when the farm does not
/// take or give what it should.
public interface FarmStore {
    /// Sources are packed into it, and results are read from it.
    ImageLayout local();

    /// Gives the farm blobs that lie in [#local], before a job is submitted that names them. What
    /// the farm has already is not sent.
    void send(Collection<Digest> blobs);

    /// Brings blobs into [#local].
    void bring(Collection<Blob> blobs);

    /// Brings an image index into [#local], with everything below it.
    void bringImage(Blob index);

    /// The store of a farm in this process.
    static FarmStore of(ImageLayout shared) {
        return new SharedStore(shared);
    }
}
