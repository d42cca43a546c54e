package rookery.oci;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// A multi-platform image: one manifest per platform.
public record Index(
        Optional<String> artifactType,
        List<Descriptor> manifests,
        Optional<Descriptor> subject,
        Annotations annotations)
        implements Document {
    /// Far more than there are platforms; a bound for hostile documents.
    public static final int MAX_MANIFESTS = 1000;

    public Index {
        artifactType.ifPresent(MediaType::check);
        manifests = List.copyOf(manifests);
        if (manifests.size() > MAX_MANIFESTS) {
            throw new IllegalArgumentException(
                    "an index has at most "
                            + MAX_MANIFESTS
                            + " manifests, not "
                            + manifests.size());
        }
    }

    /// An index without notes.
    public static Index of(List<Descriptor> manifests) {
        return new Index(Optional.empty(), manifests, Optional.empty(), Annotations.NONE);
    }

    public Index withAnnotations(Annotations to) {
        return new Index(artifactType, manifests, subject, to);
    }

    /// The platforms it can run on. Build tools hang attestations into an index under the platform
    /// `unknown/unknown`; those are not platforms.
    public SortedSet<Platform> platforms() {
        var all = new TreeSet<Platform>();
        for (Descriptor manifest : manifests) {
            manifest.platform().filter(p -> !p.os().equals("unknown")).ifPresent(all::add);
        }
        return Collections.unmodifiableSortedSet(all);
    }
}
