package rookery.cli.spec;

/// A text together with where it stands, for what can only be checked later: paths, and texts with
/// templates in them.
public record Located(Position at, String text) {
    @Override
    public String toString() {
        return text;
    }
}
