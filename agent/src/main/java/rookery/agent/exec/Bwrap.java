package rookery.agent.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import rookery.agent.recipe.Mount;
import rookery.agent.recipe.SandboxCommand;

/// The command lines around a sandboxed command: bubblewrap's own, and what comes before it.
final class Bwrap {
    /// Whose processes the steps are where the agent is root: nobody's, and no daemon's either.
    static final int UID = 64738;

    private static final List<String> TOP =
            List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

    /// Opens bubblewrap's status file; then, for root only, gives the places a path below a fresh
    /// tmpfs in a mount namespace of its own, because the directories above them may be closed to
    /// the user that bubblewrap is started as.
    private static final String SCRIPT =
            """
            set -eu
            umask 022
            exec 3>"$1"
            shift
            if [ "$1" != - ]; then
                at=$1
                mount -t tmpfs -o mode=0755,nosuid,nodev,size=4m rookery "$at"
                i=0
                shift
                while [ "$1" != - ]; do
                    if [ -d "$1" ]; then mkdir "$at/$i"; else : >"$at/$i"; fi
                    mount --bind "$1" "$at/$i"
                    i=$((i + 1))
                    shift
                done
            fi
            shift
            exec "$@"
            """;

    private final Tools tools;

    Bwrap(Tools tools) {
        this.tools = tools;
    }

    /// The argv of the process to start.
    ///
    /// @param status a file that bubblewrap writes its child's PID and exit code to
    List<String> argv(SandboxCommand command, Path status) throws IOException {
        SequencedMap<String, String> moved = new LinkedHashMap<>();
        var argv = new ArrayList<String>();
        if (tools.isRoot()) {
            for (Mount mount : command.mounts()) {
                if (mount instanceof Mount.Bind(String outside, _, _))
                    moved.computeIfAbsent(outside, _ -> tools.meetingPoint() + "/" + moved.size());
            }
            argv.addAll(List.of(tools.unshare(), "--mount", "--propagation", "private", "--"));
        }
        argv.addAll(List.of("/bin/sh", "-c", SCRIPT, "sandbox", status.toString()));
        if (tools.isRoot()) {
            argv.add(tools.meetingPoint());
            argv.addAll(moved.sequencedKeySet());
        }
        argv.add("-");
        if (tools.isRoot()) {
            String id = Integer.toString(UID);
            argv.addAll(
                    List.of(
                            tools.setpriv(),
                            "--reuid",
                            id,
                            "--regid",
                            id,
                            "--clear-groups",
                            "--inh-caps=-all",
                            "--"));
        }
        argv.add(tools.bwrap());
        walls(command, argv);
        for (Mount mount : command.mounts()) mount(mount, moved, argv);
        argv.addAll(List.of("--remount-ro", "/", "--chdir", command.directory()));
        argv.add("--clearenv");
        command.env().forEach((name, value) -> argv.addAll(List.of("--setenv", name, value)));
        argv.add("--");
        argv.addAll(command.argv());
        return argv;
    }

    private static void walls(SandboxCommand command, List<String> argv) {
        argv.addAll(
                List.of(
                        "--unshare-user",
                        "--unshare-ipc",
                        "--unshare-pid",
                        "--unshare-uts",
                        "--unshare-cgroup-try",
                        "--uid",
                        "0",
                        "--gid",
                        "0",
                        "--hostname",
                        "rookery",
                        "--cap-drop",
                        "ALL",
                        "--die-with-parent",
                        "--new-session",
                        "--json-status-fd",
                        "3"));
        if (!command.network()) argv.add("--unshare-net");
    }

    private static void mount(Mount mount, SequencedMap<String, String> moved, List<String> argv)
            throws IOException {
        switch (mount) {
            case Mount.Bind(String outside, String inside, boolean writable) ->
                    argv.addAll(
                            List.of(
                                    writable ? "--bind" : "--ro-bind",
                                    moved.getOrDefault(outside, outside),
                                    inside));
            case Mount.Tmpfs(String inside) -> argv.addAll(List.of("--tmpfs", inside));
            case Mount.Proc() -> argv.addAll(List.of("--proc", "/proc"));
            case Mount.Dev() -> argv.addAll(List.of("--dev", "/dev"));
            case Mount.HostUsr() -> {
                argv.addAll(List.of("--ro-bind", "/usr", "/usr"));
                for (String name : TOP) {
                    Path path = Path.of("/", name);
                    if (Files.isSymbolicLink(path)) {
                        argv.addAll(
                                List.of(
                                        "--symlink",
                                        Files.readSymbolicLink(path).toString(),
                                        path.toString()));
                    } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                        argv.addAll(List.of("--ro-bind", path.toString(), path.toString()));
                    }
                }
            }
        }
    }
}
