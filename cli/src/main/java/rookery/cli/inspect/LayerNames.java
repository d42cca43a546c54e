package rookery.cli.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.oci.Annotations;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.json.OciJson;

/// Whose layers the blobs of an OCI image layout are: a digest tells a reader nothing. The layout
/// is only read, never repaired, and one that makes no sense has no names.
final class LayerNames {
    private static final int MAX_DOCUMENT_BYTES = 4 << 20;
    private static final int MAX_DOCUMENTS = 1000;

    /// An image's index in the layout's index; some tools put one more between.
    private static final int MAX_DEPTH = 3;

    /// A layer may belong to many images.
    private static final int MAX_NAMES = 3;

    private final Path blobs;
    private final Map<Path, SortedSet<String>> names = new TreeMap<>();
    private int documents;

    private LayerNames(Path blobs) {
        this.blobs = blobs;
    }

    /// The layers' files with names such as `app:1.2 linux/arm64`.
    static Map<Path, String> of(Path layout) {
        var found = new LayerNames(layout.resolve("blobs"));
        try {
            found.index(OciJson.readLayoutIndex(bytes(layout.resolve("index.json"))), "", 0);
        } catch (IOException | MalformedDocumentException _) {
            // What was named until here is right.
        }
        Map<Path, String> texts = new TreeMap<>();
        found.names.forEach((file, all) -> texts.put(file, text(all)));
        return texts;
    }

    private static String text(SortedSet<String> all) {
        String some = String.join(", ", all.stream().limit(MAX_NAMES).toList());
        return all.size() > MAX_NAMES ? some + " and others" : some;
    }

    private void index(Index index, String reference, int depth) throws IOException {
        for (Descriptor one : index.manifests()) {
            if (++documents > MAX_DOCUMENTS || depth > MAX_DEPTH) {
                return;
            }
            String name = one.annotations().get(Annotations.REF_NAME).orElse(reference);
            Optional<Path> file = file(one.digest());
            if (file.isEmpty()) {
                continue;
            }
            switch (OciJson.read(bytes(file.get()), one.mediaType())) {
                case Index inner -> index(inner, name, depth + 1);
                case Manifest manifest ->
                        layers(
                                manifest,
                                (name + one.platform().map(p -> " " + p).orElse("")).strip());
            }
        }
    }

    private void layers(Manifest manifest, String image) {
        for (Descriptor layer : manifest.layers()) {
            if (!image.isEmpty()) {
                file(layer.digest())
                        .ifPresent(f -> names.computeIfAbsent(f, _ -> new TreeSet<>()).add(image));
            }
        }
    }

    private Optional<Path> file(Digest digest) {
        return Optional.of(blobs.resolve("sha256").resolve(digest.hex()))
                .filter(Files::isRegularFile);
    }

    private static byte[] bytes(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_DOCUMENT_BYTES);
        }
    }
}
