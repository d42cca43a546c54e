package rookery.cli.spec;

import java.util.List;

/// What a value in the spec may look like. [Walker] reads by it, [Schema] prints it.
sealed interface Shape {

    /// A text that obeys a grammar.
    record Text(Grammar grammar) implements Shape {}

    /// One of a few words.
    record Word(List<String> words) implements Shape {
        public Word {
            words = List.copyOf(words);
        }
    }

    /// A whole number.
    record Whole(int least, int most) implements Shape {}

    /// `true` or `false`.
    record Flag() implements Shape {}

    record ListOf(Shape item, int least, int most) implements Shape {}

    /// A mapping whose keys the user chooses.
    ///
    /// @param ignoresExtensions whether a key that begins with `x-` is a remark here as everywhere
    ///   else, and not data
    record MapOf(Grammar key, Shape value, int most, boolean ignoresExtensions) implements Shape {}

    /// A mapping whose keys are ours.
    ///
    /// @param what as it reads in a sentence, such as `an image`
    record Table(String what, List<Key> keys) implements Shape {
        public Table {
            keys = List.copyOf(keys);
        }
    }

    /// The short form or the long one.
    record Either(Shape brief, Table full) implements Shape {}

    /// For people: what should stand there.
    default String asked() {
        return switch (this) {
            case Text(var grammar) -> grammar.what();
            case Word(var words) -> "one of " + String.join(", ", words);
            case Whole(int least, int most) ->
                    least == most
                            ? "the number " + least
                            : "a whole number from " + least + " to " + most;
            case Flag _ -> "true or false";
            case ListOf _ -> "a list";
            case MapOf(var key, _, _, _) -> "a mapping of " + key.what() + " to values";
            case Table(var what, _) -> "a mapping (" + what + ")";
            case Either(var brief, var full) -> brief.asked() + ", or " + full.asked();
        };
    }
}
