package rookery.agent.artifacts;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import rookery.oci.Digest;
import rookery.oci.archive.ArchiveException;
import rookery.oci.archive.Limits;
import rookery.oci.archive.TarEntry;
import rookery.oci.archive.TarReader;
import rookery.oci.layout.Sha256;

/// A binary package in Portage's gpkg form: a tar of `metadata.tar.*`, `image.tar.*` and a
/// Manifest.
///
/// Two builds of one package give files that differ in times, counters and the saved environment,
/// though every installed byte is equal. [#identity] is the same for both: what a dependent can
/// see.
public final class Gpkg {
    /// The metadata that dependents and installing depend on; the rest is history.
    private static final List<String> METADATA =
            List.of(
                    "BDEPEND",
                    "CATEGORY",
                    "DEFINED_PHASES",
                    "DEPEND",
                    "EAPI",
                    "IDEPEND",
                    "IUSE",
                    "PDEPEND",
                    "PF",
                    "PROVIDES",
                    "RDEPEND",
                    "REQUIRES",
                    "SLOT",
                    "USE",
                    "repository");

    /// Phases that run while a package is installed, and may then change what is.
    private static final List<String> INSTALLING = List.of("setup", "preinst", "postinst");

    private static final String PHASES = "metadata/DEFINED_PHASES";
    private static final int MAX_METADATA_BYTES = 4 << 20;

    private final TreeMap<String, String> rows = new TreeMap<>();
    private String ebuild = "";
    private boolean hasMetadata;
    private boolean hasImage;

    private Gpkg() {}

    /// The digest of what the package means.
    ///
    /// @throws ArchiveException where it is not such a package, or has what no package may have
    public static Digest identity(Path file) throws IOException {
        var gpkg = new Gpkg();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            TarReader.read(in, Limits.ORDINARY, (entry, _, content) -> gpkg.member(entry, content));
        }
        if (!gpkg.hasMetadata || !gpkg.hasImage) {
            throw new ArchiveException(
                    ArchiveException.Kind.MALFORMED,
                    file.getFileName()
                            + " has no "
                            + (gpkg.hasImage ? "metadata" : "image")
                            + ".tar in it");
        }
        // What acts on installing is part of what dependents see, and its text stands for it: the
        // saved environment would, but differs from build to build.
        List<String> phases = List.of(gpkg.rows.getOrDefault(PHASES, "").split(" ", -1));
        if (INSTALLING.stream().anyMatch(phases::contains))
            gpkg.rows.put("metadata/ebuild", gpkg.ebuild);
        var text = new StringBuilder("gpkg 1\n");
        gpkg.rows.forEach((name, row) -> text.append(name).append('\0').append(row).append('\n'));
        return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void member(TarEntry entry, InputStream content) throws IOException {
        if (!(entry instanceof TarEntry.File(String name, _, _))) return;
        String leaf = name.substring(name.lastIndexOf('/') + 1);
        if (leaf.endsWith(".sig")) return;
        if (leaf.startsWith("metadata.tar")) {
            hasMetadata = true;
            TarReader.read(content, Limits.ORDINARY, (e, _, c) -> metadata(e, c));
        } else if (leaf.startsWith("image.tar")) {
            hasImage = true;
            TarReader.read(content, Limits.ORDINARY, (e, _, c) -> image(e, c));
        }
    }

    private void metadata(TarEntry entry, InputStream content) throws IOException {
        String leaf = entry.name().substring(entry.name().lastIndexOf('/') + 1);
        if (!(entry instanceof TarEntry.File)) return;
        if (leaf.endsWith(".ebuild")) ebuild = Sha256.of(content).digest().toString();
        if (!METADATA.contains(leaf)) return;
        byte[] bytes = content.readNBytes(MAX_METADATA_BYTES);
        String value = new String(bytes, StandardCharsets.UTF_8);
        rows.put("metadata/" + leaf, String.join(" ", value.strip().split("\\s+")));
    }

    private void image(TarEntry entry, InputStream content) throws IOException {
        String row =
                switch (entry) {
                    case TarEntry.Directory(_, int mode) ->
                            "directory " + Integer.toOctalString(mode);
                    case TarEntry.File(_, int mode, long size) ->
                            "file "
                                    + Integer.toOctalString(mode)
                                    + " "
                                    + size
                                    + " "
                                    + Sha256.of(content).digest();
                    case TarEntry.Symlink(_, String target) -> "link " + target;
                    case TarEntry.Hardlink(_, String target) -> "same " + target;
                };
        rows.put("image/" + entry.name(), row);
    }
}
