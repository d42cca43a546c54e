package rookery.model;

import rookery.oci.Digest;

/// What a step needs is not in the store, or is damaged there. Whoever made it can make it again.
public final class InputLostException extends RookeryException {
    private static final long serialVersionUID = 1;

    /// @param where the store that was looked into, in words for people
    public InputLostException(Digest input, String where) {
        super(
                Blame.HOST,
                "the step's input "
                        + input
                        + " is not whole in "
                        + where
                        + "; it was deleted while the job ran, or its disk was damaged");
    }
}
