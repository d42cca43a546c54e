package rookery.access;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.oci.Digest;

/// A one-time token: `id.secret.fingerprint`. The fingerprint is the SHA-256 of the farm's
/// authority certificate: whoever was handed the token knows the right farm from a wrong one before
/// the secret leaves the machine.
///
/// @param secret 256 random bits, so that a plain hash of it gives nothing away
public record JoinToken(String id, String secret, Digest authority) {
    private static final Pattern ID = Pattern.compile("[a-z2-7]{8}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern WHOLE = Pattern.compile("([^.]*)\\.([^.]*)\\.([0-9a-f]{64})");

    public JoinToken {
        if (!ID.matcher(id).matches() || !SECRET.matcher(secret).matches())
            throw new IllegalArgumentException(NOT_ONE);
    }

    private static final String NOT_ONE =
            "this is no token: one has three parts with dots between them, as `rookery token create` prints it; copy it whole";

    /// @throws IllegalArgumentException when it is none; the message does not repeat it
    public static JoinToken parse(String text) {
        Matcher parts = WHOLE.matcher(text.strip());
        if (!parts.matches()) throw new IllegalArgumentException(NOT_ONE);
        return new JoinToken(parts.group(1), parts.group(2), new Digest(parts.group(3)));
    }

    /// All of it. The one way to the secret's text: `toString` hides it from logs.
    public String text() {
        return id + "." + secret + "." + authority.hex();
    }

    @Override
    public String toString() {
        return "token " + id;
    }
}
