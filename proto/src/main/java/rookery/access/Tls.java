package rookery.access;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.GeneralSecurityException;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The one kind of TLS in a farm: the JDK's, version 1.3.
public final class Tls {
    private static final String VERSION = "TLSv1.3";

    private Tls() {}

    /// @param keys null to show no certificate
    public static SSLContext context(
            @Nullable X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(
                    keys == null ? new KeyManager[0] : new KeyManager[] {keys},
                    new TrustManager[] {trust},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + VERSION, e);
        }
    }

    /// For gRPC's transport, client's side.
    static SslContext client(SSLContext context) {
        return netty(context, true, ClientAuth.NONE);
    }

    /// For gRPC's transport, server's side: a certificate may be shown, and what a caller without
    /// one may do is decided call by call.
    public static SslContext server(SSLContext context) {
        return netty(context, false, ClientAuth.OPTIONAL);
    }

    private static SslContext netty(SSLContext context, boolean client, ClientAuth auth) {
        return new JdkSslContext(
                context,
                client,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        "h2"),
                auth,
                new String[] {VERSION},
                false);
    }

    /// A resumed session shows the certificate of the one that it resumes: after a change of
    /// certificate every connection must begin anew.
    static void forgetSessions(SSLContext context) {
        var sessions = context.getClientSessionContext();
        for (byte[] id : Collections.list(sessions.getIds())) {
            var session = sessions.getSession(id);
            if (session != null) session.invalidate();
        }
    }
}
