package rookery.oci.registry;

import java.io.IOException;
import java.util.Optional;

/// Who we are to a registry.
@FunctionalInterface
public interface Credentials {
    /// Nobody: for public pulls and open registries.
    Credentials NONE = _ -> Optional.empty();

    /// The login for this repository, if there is one. May read files or run a credential helper.
    Optional<Login> find(Reference repository) throws IOException, InterruptedException;

    /// A secret; neither form prints it.
    sealed interface Login {
        /// Where it came from, for messages.
        String source();

        record Password(String user, String password, String source) implements Login {
            @Override
            public String toString() {
                return "the login from " + source;
            }
        }

        /// A refresh token, which a token server exchanges for short-lived ones.
        record IdentityToken(String token, String source) implements Login {
            @Override
            public String toString() {
                return "the identity token from " + source;
            }
        }
    }
}
