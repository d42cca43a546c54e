package rookery.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Who this program is in one farm. The credential may be replaced while channels and HTTP clients
/// made from it are in use: each new connection shows the present one. Any thread.
///
/// On disk: one file in a directory of its own, both its owner's alone.
public final class Identity {
    private static final String FILE = "identity.pem";
    private static final String FARM = "farm: ";

    private final Path directory;
    private final URI farm;
    private final InstantSource clock;
    private final SSLContext context;
    private final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();
    private volatile Credential credential;

    Identity(Path directory, URI farm, Credential credential, InstantSource clock) {
        this.directory = directory;
        this.farm = farm;
        this.credential = credential;
        this.clock = clock;
        this.context =
                Tls.context(
                        new LiveKeys(this::credential),
                        new FarmTrust(credential.fingerprint(), clock));
    }

    /// Reads what [#save] or [Join] left; empty when nobody joined from this directory.
    ///
    /// @throws RookeryException with blame HOST when what is there cannot be used
    public static Optional<Identity> load(Path directory, InstantSource clock) {
        Path file = directory.resolve(FILE);
        try {
            String text = new String(OwnerOnly.read(file), UTF_8);
            String first = text.lines().findFirst().orElse("");
            if (!first.startsWith(FARM))
                throw new IllegalArgumentException("its first line should be '" + FARM + "URL'");
            URI farm = Channels.address(first.substring(FARM.length()));
            return Optional.of(new Identity(directory, farm, Pem.read(text), clock));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the identity in "
                            + file
                            + " cannot be used: "
                            + e.getMessage()
                            + "; delete the file and join the farm again with a new token",
                    e);
        }
    }

    /// Takes a credential: on disk first, then for every connection from now on.
    synchronized void replace(Credential next) {
        if (!next.isOf(credential.authority()))
            throw new RookeryException(
                    Blame.UPSTREAM,
                    "the new certificate is of another authority than the farm "
                            + farm
                            + " had; join it again with a new token");
        save(next);
        credential = next;
        Tls.forgetSessions(context);
        channels.removeIf(ManagedChannel::isShutdown);
        // Calls under way end on the old connection; the next one opens a new.
        channels.forEach(ManagedChannel::enterIdle);
    }

    /// Writes it down.
    void save() {
        save(credential);
    }

    private void save(Credential what) {
        try {
            OwnerOnly.directory(directory);
            OwnerOnly.write(
                    directory.resolve(FILE),
                    (FARM + farm + "\n" + Pem.write(what)).getBytes(UTF_8));
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the identity cannot be written to "
                            + directory
                            + ": "
                            + e
                            + "; is there space, and may this user write there?",
                    e);
        }
    }

    /// Forgets it on this machine; the farm still knows it until it ends or is revoked.
    public static void delete(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(FILE));
    }

    /// The present credential.
    public Credential credential() {
        return credential;
    }

    public Subject subject() {
        return Subject.of(credential.certificate())
                .orElseThrow(() ->
                        new RookeryException(
                                Blame.HOST,
                                "the certificate in "
                                        + directory
                                        + " is no farm's; join the farm again with a new token"));
    }

    /// The farm's gRPC address that was joined.
    public URI farm() {
        return farm;
    }

    InstantSource clock() {
        return clock;
    }

    /// For java.net.http and anything else that speaks TLS; stays right when the certificate is
    /// renewed.
    public SSLContext sslContext() {
        return context;
    }

    /// A channel to the farm that was joined.
    public ManagedChannel channel() {
        return channel(farm);
    }

    /// A channel to one of the farm's addresses. The caller shuts it down.
    public ManagedChannel channel(URI address) {
        ManagedChannel channel = Channels.tls(address, context);
        channels.removeIf(ManagedChannel::isShutdown);
        channels.add(channel);
        return channel;
    }

    /// Without the key.
    @Override
    public String toString() {
        @Nullable Subject who = Subject.of(credential.certificate()).orElse(null);
        return who + " of " + farm + ", " + credential;
    }
}
