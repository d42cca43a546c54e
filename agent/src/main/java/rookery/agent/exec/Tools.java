package rookery.agent.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// The machine's programs that walls are made of, found once.
///
/// @param meetingPoint an existing directory that root's own mount namespaces mount over
record Tools(String bwrap, String unshare, String setpriv, String meetingPoint, boolean isRoot) {
    private static final List<Path> DIRECTORIES =
            List.of(
                    Path.of("/usr/bin"),
                    Path.of("/bin"),
                    Path.of("/usr/sbin"),
                    Path.of("/sbin"),
                    Path.of("/usr/local/bin"));
    private static final List<Path> MEETING_POINTS =
            List.of(Path.of("/mnt"), Path.of("/media"), Path.of("/srv"), Path.of("/opt"));

    /// @param keepClear where the agent's own files lie: must not be mounted over
    /// @throws RookeryException with blame HOST where something is missing, with what to install
    static Tools find(Path keepClear) {
        boolean isRoot = runsAsRoot();
        return new Tools(
                program("bwrap", "bubblewrap"),
                isRoot ? program("unshare", "util-linux") : "",
                isRoot ? program("setpriv", "util-linux") : "",
                isRoot ? meetingPoint(keepClear) : "",
                isRoot);
    }

    private static boolean runsAsRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
                    && uid == 0;
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST, "/proc is not mounted, so steps cannot be walled; mount it", e);
        }
    }

    private static String program(String name, String thePackage) {
        return DIRECTORIES.stream()
                .map(d -> d.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() ->
                        new RookeryException(
                                Blame.HOST,
                                "the program '"
                                        + name
                                        + "' is missing, without which no step is run; install the package "
                                        + thePackage));
    }

    private static String meetingPoint(Path keepClear) {
        return MEETING_POINTS.stream()
                .filter(p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
                .filter(p -> !keepClear.startsWith(p))
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() ->
                        new RookeryException(
                                Blame.HOST,
                                "none of "
                                        + MEETING_POINTS
                                        + " is a directory apart from "
                                        + keepClear
                                        + "; make /mnt, where steps' own mounts meet unseen by others"));
    }
}
