package rookery.cli.spec;

/// One thing that is wrong with a spec.
///
/// @param found what stands there, as a clause without a full stop
/// @param remedy what the reader can do about it
public record Problem(Position at, String found, String remedy) {
    @Override
    public String toString() {
        return at + ": " + found + "; " + remedy;
    }
}
