package rookery.oci;

import java.util.ArrayList;
import java.util.List;

/// What a registry or a layout calls a manifest: one image, or an index of several. Never both: a
/// document that could be read either way is refused when it is parsed (CVE-2021-41190).
public sealed interface Document permits Index, Manifest {
    /// OCI's name for this kind of document.
    default String mediaType() {
        return switch (this) {
            case Index _ -> MediaType.INDEX;
            case Manifest _ -> MediaType.MANIFEST;
        };
    }

    /// What must be stored before this document makes sense, in the order to store it.
    default List<Descriptor> children() {
        return switch (this) {
            case Index index -> index.manifests();
            case Manifest manifest -> {
                var all = new ArrayList<>(manifest.layers());
                all.add(manifest.config());
                yield List.copyOf(all);
            }
        };
    }
}
