package rookery.sim;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.oci.Blob;
import rookery.oci.Digest;

/// The coordinator's blob store: survives its process, not its disk's damage.
final class Blobs {
    private final Map<Digest, Content> stored = new TreeMap<>();
    private final Set<Digest> damaged = new TreeSet<>();
    private final Set<Digest> everDamaged = new TreeSet<>();

    /// A blob that is whole again is no longer damaged.
    Blob put(Content content) {
        Blob blob = content.blob();
        stored.put(blob.digest(), content);
        damaged.remove(blob.digest());
        return blob;
    }

    /// The content, if it is there and whole: reading finds damage.
    Optional<Content> read(Blob blob) {
        return isWhole(blob) ? Optional.ofNullable(stored.get(blob.digest())) : Optional.empty();
    }

    boolean isWhole(Blob blob) {
        return stored.containsKey(blob.digest()) && !damaged.contains(blob.digest());
    }

    /// Whether it was ever stored whole.
    boolean wasStored(Blob blob) {
        return stored.containsKey(blob.digest());
    }

    /// Flips a bit in the blob that comes at or after this point of the store, if one does.
    boolean damage(Digest near) {
        var map = (TreeMap<Digest, Content>) stored;
        Digest hit = map.ceilingKey(near);
        if (hit == null) return false;
        damaged.add(hit);
        everDamaged.add(hit);
        return true;
    }

    boolean wasDamaged(Blob blob) {
        return everDamaged.contains(blob.digest());
    }
}
