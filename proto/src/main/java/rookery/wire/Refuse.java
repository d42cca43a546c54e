package rookery.wire;

import java.util.function.Function;
import java.util.function.Supplier;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Turns a value's own complaint into a refusal that names the field.
final class Refuse {
    private Refuse() {}

    static <T> T field(String name, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw new RookeryException(
                    Blame.SPEC,
                    "the field '" + name + "' of the message is refused: " + e.getMessage(),
                    e);
        }
    }

    static <T> T word(String name, String word, Function<String, java.util.Optional<T>> find) {
        return find.apply(word)
                .orElseThrow(() ->
                        new RookeryException(
                                Blame.SPEC,
                                "the field '"
                                        + name
                                        + "' of the message holds '"
                                        + word
                                        + "', which this version does not know; are both sides of the same version?"));
    }
}
