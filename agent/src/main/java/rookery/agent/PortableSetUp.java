package rookery.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import rookery.agent.exec.LogSink;
import rookery.agent.exec.Sandbox;
import rookery.agent.host.PortableToolchain;
import rookery.agent.workspace.Cache;
import rookery.agent.workspace.ToolchainHome;
import rookery.model.RookeryException;

/// Makes the portable toolchain's Prefix on this machine, without an agent: what the first step
/// would otherwise wait for.
public final class PortableSetUp {
    private static final String NAME = "set-up";

    private PortableSetUp() {}

    /// Takes a minute the first time, and needs the package index then.
    ///
    /// @param cacheDir as an agent's
    /// @param environment as an agent's
    /// @return the Prefix
    /// @throws RookeryException with blame HOST where this machine cannot, with what to do
    public static Path run(Path cacheDir, SortedMap<String, String> environment, LogSink log)
            throws IOException, InterruptedException {
        try (Cache cache = Cache.open(cacheDir, NAME + "-" + ProcessHandle.current().pid());
                Sandbox sandbox = Sandbox.open(cache.room("sandbox").directory("status"))) {
            var home = new ToolchainHome(cache, sandbox, PortableToolchain.load(), environment);
            return home.prefix(log);
        }
    }
}
