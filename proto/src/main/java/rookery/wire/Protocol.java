package rookery.wire;

import java.util.Optional;

/// The version of what agents and the coordinator say to each other.
///
/// A new version is a new meaning, not a new field: a field that the other side does not know is
/// passed over. The one before the present is understood, so that a farm is upgraded one machine at
/// a time: the coordinator first.
public final class Protocol {
    /// What this program speaks: 2 has `draining` and versions.
    public static final int CURRENT = 2;

    /// The oldest that it understands.
    public static final int OLDEST = 1;

    /// Version 1 did not say which it was.
    private static final int UNSAID = 0;

    private static final int UNSAID_IS = 1;

    private Protocol() {}

    /// What a message's field means.
    public static int read(int field) {
        return field == UNSAID ? UNSAID_IS : field;
    }

    /// Why a version cannot be spoken with, and the way out; empty when it can.
    public static Optional<String> refusal(String agent, int version) {
        if (version > CURRENT)
            return Optional.of(
                    "agent "
                            + agent
                            + " speaks version "
                            + version
                            + " of the farm's protocol and this coordinator "
                            + spoken()
                            + "; upgrade the coordinator: in its checkout `git pull`, then `./rookery coordinator`");
        if (version < OLDEST)
            return Optional.of(
                    "agent "
                            + agent
                            + " speaks version "
                            + version
                            + " of the farm's protocol and this coordinator "
                            + spoken()
                            + "; upgrade the agent: in its checkout `git pull`, then `./rookery agent` as before");
        return Optional.empty();
    }

    private static String spoken() {
        return OLDEST + " to " + CURRENT;
    }
}
