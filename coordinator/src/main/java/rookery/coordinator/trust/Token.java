package rookery.coordinator.trust;

import java.time.Instant;
import java.util.Optional;
import rookery.access.Role;
import rookery.oci.Digest;

/// A one-time token in the books. Its secret is not: only the hash.
///
/// @param name whom it makes of its user; empty: whoever the user says to be
/// @param usedKey the digest of the public key that joined with it
record Token(
        String id,
        Digest secretHash,
        Role role,
        String name,
        Instant created,
        Instant expires,
        String createdBy,
        Optional<Instant> used,
        String usedBy,
        Optional<Digest> usedKey,
        Optional<Instant> revoked) {

    /// open, used, expired or revoked.
    String state(Instant now) {
        if (revoked.isPresent()) return "revoked";
        if (used.isPresent()) return "used";
        return now.isBefore(expires) ? "open" : "expired";
    }

    Token joined(String who, Digest key, Instant when) {
        return new Token(
                id,
                secretHash,
                role,
                name,
                created,
                expires,
                createdBy,
                Optional.of(when),
                who,
                Optional.of(key),
                revoked);
    }
}
