package rookery.oci.layout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import rookery.oci.Annotations;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.Document;
import rookery.oci.Index;
import rookery.oci.MediaType;
import rookery.oci.Tag;
import rookery.oci.archive.Trees;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.json.OciJson;

/// Copies one image out of a store. The new layout is built beside its target and renamed when it
/// is whole. An old layout at the target is first renamed to `.<name>.old.<random>`: a crash
/// between the two renames leaves no target, but the old one intact under that name; never a half
/// one.
final class Export {
    /// An index of indexes of indexes is already unheard of.
    private static final int MAX_DEPTH = 4;

    private final ImageLayout from;
    private final Digest top;
    private final List<String> tags;

    Export(ImageLayout from, Digest top, List<String> tags) {
        this.from = from;
        this.top = top;
        this.tags = tags.stream().map(Tag::check).distinct().toList();
    }

    void writeTo(Path target) throws IOException {
        Path parent = Durable.parent(target);
        String name = String.valueOf(target.toAbsolutePath().normalize().getFileName());
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !isOurs(target)) {
            throw new IOException(
                    target
                            + " exists and is not an OCI image layout; name another place or remove"
                            + " it");
        }
        Files.createDirectories(parent);
        checkApart(parent.toRealPath().resolve(name), from.root().toRealPath());
        Path fresh = parent.resolve("." + name + ".new." + Durable.uniqueName());
        try {
            fill(ImageLayout.create(fresh));
            Files.delete(fresh.resolve(".incoming"));
            replace(target, fresh, parent.resolve("." + name + ".old." + Durable.uniqueName()));
        } finally {
            Trees.delete(fresh);
        }
    }

    /// An export onto the store itself would replace all of it by one image.
    private static void checkApart(Path target, Path store) throws IOException {
        if (target.startsWith(store) || store.startsWith(target)) {
            throw new IOException(
                    target + " overlaps with the store " + store + "; name another place");
        }
    }

    private void fill(ImageLayout to) throws IOException {
        Document document = document(top);
        var blobs = new LinkedHashMap<Digest, Blob>();
        collect(document, MAX_DEPTH, blobs);
        for (Blob expected : blobs.sequencedValues()) {
            Blob found = copy(expected.digest(), to);
            if (!found.equals(expected)) {
                throw new IOException(
                        top
                                + " says that "
                                + expected.digest()
                                + " has "
                                + expected.sizeBytes()
                                + " bytes, but it has "
                                + found.sizeBytes());
            }
        }
        Blob blob = copy(top, to);
        Descriptor descriptor = Descriptor.of(document.mediaType(), blob);
        var entries = new ArrayList<Descriptor>();
        for (String tag : tags) {
            entries.add(
                    descriptor.withAnnotations(Annotations.NONE.with(Annotations.REF_NAME, tag)));
        }
        if (tags.isEmpty()) {
            entries.add(descriptor);
        }
        Durable.write(to.root().resolve("index.json"), OciJson.write(Index.of(entries)));
    }

    private void collect(Document document, int depth, SequencedMap<Digest, Blob> into)
            throws IOException {
        if (depth == 0) {
            throw new IOException(top + " nests deeper than " + MAX_DEPTH + " indexes");
        }
        for (Descriptor child : document.children()) {
            boolean known = into.putIfAbsent(child.digest(), child.blob()) != null;
            if (!known
                    && (MediaType.isIndex(child.mediaType())
                            || MediaType.isManifest(child.mediaType()))) {
                collect(parse(child.digest(), child.mediaType()), depth - 1, into);
            }
        }
    }

    /// The top may be an index or a manifest; its own mediaType says which.
    private Document document(Digest digest) throws IOException {
        Json json;
        try {
            json = Json.parse(from.read(digest, Json.MAX_BYTES));
        } catch (MalformedDocumentException e) {
            throw new IOException(digest + " is no image: " + e.getMessage(), e);
        }
        boolean manifest =
                json instanceof Json.Obj members
                        && members.get("mediaType")
                                .filter(Json.text(MediaType.MANIFEST)::equals)
                                .isPresent();
        return parse(digest, manifest ? MediaType.MANIFEST : MediaType.INDEX);
    }

    private Document parse(Digest digest, String mediaType) throws IOException {
        try {
            return OciJson.read(from.read(digest, Json.MAX_BYTES), mediaType);
        } catch (MalformedDocumentException e) {
            throw new IOException(digest + " is no image: " + e.getMessage(), e);
        }
    }

    private Blob copy(Digest digest, ImageLayout to) throws IOException {
        try (InputStream in = from.open(digest)) {
            return to.put(in);
        }
    }

    private static boolean isOurs(Path target) throws IOException {
        if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (Files.isRegularFile(target.resolve("oci-layout"))) {
            return true;
        }
        try (var children = Files.newDirectoryStream(target)) {
            return !children.iterator().hasNext();
        }
    }

    private static void replace(Path target, Path fresh, Path old) throws IOException {
        boolean replaced = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        if (replaced) {
            Durable.rename(target, old);
        }
        Durable.rename(fresh, target);
        if (replaced) {
            Trees.delete(old);
        }
    }
}
