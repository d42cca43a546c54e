package rookery.coordinator.trust;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import rookery.access.Channels;
import rookery.access.FarmTrust;
import rookery.access.Identity;
import rookery.access.Join;
import rookery.access.JoinToken;
import rookery.access.LiveKeys;
import rookery.access.Role;
import rookery.access.Tls;

/// An authority and a server with TLS on loopback, under a clock that the test sets.
final class TestFarm implements AutoCloseable {
    final Path directory;
    final SetClock clock = new SetClock();
    final Authority authority;
    final FarmServer server;
    private final List<ManagedChannel> channels = new ArrayList<>();

    TestFarm(Path directory, BindableService... services) {
        this(directory, Connections.Bounds.USUAL, services);
    }

    TestFarm(Path directory, Connections.Bounds bounds, BindableService... services) {
        this.directory = directory;
        authority = open();
        server =
                FarmServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        authority,
                        List.of(services),
                        bounds);
    }

    /// The same books once more.
    Authority open() {
        return Authority.open(
                new Authority.Config(
                        directory.resolve("trust"),
                        List.of("farm.example.org"),
                        Authority.CERTIFICATE_LIFE,
                        clock));
    }

    URI uri() {
        return URI.create("https://127.0.0.1:" + server.port());
    }

    JoinToken token(Role role, String name) {
        return JoinToken.parse(
                authority.create(role, name, Authority.TOKEN_LIFE, "the test").text());
    }

    Identity join(Role role, String name) {
        return Join.join(uri(), token(role, name), "", directory.resolve("of-" + name), clock);
    }

    ManagedChannel channel(Identity identity) {
        ManagedChannel channel = identity.channel();
        channels.add(channel);
        return channel;
    }

    /// A channel that trusts the farm and shows nothing.
    ManagedChannel stranger() {
        return over(Tls.context(null, new FarmTrust(authority.fingerprint(), clock)));
    }

    /// A channel that trusts the farm and shows this, whoever signed it.
    ManagedChannel showing(Identity identity) {
        return over(
                Tls.context(
                        new LiveKeys(identity::credential),
                        new FarmTrust(authority.fingerprint(), clock)));
    }

    private ManagedChannel over(SSLContext context) {
        ManagedChannel channel = Channels.tls(uri(), context);
        channels.add(channel);
        return channel;
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        server.close();
        authority.close();
    }
}
