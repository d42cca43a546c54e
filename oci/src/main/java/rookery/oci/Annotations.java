package rookery.oci;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Key-value notes on a descriptor, manifest or index, always in the order of their keys, so that
/// equal notes give equal bytes.
public record Annotations(SortedMap<String, String> values) {
    public static final Annotations NONE = of(new TreeMap<>());

    public static final String CREATED = "org.opencontainers.image.created";
    public static final String AUTHORS = "org.opencontainers.image.authors";
    public static final String URL = "org.opencontainers.image.url";
    public static final String SOURCE = "org.opencontainers.image.source";
    public static final String VERSION = "org.opencontainers.image.version";
    public static final String REVISION = "org.opencontainers.image.revision";
    public static final String LICENSES = "org.opencontainers.image.licenses";
    public static final String TITLE = "org.opencontainers.image.title";
    public static final String DESCRIPTION = "org.opencontainers.image.description";

    /// The tag of an entry in an image layout's `index.json`.
    public static final String REF_NAME = "org.opencontainers.image.ref.name";

    public Annotations {
        values = sorted(values);
    }

    public static Annotations of(Map<String, String> values) {
        return new Annotations(new TreeMap<>(values));
    }

    public Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /// These notes with one more, or with this one replaced.
    public Annotations with(String key, String value) {
        var more = new TreeMap<>(values);
        more.put(key, value);
        return of(more);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// An unmodifiable copy in natural order, whatever order the given map had.
    static SortedMap<String, String> sorted(Map<String, String> map) {
        var copy = new TreeMap<String, String>();
        map.forEach((key, value) -> {
            if (key.isEmpty()) {
                throw new IllegalArgumentException("an annotation's key is empty");
            }
            copy.put(key, value);
        });
        return Collections.unmodifiableSortedMap(copy);
    }
}
