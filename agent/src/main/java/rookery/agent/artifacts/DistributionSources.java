package rookery.agent.artifacts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.agent.exec.Ended;
import rookery.agent.exec.HostCommand;
import rookery.agent.exec.LogSink;
import rookery.model.Distfile;

/// Source archives out of the distribution's own source packages, by `apt-get source`, for machines
/// that reach their distribution's mirrors and nothing else.
///
/// Everything of apt's that is written lies in a directory of ours: sources made from the machine's
/// own (`deb` turned into `deb-src`), lists, and a configuration without hooks, because some
/// machines delete their package cache in one. One run at a time: apt locks, and fails on a lock.
public final class DistributionSources {
    private static final Pattern ORIG =
            Pattern.compile(
                    "([a-z0-9][a-z0-9.+-]{1,99})_([^_/]{1,100})\\.orig(-[a-z0-9-]+)?\\.tar\\.[a-z0-9]{2,4}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9.+~:-]{1,200}");
    private static final Duration UPDATE = Duration.ofMinutes(5);
    private static final Duration ASK = Duration.ofMinutes(1);
    private static final Duration DOWNLOAD = Duration.ofMinutes(15);

    private final Path directory;
    private final HostCommand host;
    private final SortedMap<String, String> environment;
    private final Path etc;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean isUpdated;

    /// What the distribution has.
    public sealed interface Answer {
        record Found(Path file) implements Answer {}

        record None(String why) implements Answer {}
    }

    /// @param directory for apt's files
    /// @param environment the agent's own, for proxies
    /// @param etc `/etc/apt`, or a stand-in for tests
    public DistributionSources(
            Path directory, HostCommand host, SortedMap<String, String> environment, Path etc) {
        this.directory = directory;
        this.host = host;
        this.environment = new TreeMap<>(environment);
        this.etc = etc;
        this.environment.put("LC_ALL", "C.UTF-8");
        this.environment.put("DEBIAN_FRONTEND", "noninteractive");
        this.environment.put("APT_CONFIG", directory.resolve("apt.conf").toString());
    }

    /// The file of this name, unchecked.
    public Answer fetch(Distfile distfile, Path into, LogSink log)
            throws IOException, InterruptedException {
        Matcher name = ORIG.matcher(distfile.name());
        if (!name.matches())
            return new Answer.None("its name is not <source>_<version>.orig.tar.*");
        if (!Files.isExecutable(Path.of("/usr/bin/apt-get")) || !Files.isDirectory(etc))
            return new Answer.None("this machine has no apt-get");
        String source = name.group(1);
        lock.lockInterruptibly();
        try {
            if (!prepare()) return new Answer.None("apt's configuration names no sources");
            Optional<String> version = version(source, distfile.name());
            if (version.isEmpty() && !isUpdated) {
                log.note("apt-get update, into lists of its own");
                // Its status is not asked: one broken source of many makes it fail.
                run(List.of("apt-get", "update", "-q"), directory, UPDATE, log);
                isUpdated = true;
                version = version(source, distfile.name());
            }
            if (version.isEmpty()) return new Answer.None("none of " + source + " has this file");
            log.note("apt-get source " + source + "=" + version.get());
            var download =
                    List.of(
                            "apt-get",
                            "source",
                            "-q",
                            "--download-only",
                            "--tar-only",
                            source + "=" + version.get());
            Ended ended = run(download, into, DOWNLOAD, log);
            Path file = into.resolve(distfile.name());
            if (Files.isRegularFile(file)) return new Answer.Found(file);
            return new Answer.None(
                    "apt-get source "
                            + source
                            + "="
                            + version.get()
                            + " ended with "
                            + (ended instanceof Ended.Exited e ? lastOf(e) : ended.toString()));
        } finally {
            lock.unlock();
        }
    }

    private static String lastOf(Ended.Exited exited) {
        return exited.errors().isEmpty() ? "status " + exited.status() : exited.errors().getLast();
    }

    /// The version of the source package that has the file; the newest first, as apt lists them.
    private Optional<String> version(String source, String file)
            throws IOException, InterruptedException {
        Ended ended =
                run(
                        List.of("apt-cache", "showsrc", "--only-source", source),
                        directory,
                        ASK,
                        LogSink.none());
        if (!(ended instanceof Ended.Exited exited)) return Optional.empty();
        String version = "";
        for (String line : exited.text().lines().toList()) {
            if (line.isBlank()) version = "";
            if (line.startsWith("Version: ")) version = line.substring(9).strip();
            boolean isFile = line.startsWith(" ") && line.endsWith(" " + file);
            if (isFile && VERSION.matcher(version).matches()) return Optional.of(version);
        }
        return Optional.empty();
    }

    private Ended run(List<String> argv, Path at, Duration limit, LogSink log)
            throws InterruptedException {
        var all = new ArrayList<>(argv);
        for (String option :
                List.of(
                        "Dir::Etc::sourcelist=/dev/null",
                        "Dir::Etc::sourceparts=" + directory.resolve("parts"),
                        "Dir::State::lists=" + directory.resolve("lists"),
                        "Dir::Cache=" + directory.resolve("cache"),
                        "Dir::Cache::pkgcache=",
                        "Dir::Cache::srcpkgcache=",
                        // Our directories are closed to the user that apt would fetch as.
                        "APT::Sandbox::User=" + (isRoot() ? "root" : ""),
                        "APT::Get::Assume-Yes=true")) {
            all.add("-o");
            all.add(option);
        }
        return host.run(all, environment, at, limit, log);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /// Writes our sources and configuration anew, from the machine's of today.
    private boolean prepare() throws IOException {
        Path parts = fresh("parts");
        Path configuration = fresh("conf");
        Files.createDirectories(directory.resolve("lists/partial"));
        Files.createDirectories(directory.resolve("cache/archives/partial"));
        Files.writeString(
                directory.resolve("apt.conf"), "Dir::Etc::parts \"" + configuration + "\";\n");
        for (Path file : files(etc.resolve("apt.conf.d"))) {
            String text = Files.readString(file);
            if (!text.contains("-Invoke")) write(configuration, file, text);
        }
        boolean any = false;
        var lists = new ArrayList<>(files(etc.resolve("sources.list.d")));
        if (Files.isRegularFile(etc.resolve("sources.list")))
            lists.add(etc.resolve("sources.list"));
        for (Path file : lists) {
            String name = String.valueOf(file.getFileName());
            String text = Files.readString(file, StandardCharsets.UTF_8);
            Optional<String> sources =
                    name.endsWith(".sources")
                            ? AptSources.stanzas(text)
                            : name.endsWith(".list") ? AptSources.lines(text) : Optional.empty();
            if (sources.isPresent()) {
                write(parts, file, sources.get());
                any = true;
            }
        }
        return any;
    }

    private static void write(Path into, Path named, String text) throws IOException {
        Files.writeString(into.resolve(String.valueOf(named.getFileName())), text);
    }

    private Path fresh(String name) throws IOException {
        Path path = directory.resolve(name);
        if (Files.isDirectory(path)) for (Path file : files(path)) Files.delete(file);
        return Files.createDirectories(path);
    }

    private static List<Path> files(Path path) throws IOException {
        var files = new ArrayList<Path>();
        if (!Files.isDirectory(path)) return files;
        try (var found = Files.newDirectoryStream(path)) {
            for (Path file : found) if (Files.isRegularFile(file)) files.add(file);
        }
        files.sort(null);
        return files;
    }
}
