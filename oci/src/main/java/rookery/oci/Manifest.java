package rookery.oci;

import java.util.List;
import java.util.Optional;

/// One image for one platform: its configuration and its layers, lowest first. With an
/// `artifactType` it is an artifact instead, and a `subject` makes it a referrer of that manifest.
public record Manifest(
        Optional<String> artifactType,
        Descriptor config,
        List<Descriptor> layers,
        Optional<Descriptor> subject,
        Annotations annotations)
        implements Document {
    /// No real image has as many (overlay file systems stop at 128 to 500).
    public static final int MAX_LAYERS = 1000;

    public Manifest {
        artifactType.ifPresent(MediaType::check);
        layers = List.copyOf(layers);
        if (layers.size() > MAX_LAYERS) {
            throw new IllegalArgumentException(
                    "a manifest has at most " + MAX_LAYERS + " layers, not " + layers.size());
        }
    }

    /// An image manifest without notes.
    public static Manifest of(Descriptor config, List<Descriptor> layers) {
        return new Manifest(Optional.empty(), config, layers, Optional.empty(), Annotations.NONE);
    }

    public Manifest withAnnotations(Annotations to) {
        return new Manifest(artifactType, config, layers, subject, to);
    }
}
