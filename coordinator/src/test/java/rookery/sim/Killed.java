package rookery.sim;

/// The coordinator's process ended here and now; nothing after this point happened.
final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
        super("killed", null, false, false);
    }
}
