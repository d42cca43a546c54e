package rookery.oci.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;

/// Logins from the files that `podman login` and `docker login` write, in podman's order:
/// `REGISTRY_AUTH_FILE` alone where it is set, otherwise `$XDG_RUNTIME_DIR/containers/auth.json`,
/// `$XDG_CONFIG_HOME/containers/auth.json`, `$DOCKER_CONFIG/config.json`. In each file a helper of
/// the host (`credHelpers`), then `auths` from the most specific entry on, then `credsStore`.
///
/// Files are read anew for each question: a login made while a farm runs is found.
public final class CredentialFiles implements Credentials {
    private static final int MAX_FILE_BYTES = 1 << 20;

    /// What docker calls its own registry in every file and helper.
    private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";

    private final List<Path> files;
    private final CredentialHelper helper;

    CredentialFiles(List<Path> files, CredentialHelper helper) {
        this.files = List.copyOf(files);
        this.helper = helper;
    }

    /// The files that this environment and home directory name.
    public static CredentialFiles of(Map<String, String> env, Path home) {
        var files = new ArrayList<Path>();
        Optional<String> only = value(env, "REGISTRY_AUTH_FILE");
        if (only.isPresent()) {
            files.add(Path.of(only.get()));
        } else {
            value(env, "XDG_RUNTIME_DIR")
                    .ifPresent(dir -> files.add(Path.of(dir, "containers", "auth.json")));
            Path config =
                    value(env, "XDG_CONFIG_HOME").map(Path::of).orElse(home.resolve(".config"));
            files.add(config.resolve("containers").resolve("auth.json"));
            Path docker = value(env, "DOCKER_CONFIG").map(Path::of).orElse(home.resolve(".docker"));
            files.add(docker.resolve("config.json"));
        }
        return new CredentialFiles(files, new CredentialHelper(env));
    }

    private static Optional<String> value(Map<String, String> env, String name) {
        return Optional.ofNullable(env.get(name)).filter(v -> !v.isEmpty());
    }

    @Override
    public Optional<Login> find(Reference repository) throws IOException, InterruptedException {
        for (Path file : files) {
            Optional<Login> login = find(file, repository);
            if (login.isPresent()) {
                return login;
            }
        }
        return Optional.empty();
    }

    private Optional<Login> find(Path file, Reference repository)
            throws IOException, InterruptedException {
        Optional<Json.Obj> top = read(file);
        if (top.isEmpty()) {
            return Optional.empty();
        }
        List<String> keys = keys(repository);
        Json.Obj helpers = object(top.get(), "credHelpers");
        for (String key : keys) {
            if (helpers.members().get(key) instanceof Json.Text(var name)) {
                return helper.get(name, key, file);
            }
        }
        Json.Obj auths = object(top.get(), "auths");
        for (String key : keys) {
            if (auths.members().get(key) instanceof Json.Obj entry) {
                Optional<Login> login = login(entry, key, file);
                if (login.isPresent()) {
                    return login;
                }
            }
        }
        if (top.get().members().get("credsStore") instanceof Json.Text(var name)) {
            String server = repository.authority();
            return helper.get(name, server.equals("docker.io") ? DOCKER_HUB_KEY : server, file);
        }
        return Optional.empty();
    }

    /// From `host/a/b` over `host/a` to `host`, then the forms that old docker versions wrote.
    static List<String> keys(Reference repository) {
        var keys = new ArrayList<String>();
        String key = repository.authority() + "/" + repository.repository();
        for (int slash; (slash = key.lastIndexOf('/')) > 0; key = key.substring(0, slash)) {
            keys.add(key);
        }
        keys.add(key);
        keys.add("https://" + key);
        keys.add("https://" + key + "/v1/");
        keys.add("https://" + key + "/v2/");
        if (key.equals("docker.io")) {
            keys.add(DOCKER_HUB_KEY);
            keys.add("index.docker.io");
        }
        return keys;
    }

    private static Optional<Json.Obj> read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            Json json = Json.parse(in.readNBytes(MAX_FILE_BYTES + 1), MAX_FILE_BYTES);
            if (json instanceof Json.Obj found) {
                return Optional.of(found);
            }
            throw new IOException(file + " is no JSON object; log in again to write it anew");
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (MalformedDocumentException e) {
            // Without the cause: a parser's message may quote the secret.
            throw new IOException(file + " is not readable as JSON; log in again to write it anew");
        }
    }

    private static Json.Obj object(Json.Obj in, String name) {
        return in.members().get(name) instanceof Json.Obj found ? found : new Json.Obj(Map.of());
    }

    private static Optional<Login> login(Json.Obj entry, String key, Path file) throws IOException {
        String source = file + " (" + key + ")";
        Optional<String> identity = text(entry, "identitytoken");
        if (identity.isPresent()) {
            return Optional.of(new Login.IdentityToken(identity.get(), source));
        }
        Optional<String> auth = text(entry, "auth");
        if (auth.isEmpty()) {
            Optional<String> user = text(entry, "username");
            return text(entry, "password")
                    .flatMap(p -> user.map(u -> new Login.Password(u, p, source)));
        }
        String plain;
        try {
            plain = new String(Base64.getDecoder().decode(auth.get()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            plain = "";
        }
        int colon = plain.indexOf(':');
        if (colon < 1) {
            throw new IOException(source + " holds no user:password; log in again");
        }
        // Old docker versions padded the password with NUL.
        String password = plain.substring(colon + 1).replaceAll("\0+$", "");
        return Optional.of(new Login.Password(plain.substring(0, colon), password, source));
    }

    private static Optional<String> text(Json.Obj in, String name) {
        return in.members().get(name) instanceof Json.Text(var text) && !text.isEmpty()
                ? Optional.of(text)
                : Optional.empty();
    }
}
