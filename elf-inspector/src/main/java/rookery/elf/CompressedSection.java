package rookery.elf;

/// A section whose bytes are packed: debug information, which neither kernel nor loader reads.
///
/// @param method `zlib`, `zstd`, the number of another, or `zlib-gnu`: the old way, told by the
///   name `.zdebug_`
/// @param packedBytes what it takes in the file, headers too
/// @param fullBytes what it unpacks to, as the file says
public record CompressedSection(
        String name,
        String method,
        long offsetBytes,
        long packedBytes,
        long fullBytes,
        State state) {
    /// The old way's names.
    static final String OLD_NAME = ".zdebug_";

    /// Whether its contents were looked at.
    public sealed interface State {
        /// Unpacked to exactly what the file says, and searched.
        record Read() implements State {}

        /// Left packed.
        record Unread(String why) implements State {}

        /// It does not unpack to what the file says.
        record Damaged(String why) implements State {}

        /// The stable word for JSON.
        default String word() {
            return switch (this) {
                case Read _ -> "read";
                case Unread _ -> "unread";
                case Damaged _ -> "damaged";
            };
        }
    }

    CompressedSection with(State other) {
        return new CompressedSection(name, method, offsetBytes, packedBytes, fullBytes, other);
    }

    /// One line for people: ".debug_info: zlib, 120 of 300 bytes, unread: …".
    public String describe() {
        String sizes =
                "%s: %s, %s bytes packed, %s in full"
                        .formatted(
                                name,
                                method,
                                Long.toUnsignedString(packedBytes),
                                Long.toUnsignedString(fullBytes));
        return switch (state) {
            case State.Read _ -> sizes;
            case State.Unread(String why) -> sizes + ", not looked into: " + why;
            case State.Damaged(String why) -> sizes + ", damaged: " + why;
        };
    }
}
