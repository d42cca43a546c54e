package rookery.coordinator.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import rookery.access.Credential;
import rookery.access.JoinToken;
import rookery.access.LiveKeys;
import rookery.access.OwnerOnly;
import rookery.access.Pem;
import rookery.access.Proof;
import rookery.access.Role;
import rookery.access.Subject;
import rookery.access.Tls;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.Digest;

/// The farm's own certificate authority and its books. Made on first start; its key never leaves
/// the coordinator's machine, and each certificate and token is in the books before it is given
/// out. A certificate counts only while the books have it, unrevoked.
///
/// Tokens: open -> used (once, by whoever shows the secret first; the same key may ask again) |
/// expired | revoked. Certificates: valid -> expired (for [#grace] they may still be renewed) |
/// revoked (by serial, by name, by token, or by a named token's next use).
public final class Authority implements AutoCloseable {
    /// For how many of its lives a certificate that has ended still serves to renew it: a laptop
    /// may sleep over a weekend. Revoking ends this too.
    private static final int GRACE_LIVES = 7;

    /// How long a token waits to be used, when nobody says, and at most.
    public static final Duration TOKEN_LIFE = Duration.ofHours(1);

    public static final Duration TOKEN_LIFE_LONGEST = Duration.ofDays(30);

    /// How long the first admin has to join.
    public static final Duration BOOTSTRAP_LIFE = Duration.ofHours(24);

    /// A certificate's usual life.
    public static final Duration CERTIFICATE_LIFE = Duration.ofHours(24);

    /// Tokens in the books, and live certificates of all names and of one.
    static final int TOKENS = 10_000;

    static final int CERTIFICATES = 100_000;
    static final int CERTIFICATES_PER_NAME = 64;

    /// How long the books remember tokens that ended, for whoever asks what happened. Certificates
    /// are forgotten when they cannot be renewed any more.
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final String KEY_FILE = "authority.pem";
    private static final String BOOKS = "trust.db";
    private static final String ADMIN_TOKEN = "admin-token";
    private static final String FIRST_START = "first start";
    private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 8;
    private static final int SECRET_BYTES = 32;

    /// @param directory the authority's own, inside the coordinator's state directory
    /// @param hosts names and addresses by which the farm is dialled, besides this machine's own
    /// @param certificateLife how long certificates last
    public record Config(
            Path directory, List<String> hosts, Duration certificateLife, InstantSource clock) {
        public Config {
            var all = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
            for (String host : hosts) {
                Issuer.general(host);
                if (!all.contains(host)) all.add(host);
            }
            hosts = List.copyOf(all);
            if (certificateLife.compareTo(Duration.ofSeconds(1)) < 0)
                throw new IllegalArgumentException("a certificate lasts a second at least");
        }

        public static Config usual(Path directory, List<String> hosts) {
            return new Config(directory, hosts, CERTIFICATE_LIFE, InstantSource.system());
        }
    }

    /// Something that was made and is shown once.
    ///
    /// @param text the whole token
    record NewToken(String text, Token token) {}

    private final Config config;
    private final Credential authority;
    private final Issuer issuer;
    private final Ledger ledger;
    private final SecureRandom random;
    private final Map<String, Issued> certificates = new ConcurrentHashMap<>();
    private final List<Consumer<Set<String>>> revocationListeners = new CopyOnWriteArrayList<>();
    private final X509ExtendedKeyManager serverKeys = new LiveKeys(this::server);
    private final X509ExtendedTrustManager clientTrust;
    private volatile @Nullable Credential server;

    private Authority(Config config, Credential authority, Ledger ledger, SecureRandom random) {
        this.config = config;
        this.authority = authority;
        this.ledger = ledger;
        this.random = random;
        this.issuer = new Issuer(authority, random);
        this.clientTrust = new ClientTrust(authority.certificate());
        ledger.certificates().forEach(c -> certificates.put(c.serial(), c));
    }

