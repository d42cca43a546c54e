package rookery.oci.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Directory trees as a whole.
public final class Trees {
    private Trees() {}

    /// Deletes a tree without following links; that there is none is also fine. Meant for trees
    /// that nobody else changes meanwhile: against a hostile process in the tree it is no defence.
    public static void delete(Path root) throws IOException {
        if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            try (var children = Files.newDirectoryStream(root)) {
                for (Path child : children) {
                    delete(child);
                }
            }
        }
        Files.deleteIfExists(root);
    }
}
