package rookery.coordinator.trust;

import java.time.Instant;
import java.util.Optional;
import rookery.access.Role;

/// A certificate in the books.
///
/// @param serial hexadecimal
/// @param token the one that it came of, however often it was renewed since
record Issued(
        String serial,
        Role role,
        String name,
        Instant notBefore,
        Instant notAfter,
        String token,
        Optional<Instant> revoked) {

    /// valid, expired or revoked.
    String state(Instant now) {
        if (revoked.isPresent()) return "revoked";
        return now.isAfter(notAfter) ? "expired" : "valid";
    }

    boolean isLive(Instant now) {
        return revoked.isEmpty() && !now.isAfter(notAfter);
    }

    Issued revokedAt(Instant when) {
        return new Issued(serial, role, name, notBefore, notAfter, token, Optional.of(when));
    }
}
