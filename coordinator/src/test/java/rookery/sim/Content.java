package rookery.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rookery.oci.Blob;
import rookery.oci.Platform;

/// What a blob of the simulated world holds. Its bytes say all of it, so a digest means its content
/// here as it does in life.
sealed interface Content {

    /// What an agent makes, apart from binaries.
    record Made(String kind, String of, String by) implements Content {}

    record Graph(String chost) implements Content {}

    record Binary(Platform platform, boolean isStatic, String by) implements Content {}

    record Index(TreeMap<Platform, Blob> binaries) implements Content {}

    default Blob blob() {
        return Blob.of(toString().getBytes(UTF_8));
    }

    /// The platforms of an index, as words in order.
    static List<String> platforms(Map<Platform, Blob> binaries) {
        return binaries.keySet().stream().map(Platform::toString).toList();
    }
}
