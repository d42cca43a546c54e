package rookery.agent.exec;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rookery.agent.recipe.Mount;
import rookery.agent.recipe.SandboxCommand;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Runs commands in bubblewrap, all namespaces their own, and waits until nothing of them is left.
///
/// Where the agent is root the command's uid outside is [Bwrap#UID], and what it may write is given
/// to that uid first. Inside it is always root of a user namespace that has this one uid.
///
/// How everything dies: bubblewrap's outer process is killed, or ends; the first process of its PID
/// namespace asked to die with it; and the kernel ends every process of a namespace with its first.
/// A process that forked twice and called setsid is in that namespace too.
public final class Sandbox implements AutoCloseable {
    private static final Pattern CHILD = Pattern.compile("\"child-pid\"\\s*:\\s*([0-9]{1,10})");
    private static final Pattern EXIT = Pattern.compile("\"exit-code\"\\s*:\\s*[0-9]+");
    private static final Duration PROBE = Duration.ofSeconds(30);
    private static final int DYING_POLLS = 20_000;
    private static final long POLL_NANOS = 1_000_000;

    private final Tools tools;
    private final Bwrap bwrap;
    private final Spawner spawner = new Spawner();
    private final Path statusFiles;

    private Sandbox(Tools tools, Path statusFiles) {
        this.tools = tools;
        this.bwrap = new Bwrap(tools);
        this.statusFiles = statusFiles;
    }

    /// Finds the tools and tries them once.
    ///
    /// @param directory for small files of the sandbox's own; no command may see it
    /// @throws RookeryException with blame HOST, saying what to install or to allow
    public static Sandbox open(Path directory) throws IOException, InterruptedException {
        Path files = Files.createDirectories(directory.toAbsolutePath());
        var sandbox = new Sandbox(Tools.find(files), files);
        try {
            sandbox.probe();
            return sandbox;
        } catch (IOException | InterruptedException | RookeryException e) {
            sandbox.close();
            throw e;
        }
    }

    /// Runs the agent's own tools, by the same thread.
    public HostCommand host() {
        return new HostCommand(spawner);
    }

    /// As the other one, for commands whose memory nobody asks for.
    public Ended run(SandboxCommand command, LogSink log) throws IOException, InterruptedException {
        return run(command, log, new Footprint());
    }

    /// Blocks until the command and everything it started is gone. An interrupt ends it.
    ///
    /// @param footprint learns what memory the command held
    /// @throws RookeryException with blame HOST where the walls cannot be raised
    public Ended run(SandboxCommand command, LogSink log, Footprint footprint)
            throws IOException, InterruptedException {
        for (Mount mount : command.mounts()) {
            if (mount instanceof Mount.Bind(String outside, _, boolean writable) && writable)
                give(Path.of(outside));
        }
        Path status = Files.createTempFile(statusFiles, "status", ".json");
        try {
            var builder = new ProcessBuilder(bwrap.argv(command, status));
            builder.environment().clear();
            builder.environment().put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
            builder.directory(statusFiles.toFile());
            Process process = spawner.start(builder);
            Ended ended;
            try (var _ = footprint.follow(process)) {
                ended = Running.watch(process, command.stdin(), command.timeLimit(), log);
            }
            String said = Files.readString(status);
            awaitGone(said);
            if (ended instanceof Ended.Exited exited && !EXIT.matcher(said).find()) {
                if (isUnstartable(exited))
                    return new Ended.Exited(Ended.NOT_STARTED, new byte[0], false, exited.errors());
                throw refused(exited);
            }
            return ended;
        } finally {
            Files.deleteIfExists(status);
        }
    }

    /// Gives a directory and all in it to the uid that commands run as. Links are not followed.
    public void give(Path tree) throws IOException {
        if (!tools.isRoot() || isGiven(tree)) return;
        Files.walkFileTree(
                tree,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        own(file);
                        return FileVisitResult.CONTINUE;
                    }

                    // The directory itself comes last: its owner says that all below is given.
                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        if (failure != null) throw failure;
                        own(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @Override
    public void close() {
        spawner.close();
    }

    private static boolean isGiven(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        instanceof Integer uid
                && uid == Bwrap.UID;
    }

    private static void own(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", Bwrap.UID, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", Bwrap.UID, LinkOption.NOFOLLOW_LINKS);
    }

    private void probe() throws IOException, InterruptedException {
        var nothing =
                new SandboxCommand(
                        List.of("/usr/bin/true"),
                        new TreeMap<>(),
                        List.of(new Mount.HostUsr(), new Mount.Proc(), new Mount.Dev()),
                        "/",
                        false,
                        "",
                        PROBE);
        Ended ended = run(nothing, LogSink.none());
        if (!(ended instanceof Ended.Exited exited) || exited.status() != 0)
            throw new RookeryException(
                    Blame.HOST,
                    "/usr/bin/true does not run in an empty bubblewrap sandbox (" + ended + ")");
    }

    /// The walls stood, but the program is none, or needs a loader that is not there.
    private static boolean isUnstartable(Ended.Exited exited) {
        return !exited.errors().isEmpty() && exited.errors().getLast().startsWith("bwrap: execvp ");
    }

    /// bubblewrap did not come as far as starting the command.
    private RookeryException refused(Ended.Exited exited) {
        String said = String.join(" ", exited.errors()).strip();
        String remedy;
        if (said.contains("proc")) {
            remedy =
                    "a container must not mask /proc; start it with an unmasked one, or run the agent outside of it";
        } else if (tools.isRoot()) {
            remedy =
                    "the agent runs as root without the right to mount or to make user namespaces; give it CAP_SYS_ADMIN, or run it as an ordinary user";
        } else {
            remedy =
                    "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1, and where there is AppArmor kernel.apparmor_restrict_unprivileged_userns=0";
        }
        return new RookeryException(
                Blame.HOST,
                "the sandbox could not be raised: "
                        + (said.isEmpty() ? "status " + exited.status() : said)
                        + "; "
                        + remedy);
    }

    /// Waits for the end of the namespace's first process, which ends after all others of it.
    private static void awaitGone(String status) {
        Matcher child = CHILD.matcher(status);
        if (!child.find()) return;
        Path stat = Path.of("/proc", child.group(1), "stat");
        for (int i = 0; i < DYING_POLLS; i++) {
            if (isGone(stat)) return;
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new RookeryException(
                Blame.HOST,
                "process "
                        + child.group(1)
                        + " of an ended step cannot be killed; it hangs in the kernel, look at its state in /proc");
    }

    /// Gone, dead and not yet reaped, or another process by now.
    private static boolean isGone(Path stat) {
        String text;
        try {
            text = Files.readString(stat);
        } catch (IOException e) {
            return true;
        }
        int name = text.lastIndexOf(')');
        if (name < 0 || name + 2 >= text.length()) return true;
        char state = text.charAt(name + 2);
        return state == 'Z' || state == 'X' || !text.substring(0, name).endsWith("(bwrap");
    }
}
