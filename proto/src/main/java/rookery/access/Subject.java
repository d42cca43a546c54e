package rookery.access;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Whom a certificate is about: `O=<role>, CN=<name>`.
public record Subject(Role role, String name) {
    /// X.520 gives a common name 64 characters.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    public Subject {
        if (!isName(name))
            throw new IllegalArgumentException(
                    "a name is made of at most 63 letters, digits and ._- and begins with a letter or digit, not '"
                            + name
                            + "'");
    }

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// Empty when the certificate is about something else.
    public static Optional<Subject> of(X509Certificate certificate) {
        Optional<Role> role = Optional.empty();
        String name = "";
        try {
            for (Rdn part :
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (!(part.getValue() instanceof String value)) return Optional.empty();
                if (part.getType().equalsIgnoreCase("O")) role = Role.of(value);
                if (part.getType().equalsIgnoreCase("CN")) name = value;
            }
        } catch (InvalidNameException _) {
            return Optional.empty();
        }
        String found = name;
        return role.filter(_ -> isName(found)).map(r -> new Subject(r, found));
    }

    @Override
    public String toString() {
        return role.word() + " " + name;
    }
}
