package rookery.cli.embedded;

import java.util.Map;
import rookery.cli.farm.FarmClient;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Starts a coordinator and an agent in this process.
public final class EmbeddedFarm {
    private EmbeddedFarm() {}

    /// @param env the process's environment: XDG directories, PATH, what the launcher found
    public static FarmClient start(Map<String, String> env) {
        throw new RookeryException(
                Blame.BUG, "no farm is wired into this build (" + env.size() + " variables)");
    }
}
