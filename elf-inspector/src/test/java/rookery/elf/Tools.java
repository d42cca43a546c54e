package rookery.elf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Builds samples with the compilers of the machine, as users would.
public final class Tools {
    private static final long PATIENCE_MINUTES = 5;

    private final Path dir;

    public Tools(Path dir) {
        this.dir = dir;
    }

    public Path write(String name, String text) {
        try {
            Path file = dir.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError("cannot write " + name, e);
        }
    }

    /// Runs a compiler with `-o NAME` at the end of its arguments, and gives back the file.
    public Path compile(String name, String compiler, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(compiler);
        command.addAll(List.of(arguments));
        command.addAll(List.of("-o", name));
        run(Map.of(), command);
        return dir.resolve(name);
    }

    /// Runs `go build` in a package directory below this one.
    public Path goBuild(String name, String packageDir, Map<String, String> env, String... flags) {
        List<String> command =
                new ArrayList<>(List.of("go", "-C", packageDir, "build", "-trimpath"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-o", dir.resolve(name).toString(), "."));
        Map<String, String> all = new TreeMap<>(env);
        all.putAll(
                Map.of("GOTOOLCHAIN", "local", "GOPROXY", "off", "GOFLAGS", "", "GOWORK", "off"));
        run(all, command);
        return dir.resolve(name);
    }

    /// Runs a tool and gives back what it printed; a tool that fails fails the test.
    public String run(Map<String, String> env, List<String> command) {
        return run(env, command, true);
    }

    /// The same for tools whose exit code and complaints say something about their input.
    public String runWhateverItReturns(Map<String, String> env, List<String> command) {
        return run(env, command, false);
    }

    private String run(Map<String, String> env, List<String> command, boolean mustSucceed) {
        try {
            Path log = Files.createTempFile(dir, "log", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(dir.toFile())
                            .redirectErrorStream(mustSucceed)
                            .redirectOutput(log.toFile());
            if (!mustSucceed) {
                builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            }
            builder.environment().putAll(env);
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end");
            }
            String output = new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1);
            Files.delete(log);
            if (mustSucceed && process.exitValue() != 0) {
                throw new AssertionError(
                        command + " ended with " + process.exitValue() + ":\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError(command + " cannot be run; is it installed?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command + " was interrupted", e);
        }
    }
}
