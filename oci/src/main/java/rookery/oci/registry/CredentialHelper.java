package rookery.oci.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import rookery.oci.Printable;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;

/// Runs `docker-credential-NAME get`, docker's way to keep passwords out of files. The registry's
/// name goes in by standard input and a small JSON object comes back.
final class CredentialHelper {
    /// It may ask a person to unlock a key ring.
    private static final long PATIENCE_SECONDS = 60;

    private static final int MAX_ANSWER_BYTES = 128 * 1024;

    /// No slashes: the helper is looked up in PATH, never by a path from a file.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Map<String, String> env;

    CredentialHelper(Map<String, String> env) {
        this.env = Map.copyOf(env);
    }

    Optional<Credentials.Login> get(String name, String server, Path file)
            throws IOException, InterruptedException {
        if (!NAME.matcher(name).matches()) {
            throw new IOException(
                    file + " names the credential helper '" + Printable.clip(name) + "', no name");
        }
        String program = "docker-credential-" + name;
        byte[] answer;
        int exit;
        Process process = start(program, file);
        // Ends a helper that hangs, and with it the read below.
        var _ =
                process.onExit()
                        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .whenComplete((_, late) -> {
                            if (late != null) {
                                process.destroyForcibly();
                            }
                        });
        try (InputStream out = process.getInputStream()) {
            ask(process, server);
            answer = out.readNBytes(MAX_ANSWER_BYTES + 1);
            if (answer.length > MAX_ANSWER_BYTES) {
                throw new IOException(program + " gave more than " + MAX_ANSWER_BYTES + " bytes");
            }
            exit = process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        if (exit != 0) {
            String said = new String(answer, StandardCharsets.UTF_8).strip();
            if (said.contains("credentials not found")) {
                return Optional.empty();
            }
            throw new IOException(
                    program
                            + " (named by "
                            + file
                            + ") ended with "
                            + exit
                            + " for "
                            + server
                            + ": "
                            + Printable.clip(said)
                            + "; try it by hand, or log in again");
        }
        return login(answer, program + " (" + server + ")");
    }

    private static void ask(Process process, String server) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            return; // it ended without listening; its answer and exit code say why
        }
    }

    private Process start(String program, Path file) throws IOException {
        var builder = new ProcessBuilder(List.of(find(program, file), "get"));
        builder.environment().clear();
        builder.environment().putAll(env);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    file + " names the credential helper " + program + ", which does not start", e);
        }
    }

    /// Looked up in the PATH of the environment that we were given; the JDK would take its own.
    private String find(String program, Path file) throws IOException {
        String path = env.getOrDefault("PATH", "");
        for (String directory : path.split(":", -1)) {
            Path candidate = Path.of(directory, program);
            if (directory.startsWith("/") && Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        throw new IOException(
                file + " names the credential helper " + program + ", which is not in PATH");
    }

    private static Optional<Credentials.Login> login(byte[] answer, String source)
            throws IOException {
        Json json;
        try {
            json = Json.parse(answer);
        } catch (MalformedDocumentException e) {
            throw new IOException(source + " did not answer with JSON"); // the cause may quote it
        }
        if (json instanceof Json.Obj fields
                && fields.members().get("Username") instanceof Json.Text(var user)
                && fields.members().get("Secret") instanceof Json.Text(var secret)) {
            if (user.isEmpty() && secret.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    user.equals("<token>")
                            ? new Credentials.Login.IdentityToken(secret, source)
                            : new Credentials.Login.Password(user, secret, source));
        }
        throw new IOException(source + " answered without Username and Secret");
    }
}
