package rookery.coordinator.trust;

import java.security.PublicKey;
import java.time.Instant;
import rookery.access.Proof;
import rookery.access.Subject;

/// What a token lets its user do, and in which words it is refused.
final class JoinRules {
    private JoinRules() {}

    static void checkOpen(Token token, boolean again, Instant now) {
        String remedy =
                "; ask an admin for a new one: `rookery token create --role "
                        + token.role().word()
                        + "`";
        if (token.revoked().isPresent())
            throw new Refused(
                    Refused.Kind.WHO,
                    "the token "
                            + token.id()
                            + " was revoked at "
                            + token.revoked().get()
                            + remedy);
        if (token.used().isPresent() && !again)
            throw new Refused(
                    Refused.Kind.WHO,
                    "the token "
                            + token.id()
                            + " was used at "
                            + token.used().get()
                            + " by "
                            + token.usedBy()
                            + " and serves once"
                            + remedy);
        if (!now.isBefore(token.expires()))
            throw new Refused(
                    Refused.Kind.WHO,
                    "the token " + token.id() + " ended at " + token.expires() + remedy);
    }

    static String nameFor(Token token, String asked) {
        if (!asked.isEmpty() && !Subject.isName(asked)) throw malformed(token.name(), asked);
        if (token.name().isEmpty()) {
            if (asked.isEmpty())
                throw new Refused(
                        Refused.Kind.MALFORMED,
                        "the token " + token.id() + " leaves the name open; say one with --name");
            return asked;
        }
        if (!asked.isEmpty() && !asked.equals(token.name()))
            throw new Refused(
                    Refused.Kind.MAY_NOT,
                    "the token "
                            + token.id()
                            + " is for "
                            + token.name()
                            + " and not for "
                            + asked
                            + "; leave the name away, or ask an admin for a token with `--name "
                            + asked
                            + "`");
        return token.name();
    }

    static Refused malformed(String instead, String name) {
        return new Refused(
                Refused.Kind.MALFORMED,
                "a name is made of at most 63 letters, digits and ._- and begins with a letter or digit; '"
                        + name.substring(0, Math.min(80, name.length())).replaceAll("[^ -~]", "?")
                        + "' is none"
                        + (instead.isEmpty() ? "" : "; this token is for " + instead));
    }

    static PublicKey key(byte[] publicKey, byte[] proof, byte[] what) {
        try {
            return Proof.check(publicKey, proof, what);
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    Refused.Kind.MALFORMED,
                    "no certificate for this key: "
                            + e.getMessage()
                            + "; are both sides of one version?");
        }
    }
}
