package rookery.coordinator.image;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.JobSpec;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.ImageConfig;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;

/// Describes an image; nothing here reads or writes a byte of it.
public final class Assembler {
    private Assembler() {}

    /// A file or directory of a layer.
    public sealed interface Entry {
        /// Relative to the root, without a slash at either end.
        String name();

        record Directory(String name) implements Entry {}

        record File(String name, int mode, Blob content) implements Entry {}
    }

    /// The layer of one platform: the binary at the root, what the image includes, and the
    /// directories above them. Parents come before children, all in the order of their names.
    public static List<Entry> layer(Work.Assemble work, Blob binary) {
        SortedMap<String, Entry> entries = new TreeMap<>();
        file(entries, new Entry.File(work.binaryName(), 0755, binary));
        for (JobSpec.Include include : work.image().include()) {
            file(
                    entries,
                    new Entry.File(include.path().substring(1), include.mode(), include.content()));
        }
        return List.copyOf(entries.values());
    }

    private static void file(SortedMap<String, Entry> entries, Entry.File file) {
        for (int slash = file.name().indexOf('/');
                slash > 0;
                slash = file.name().indexOf('/', slash + 1)) {
            String parent = file.name().substring(0, slash);
            if (entries.containsKey(parent)) {
                throw new IllegalArgumentException(
                        "an image cannot hold both a file /" + parent + " and files below it");
            }
            entries.put(parent + "/", new Entry.Directory(parent));
        }
        if (entries.containsKey(file.name() + "/")
                || entries.putIfAbsent(file.name(), file) != null) {
            throw new IllegalArgumentException(
                    "two entries of an image want to be /" + file.name());
        }
    }

    /// @param diffId the digest of the layer before compression
    public static ImageConfig config(Work.Assemble work, Platform platform, Digest diffId) {
        List<String> entrypoint =
                work.image().entrypoint().isEmpty()
                        ? List.of("/" + work.binaryName())
                        : work.image().entrypoint();
        return ImageConfig.of(platform, entrypoint, List.of(diffId))
                .withCreated(work.source().commitTime())
                .withEnv(List.of("PATH=/"))
                .withLabels(labels(work));
    }

    /// The labels of the spec and those that OCI defines, where the spec does not say otherwise.
    static SortedMap<String, String> labels(Work.Assemble work) {
        SortedMap<String, String> labels = new TreeMap<>();
        if (!work.source().version().isEmpty())
            labels.put("org.opencontainers.image.version", work.source().version());
        if (!work.source().commit().isEmpty())
            labels.put("org.opencontainers.image.revision", work.source().commit());
        labels.putAll(work.image().labels());
        return labels;
    }

    public static Manifest manifest(Blob config, Blob layer) {
        return Manifest.of(config.as(MediaType.CONFIG), List.of(layer.as(MediaType.LAYER_GZIP)));
    }

    /// The index over the platforms' manifests, in the order in which people are shown platforms.
    public static Index index(SortedMap<Platform, Blob> manifests) {
        var entries = new ArrayList<Descriptor>();
        manifests.forEach(
                (platform, manifest) -> entries.add(manifest.as(MediaType.MANIFEST).on(platform)));
        return Index.of(entries);
    }
}
