package rookery.agent.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Makes what the agent wrote readable by the user that steps run as, whatever the agent's umask.
/// Trees of ours only: links are left alone, depth is small.
final class Modes {
    private Modes() {}

    static void open(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static void openTree(Path root) throws IOException {
        List<Path> all;
        try (var walk = Files.walk(root)) {
            all = walk.toList();
        }
        for (Path path : all) {
            if (Files.isSymbolicLink(path)) continue;
            var mode = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
            mode.add(PosixFilePermission.GROUP_READ);
            mode.add(PosixFilePermission.OTHERS_READ);
            if (mode.contains(PosixFilePermission.OWNER_EXECUTE)) {
                mode.add(PosixFilePermission.GROUP_EXECUTE);
                mode.add(PosixFilePermission.OTHERS_EXECUTE);
            }
            Files.setPosixFilePermissions(path, mode);
        }
    }
}