    /// Opens the authority in its directory, or makes one.
    ///
    /// @throws RookeryException with blame HOST when what is there cannot be used
    public static Authority open(Config config) {
        Path directory = config.directory();
        Path key = directory.resolve(KEY_FILE);
        Path books = directory.resolve(BOOKS);
        var random = new SecureRandom();
        try {
            OwnerOnly.directory(directory);
            if (!Files.exists(key)) {
                if (Files.exists(books))
                    throw new RookeryException(
                            Blame.HOST,
                            "the authority's key "
                                    + key
                                    + " is gone and its books are there; bring it back from a backup, or delete "
                                    + directory
                                    + " to begin with a new authority, which everybody must join again");
                Credential made = Issuer.authority(random, config.clock().instant());
                OwnerOnly.write(key, Pem.write(made).getBytes(UTF_8));
            }
            Credential authority = Pem.read(new String(OwnerOnly.read(key), UTF_8));
            Ledger ledger = Ledger.open(books);
            var opened = new Authority(config, authority, ledger, random);
            opened.forget(config.clock().instant());
            return opened;
        } catch (IOException | IllegalArgumentException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the farm's authority in "
                            + directory
                            + " cannot be used: "
                            + e.getMessage()
                            + "; is there space, and may this user write there?",
                    e);
        }
    }

    /// The SHA-256 of the authority's certificate, by which everybody knows the farm.
    public Digest fingerprint() {
        return authority.fingerprint();
    }

    X509Certificate certificate() {
        return authority.certificate();
    }

    /// What the farm's listeners show, always fresh: a new one is made at the first handshake after
    /// two thirds of the last one's life.
    public X509ExtendedKeyManager serverKeys() {
        return serverKeys;
    }

    /// Takes chains of this authority. Whether a certificate has ended or was revoked is asked of
    /// [#admit], which can say so in words.
    public X509ExtendedTrustManager clientTrust() {
        return clientTrust;
    }

    /// For the farm's listeners.
    public SSLContext serverContext() {
        return Tls.context(serverKeys, clientTrust);
    }

    private Credential server() {
        Instant now = config.clock().instant();
        Credential present = server;
        if (present != null && now.isBefore(present.due())) return present;
        synchronized (serverKeys) {
            present = server;
            if (present == null || !now.isBefore(present.due())) {
                present = issuer.server(config.hosts(), now, config.certificateLife());
                server = present;
            }
            return present;
        }
    }

    /// Who shows this certificate, which the TLS handshake has checked.
    ///
    /// @throws Refused when it does not count (any more)
    public Caller admit(X509Certificate certificate) {
        return admit(certificate, Duration.ZERO);
    }

    Caller admit(X509Certificate certificate, Duration grace) {
        return admit(Presented.of(certificate), grace);
    }

    Caller admit(Presented shown, Duration grace) {
        Issued issued = certificates.get(shown.serial());
        if (issued == null || !shown.is(issued))
            throw new Refused(
                    Refused.Kind.WHO,
                    "the certificate "
                            + shown.serial()
                            + " is not in this farm's books; join it again with a new token");
        if (issued.revoked().isPresent())
            throw new Refused(
                    Refused.Kind.WHO,
                    "the certificate of "
                            + issued.role().word()
                            + " "
                            + issued.name()
                            + " was revoked at "
                            + issued.revoked().get()
                            + "; if that was a mistake ask an admin for a new token and join again");
        Instant now = config.clock().instant();
        if (now.isAfter(issued.notAfter().plus(grace)))
            throw new Refused(
                    Refused.Kind.WHO,
                    "the certificate of "
                            + issued.role().word()
                            + " "
                            + issued.name()
                            + " ended at "
                            + issued.notAfter()
                            + (now.isAfter(issued.notAfter().plus(grace()))
                                    ? "; ask an admin for a new token and join again"
                                    : "; renew it, which can be done until "
                                            + issued.notAfter().plus(grace())));
        return new Caller(issued.role(), issued.name(), issued.serial(), issued.notAfter());
    }

    /// How long after its end a certificate can still be renewed.
    Duration grace() {
        return config.certificateLife().multipliedBy(GRACE_LIVES);
    }

    /// Hears the serials of certificates that are revoked from now on, once the books say so.
    ///
    /// @return ends it
    public Runnable onRevoked(Consumer<Set<String>> listener) {
        revocationListeners.add(listener);
        return () -> revocationListeners.remove(listener);
    }

    /// A token for the first admin, also left in a file that only this user can read. Empty while
    /// some admin has a certificate that is valid or can be renewed, unless the file was made empty
    /// by somebody who has lost it; the same one again while it waits to be used.
    public synchronized Optional<JoinToken> bootstrapToken() {
        Instant now = config.clock().instant();
        Path file = config.directory().resolve(ADMIN_TOKEN);
        boolean has =
                certificates.values().stream()
                        .anyMatch(c ->
                                c.role() == Role.ADMIN
                                        && c.revoked().isEmpty()
                                        && now.isBefore(c.notAfter().plus(grace())));
        try {
            boolean asked = Files.exists(file) && Files.size(file) == 0;
            if (Files.exists(file) && !asked) {
                JoinToken left = JoinToken.parse(new String(OwnerOnly.read(file), UTF_8));
                Optional<Token> known = ledger.token(left.id());
                if (known.isPresent() && known.get().state(now).equals("open"))
                    return Optional.of(left);
            }
            if (has && !asked) {
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            JoinToken made =
                    JoinToken.parse(create(Role.ADMIN, "", BOOTSTRAP_LIFE, FIRST_START).text());
            OwnerOnly.write(file, (made.text() + "\n").getBytes(UTF_8));
            return Optional.of(made);
        } catch (IOException | IllegalArgumentException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the first admin's token cannot be kept in " + file + ": " + e.getMessage(),
                    e);
        }
    }

    /// @param name of whoever will use it; empty: any free one
    synchronized NewToken create(Role role, String name, Duration lifetime, String by) {
        Instant now = config.clock().instant();
        if (!name.isEmpty() && !Subject.isName(name)) throw JoinRules.malformed("", name);
        if (lifetime.isNegative()
                || lifetime.isZero()
                || lifetime.compareTo(TOKEN_LIFE_LONGEST) > 0)
            throw new Refused(
                    Refused.Kind.MALFORMED,
                    "a token lasts up to "
                            + TOKEN_LIFE_LONGEST.toDays()
                            + " days and longer than none");
        forget(now);
        if (ledger.tokens().size() >= TOKENS)
            throw new Refused(
                    Refused.Kind.TOO_MANY,
                    "there are "
                            + TOKENS
                            + " tokens of the last days already; wait until some are forgotten");
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        var id = new StringBuilder();
        for (int i = 0; i < ID_LENGTH; i++)
            id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        var token =
                new Token(
                        id.toString(),
                        Digest.of(text.getBytes(UTF_8)),
                        role,
                        name,
                        now,
                        now.plus(lifetime),
                        by,
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        Optional.empty());
        ledger.add(token);
        return new NewToken(new JoinToken(token.id(), text, fingerprint()).text(), token);
    }

    /// Newest first.
    synchronized List<Token> tokens() {
        return ledger.tokens();
    }

    /// By name, newest first.
    List<Issued> certificates() {
        return certificates.values().stream()
                .sorted(
                        Comparator.comparing(Issued::name)
                                .thenComparing(Issued::notBefore, Comparator.reverseOrder())
                                .thenComparing(Issued::serial))
                .toList();
    }

    Instant now() {
        return config.clock().instant();
    }

    /// A token for a certificate. Whoever does not know the secret learns nothing of the token.
    X509Certificate join(String id, String secret, byte[] publicKey, byte[] proof, String name) {
        Set<String> ended;
        X509Certificate made;
        synchronized (this) {
            Instant now = config.clock().instant();
            Token token = known(id, secret);
            var key = JoinRules.key(publicKey, proof, Proof.joining(id, name, fingerprint()));
            Digest keyDigest = Digest.of(publicKey);
            boolean again = token.usedKey().equals(Optional.of(keyDigest));
            JoinRules.checkOpen(token, again, now);
            var subject =
                    new Subject(
                            token.role(), again ? token.usedBy() : JoinRules.nameFor(token, name));
            ended = again ? Set.of() : displaced(token, subject.name(), now);
            made = make(subject, key, now, ended);
            Issued fresh = issued(made, subject, token.id());
            if (again) {
                ledger.issue(fresh);
            } else {
                ledger.join(token.joined(subject.name(), keyDigest, now), fresh, ended, now);
            }
            certificates.put(fresh.serial(), fresh);
            markRevoked(ended, now);
            if (token.createdBy().equals(FIRST_START)) removeAdminToken();
        }
        tell(ended);
        return made;
    }

    /// The next certificate of a caller.
    synchronized X509Certificate renew(Caller caller, byte[] publicKey, byte[] proof) {
        Instant now = config.clock().instant();
        var key = JoinRules.key(publicKey, proof, Proof.renewing(caller.serial()));
        Issued before = certificates.get(caller.serial());
        if (before == null || before.revoked().isPresent())
            throw new Refused(
                    Refused.Kind.WHO, "the certificate of " + caller + " was revoked meanwhile");
        var subject = new Subject(caller.role(), caller.name());
        X509Certificate made = make(subject, key, now, Set.of());
        Issued fresh = issued(made, subject, before.token());
        ledger.issue(fresh);
        certificates.put(fresh.serial(), fresh);
        return made;
    }

    /// Ends a token and every certificate that came of it.
    int revokeToken(String id) {
        synchronized (this) {
            if (ledger.token(id).isEmpty())
                throw new Refused(
                        Refused.Kind.UNKNOWN,
                        "there is no token " + id + "; `rookery token list` names them");
        }
        return revoke(id, c -> c.token().equals(id));
    }

    /// Ends every certificate of a name.
    int revokeName(String name) {
        int count = revoke(null, c -> c.name().equals(name));
        if (count == 0) throw nothing("of the name " + name);
        return count;
    }

    /// Ends one certificate.
    int revokeSerial(String serial) {
        int count = revoke(null, c -> c.serial().equals(serial));
        if (count == 0) throw nothing("with the serial number " + serial);
        return count;
    }

    private static Refused nothing(String which) {
        return new Refused(
                Refused.Kind.UNKNOWN,
                "there is no certificate "
                        + which
                        + " that could be revoked; `rookery token list --certificates` names them");
    }

    private int revoke(@Nullable String token, java.util.function.Predicate<Issued> which) {
        var serials = new TreeSet<String>();
        synchronized (this) {
            Instant now = config.clock().instant();
            for (Issued each : certificates.values()) {
                if (which.test(each) && each.revoked().isEmpty()) serials.add(each.serial());
            }
            ledger.revoke(token, serials, now);
            markRevoked(serials, now);
        }
        tell(serials);
        return serials.size();
    }

    private void markRevoked(Collection<String> serials, Instant now) {
        for (String serial : serials)
            certificates.computeIfPresent(serial, (_, c) -> c.revokedAt(now));
    }

    private void tell(Set<String> serials) {
        if (serials.isEmpty()) return;
        revocationListeners.forEach(l -> l.accept(serials));
    }

    private Token known(String id, String secret) {
        Digest shown = Digest.of(secret.getBytes(UTF_8));
        Optional<Token> found = ledger.token(id);
        // Compared in constant time, also when there is nothing to compare with.
        Digest expected = found.map(Token::secretHash).orElse(fingerprint());
        boolean same =
                java.security.MessageDigest.isEqual(
                        shown.hex().getBytes(UTF_8), expected.hex().getBytes(UTF_8));
        if (found.isEmpty() || !same)
            throw new Refused(
                    Refused.Kind.WHO,
                    "the token is not one of this farm's; copy it whole, or ask an admin for one: `rookery token create --role ROLE`");
        return found.get();
    }

    /// Whose certificates end because this token gives their name to somebody else. Only a token
    /// that was made for the name may: any other holder of one could take an agent's place.
    private Set<String> displaced(Token token, String name, Instant now) {
        var live = new TreeSet<String>();
        for (Issued each : certificates.values()) {
            if (each.name().equals(name)
                    && each.revoked().isEmpty()
                    && now.isBefore(each.notAfter().plus(grace()))) live.add(each.serial());
        }
        if (!live.isEmpty() && token.name().isEmpty())
            throw new Refused(
                    Refused.Kind.TAKEN,
                    "the name "
                            + name
                            + " has a certificate already; take another name, or replace it with a token made by `rookery token create --role "
                            + token.role().word()
                            + " --name "
                            + name
                            + "`");
        return live;
    }

    private X509Certificate make(
            Subject subject, java.security.PublicKey key, Instant now, Set<String> ended) {
        if (certificates.values().stream().anyMatch(c -> isOver(c, now))) forget(now);
        long ofName =
                certificates.values().stream()
                        .filter(c ->
                                c.name().equals(subject.name())
                                        && c.isLive(now)
                                        && !ended.contains(c.serial()))
                        .count();
        if (ofName >= CERTIFICATES_PER_NAME || certificates.size() >= CERTIFICATES)
            throw new Refused(
                    Refused.Kind.TOO_MANY,
                    "there are "
                            + ofName
                            + " live certificates of "
                            + subject
                            + " and "
                            + certificates.size()
                            + " in all; something renews in circles: stop it, or revoke the name");
        return issuer.client(subject, key, now, config.certificateLife());
    }

    private synchronized void forget(Instant now) {
        ledger.prune(now.minus(REMEMBERED), now.minus(grace()));
        certificates.values().removeIf(c -> isOver(c, now));
    }

    private boolean isOver(Issued issued, Instant now) {
        return now.isAfter(issued.notAfter().plus(grace()));
    }

    private static Issued issued(X509Certificate made, Subject subject, String token) {
        return new Issued(
                made.getSerialNumber().toString(16),
                subject.role(),
                subject.name(),
                made.getNotBefore().toInstant(),
                made.getNotAfter().toInstant(),
                token,
                Optional.empty());
    }

    private void removeAdminToken() {
        try {
            Files.deleteIfExists(config.directory().resolve(ADMIN_TOKEN));
        } catch (IOException _) {
            // It was used and is worth nothing; the next start tries again.
        }
    }

    @Override
    public synchronized void close() {
        ledger.close();
    }
}
