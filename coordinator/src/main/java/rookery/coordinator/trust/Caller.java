package rookery.coordinator.trust;

import java.time.Instant;
import rookery.access.Role;

/// Who is calling, as its certificate says.
///
/// @param serial of the certificate, hexadecimal
/// @param notAfter when that certificate ends
public record Caller(Role role, String name, String serial, Instant notAfter) {
    @Override
    public String toString() {
        return role.word() + " " + name;
    }
}
