package rookery.cli.spec;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import rookery.oci.Printable;

/// Which texts a key takes.
///
/// @param what for people, such as `a name`
/// @param pattern for the schema, in the common part of Java's and ECMAScript's regular
///   expressions; matches the whole text and accepts at least what `check` accepts
/// @param check says what is wrong with a text
record Grammar(String what, String pattern, Function<String, Optional<Complaint>> check) {

    /// A grammar that the pattern tells completely.
    ///
    /// @param remedy how such a text is written
    static Grammar of(String what, String pattern, String remedy) {
        var compiled = Pattern.compile(pattern);
        return new Grammar(
                what,
                pattern,
                text ->
                        compiled.matcher(text).matches()
                                ? Optional.empty()
                                : Optional.of(
                                        new Complaint(quoted(text) + " is not " + what, remedy)));
    }

    static String quoted(String text) {
        return "'" + Printable.clip(text) + "'";
    }
}
