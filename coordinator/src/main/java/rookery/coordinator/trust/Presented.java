package rookery.coordinator.trust;

import java.security.cert.X509Certificate;
import java.util.Optional;
import rookery.access.Subject;

/// What a certificate says of its holder, read once for each connection.
///
/// @param serial hexadecimal
record Presented(String serial, Optional<Subject> subject) {
    static Presented of(X509Certificate certificate) {
        return new Presented(certificate.getSerialNumber().toString(16), Subject.of(certificate));
    }

    boolean is(Issued issued) {
        return subject.equals(Optional.of(new Subject(issued.role(), issued.name())));
    }
}
