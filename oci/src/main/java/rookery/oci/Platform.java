package rookery.oci;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an image runs on, as OCI writes it: `linux/amd64`, `linux/arm64/v8`. Whether Rookery can
/// build for it is another question, answered by the table in `rookery.model`.
public record Platform(String os, String architecture, Optional<String> variant)
        implements Comparable<Platform> {
    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9_]{0,31}");
    private static final Pattern VARIANT = Pattern.compile("[a-z0-9][a-z0-9._]{0,15}");
    private static final Comparator<Platform> ORDER =
            Comparator.comparing(Platform::os)
                    .thenComparing(Platform::architecture)
                    .thenComparing(p -> p.variant().orElse(""));

    public Platform {
        check(WORD, "operating system", os);
        check(WORD, "architecture", architecture);
        variant.ifPresent(v -> check(VARIANT, "variant", v));
    }

    /// A platform without a variant.
    public static Platform of(String os, String architecture) {
        return new Platform(os, architecture, Optional.empty());
    }

    /// Reads `os/architecture` or `os/architecture/variant`; nothing else, no surrounding blanks.
    public static Platform parse(String text) {
        List<String> parts = List.of(text.split("/", -1));
        return switch (parts.size()) {
            case 2 -> of(parts.get(0), parts.get(1));
            case 3 -> new Platform(parts.get(0), parts.get(1), Optional.of(parts.get(2)));
            default ->
                    throw new IllegalArgumentException(
                            "a platform is os/architecture[/variant], such as linux/arm64; found '"
                                    + Printable.clip(text)
                                    + "'");
        };
    }

    @Override
    public int compareTo(Platform other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
    }

    private static void check(Pattern grammar, String what, String found) {
        if (!grammar.matcher(found).matches()) {
            throw new IllegalArgumentException(
                    "a platform's "
                            + what
                            + " is lower-case letters and digits, not '"
                            + Printable.clip(found)
                            + "'");
        }
    }
}
