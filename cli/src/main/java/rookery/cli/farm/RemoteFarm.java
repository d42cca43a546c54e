package rookery.cli.farm;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import rookery.access.Channels;
import rookery.access.Identity;
import rookery.access.Renewal;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.Patience;
import rookery.oci.registry.Policy;
import rookery.oci.registry.Reference;
import rookery.oci.registry.RegistryClient;
import rookery.v1.AdminGrpc;
import rookery.v1.JobsGrpc;
import rookery.v1.TokensGrpc;
import rookery.v1.WhoAmIRequest;
import rookery.v1.WhoAmIResponse;

/// A farm that runs elsewhere, spoken to with this user's certificate; or without one, to a
/// coordinator on this machine that listens without TLS.
public final class RemoteFarm implements FarmClient {
    /// A job's view has a line for each of its steps.
    private static final int VIEW_BYTES = 64 << 20;

    private static final int ENDING_SECONDS = 5;

    private final URI address;
    private final ManagedChannel channel;
    private final HttpClient http;
    private final Path blobs;
    private final boolean isPlain;
    private @Nullable FarmStore store;

    private RemoteFarm(
            URI address, ManagedChannel channel, HttpClient http, Path blobs, boolean isPlain) {
        this.address = address;
        this.channel = channel;
        this.http = http;
        this.blobs = blobs;
        this.isPlain = isPlain;
    }

    /// Opens the way; nothing is said yet.
    ///
    /// @param farm its address; empty: as the environment says, or the only one that was joined
    /// @param blobs a directory for what is packed and brought
    public static FarmClient find(
            Map<String, String> env, Optional<String> farm, Path blobs, InstantSource clock) {
        Optional<URI> plain =
                farm.or(() -> Optional.ofNullable(env.get("ROOKERY_FARM")))
                        .filter(f -> f.startsWith("http://"))
                        .map(Channels::address);
        if (plain.isPresent())
            return new RemoteFarm(
                    plain.get(),
                    Channels.plaintext(plain.get()),
                    RegistryClient.httpClient(),
                    blobs,
                    true);
        Identity identity = new Joining(env, clock).pick(farm);
        Renewal.ifDue(identity);
        return new RemoteFarm(
                identity.farm(),
                identity.channel(),
                RegistryClient.httpClient(identity.sslContext()),
                blobs,
                false);
    }

    @Override
    public JobsGrpc.JobsBlockingV2Stub jobs() {
        return JobsGrpc.newBlockingV2Stub(channel).withMaxInboundMessageSize(VIEW_BYTES);
    }

    @Override
    public AdminGrpc.AdminBlockingV2Stub admin() {
        return AdminGrpc.newBlockingV2Stub(channel).withMaxInboundMessageSize(VIEW_BYTES);
    }

    @Override
    public TokensGrpc.TokensBlockingV2Stub tokens() {
        return TokensGrpc.newBlockingV2Stub(channel).withMaxInboundMessageSize(VIEW_BYTES);
    }

    /// Where the blob plane is, the farm says itself.
    @Override
    public synchronized FarmStore store() {
        if (store == null) {
            WhoAmIResponse farm =
                    Calls.make(
                            this,
                            "asking where the blobs are",
                            () -> Calls.soon(admin()).whoAmI(WhoAmIRequest.getDefaultInstance()));
            try {
                store =
                        new RemoteStore(
                                client(http, isPlain),
                                repository(address, farm),
                                ImageLayout.create(blobs));
            } catch (IOException e) {
                throw new RookeryException(
                        Blame.HOST, blobs + " cannot be used: " + e + "; is there space?", e);
            }
        }
        return store;
    }

    /// A client of a farm's blob plane. It has no passwords: certificates speak.
    public static RegistryClient client(HttpClient http, boolean isPlain) {
        return new RegistryClient(
                http,
                _ -> Optional.empty(),
                new Policy(isPlain, Policy.STANDARD.tokenServers()),
                Patience.standard(Thread::sleep, new Random(), InstantSource.system()));
    }

    /// Where a farm's blobs are.
    public static Reference repository(URI farm, WhoAmIResponse said) {
        if (said.getBlobPort() == 0)
            throw new RookeryException(
                    Blame.UPSTREAM,
                    "the farm "
                            + farm
                            + " has no listener for blobs, so nothing can be sent there; start it as `rookery coordinator`");
        return Reference.parse(
                farm.getHost() + ":" + said.getBlobPort() + "/" + said.getBlobRepository());
    }

    @Override
    public Optional<String> log(JobId job, StepId step) {
        return Optional.of("`rookery logs " + job + " " + step + "`");
    }

    @Override
    public String name() {
        return address.toString();
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public void close() {
        http.shutdownNow();
        channel.shutdownNow();
        try {
            var _ = channel.awaitTermination(ENDING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
