package rookery.access;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows whatever credential is the present one at each handshake, so that it can be replaced
/// without opening anything anew. TLS asks for alias, chain and key one after the other; the alias
/// is the certificate's, so that the three belong together even when it is replaced between.
public final class LiveKeys extends X509ExtendedKeyManager {
    /// How many credentials a handshake under way may still ask for.
    private static final int KEPT = 4;

    private final Supplier<Credential> present;
    private final Map<String, Credential> known = new ConcurrentSkipListMap<>();
    private final java.util.ArrayDeque<String> order = new java.util.ArrayDeque<>();

    public LiveKeys(Supplier<Credential> present) {
        this.present = present;
    }

    private synchronized String choose() {
        Credential credential = present.get();
        String alias = credential.serial();
        if (known.put(alias, credential) == null) {
            order.addLast(alias);
            if (order.size() > KEPT) known.remove(order.removeFirst());
        }
        return alias;
    }

    private @Nullable String choose(String keyType) {
        return keyType.startsWith("EC") ? choose() : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        for (String keyType : keyTypes) {
            String alias = choose(keyType);
            if (alias != null) return alias;
        }
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return getClientAliases(keyType, issuers);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = choose(keyType);
        return alias == null ? new String[0] : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Credential credential = known.get(alias);
        return credential == null ? null : credential.chain();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Credential credential = known.get(alias);
        return credential == null ? null : credential.key();
    }
}
