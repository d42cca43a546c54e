package rookery.cli.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.Printable;

/// Asks the git executable about one directory. Arguments go as a list, never through a shell.
final class Git {
    /// Bytes of one answer: the names of half a million files.
    static final int MAX_ANSWER = 64 << 20;

    private static final int MAX_COMPLAINT = 16 << 10;
    private static final long PATIENCE_SECONDS = 120;

    private final Path directory;

    Git(Path directory) {
        this.directory = directory;
    }

    record Answer(int exitCode, String out, String err) {
        /// The first line of what it wrote, if it was content.
        Optional<String> line() {
            return exitCode == 0 && !out.isBlank()
                    ? Optional.of(out.lines().findFirst().orElse("").strip())
                    : Optional.empty();
        }
    }

    /// Empty where there is no git to ask.
    Optional<Answer> ask(String... words) {
        // fsmonitor would start a daemon that outlives us.
        var command = new ArrayList<>(List.of("git", "-c", "core.fsmonitor=false"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        // A git hook that calls us sets these for its own repository.
        builder.environment().keySet().removeIf(k -> k.startsWith("GIT_"));
        builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("LC_ALL", "C");
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        Process git;
        try {
            git = builder.start();
        } catch (IOException _) {
            return Optional.empty(); // not installed
        }
        var err = new StringBuilder();
        Thread errors =
                Thread.ofVirtual()
                        .start(() -> err.append(read(git.getErrorStream(), MAX_COMPLAINT, true)));
        try {
            String out = read(git.getInputStream(), MAX_ANSWER, false);
            errors.join();
            if (!git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                throw new RookeryException(
                        Blame.HOST, "git " + words[0] + " in " + directory + " does not end");
            return Optional.of(new Answer(git.exitValue(), out, err.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RookeryException(Blame.HOST, "waiting for git was interrupted", e);
        } finally {
            git.destroyForcibly();
        }
    }

    /// The names of all files below the directory that are tracked or not ignored, relative to it;
    /// empty where the directory is in no repository or there is no git.
    Optional<List<String>> files() {
        Optional<Answer> answer = ask("ls-files", "-z", "-co", "--exclude-standard", "--", ".");
        if (answer.isEmpty() || answer.get().err().contains("not a git repository"))
            return Optional.empty();
        if (answer.get().exitCode() != 0) {
            throw new RookeryException(
                    Blame.HOST,
                    "git ls-files in "
                            + directory
                            + " failed: "
                            + Printable.clip(answer.get().err().strip())
                            + "; do what git says, then try again");
        }
        return Optional.of(
                List.of(answer.get().out().split("\0")).stream()
                        .filter(name -> !name.isEmpty())
                        .toList());
    }

    private static String read(InputStream in, int most, boolean cut) {
        try (in) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most && !cut)
                throw new RookeryException(
                        Blame.SPEC,
                        "git names more files than a job may have; keep what is not source out of"
                                + " the repository");
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new RookeryException(Blame.HOST, "git's answer could not be read", e);
        }
    }
}
