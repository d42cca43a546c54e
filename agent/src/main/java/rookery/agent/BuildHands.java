package rookery.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import rookery.agent.artifacts.Blobs;
import rookery.agent.artifacts.DistfileClient;
import rookery.agent.artifacts.DistributionSources;
import rookery.agent.artifacts.EnvironmentProxies;
import rookery.agent.exec.LogSink;
import rookery.agent.exec.Sandbox;
import rookery.agent.host.HostFacts;
import rookery.agent.host.PortableToolchain;
import rookery.agent.steps.Bench;
import rookery.agent.steps.Steps;
import rookery.agent.workspace.Cache;
import rookery.agent.workspace.ToolchainHome;
import rookery.model.AgentFacts;
import rookery.model.Order;
import rookery.model.Outcome;

/// Builds, with this machine's sandbox and toolchains.
final class BuildHands implements Hands {
    private final Sandbox sandbox;
    private final DistfileClient distfiles;
    private final AgentFacts facts;
    private final Steps steps;

    private BuildHands(Sandbox sandbox, DistfileClient distfiles, AgentFacts facts, Steps steps) {
        this.sandbox = sandbox;
        this.distfiles = distfiles;
        this.facts = facts;
        this.steps = steps;
    }

    /// Looks at the machine.
    ///
    /// @throws rookery.model.RookeryException with blame HOST where it cannot run steps, with what
    ///   to do
    static BuildHands open(AgentConfig config, Cache cache, Blobs blobs)
            throws IOException, InterruptedException {
        Sandbox sandbox = Sandbox.open(cache.room("sandbox").directory("status"));
        boolean isOpen = false;
        try {
            var toolchain = PortableToolchain.load();
            AgentFacts facts =
                    HostFacts.gather(
                            config.goRoot(),
                            toolchain,
                            config.slots(),
                            config.labels(),
                            cache.root());
            var distfiles =
                    new DistfileClient(
                            mirrors(config),
                            Optional.of(distribution(config, cache, sandbox)),
                            new EnvironmentProxies(config.environment()));
            var home = new ToolchainHome(cache, sandbox, toolchain, config.environment());
            var bench =
                    new Bench(
                            blobs,
                            cache,
                            sandbox,
                            home,
                            distfiles,
                            facts,
                            config.goRoot(),
                            config.environment());
            isOpen = true;
            return new BuildHands(sandbox, distfiles, facts, new Steps(bench));
        } finally {
            if (!isOpen) sandbox.close();
        }
    }

    @Override
    public AgentFacts facts() {
        return facts;
    }

    @Override
    public Outcome run(Order order, Consumer<String> phase, LogSink to) {
        return steps.run(order, phase, to);
    }

    @Override
    public void close() throws IOException {
        try (sandbox) {
            distfiles.close();
        }
    }

    private static List<String> mirrors(AgentConfig config) {
        return Arrays.stream(
                        config.environment().getOrDefault("GENTOO_MIRRORS", "").split("\\s+", -1))
                .filter(m -> !m.isEmpty())
                .toList();
    }

    private static DistributionSources distribution(
            AgentConfig config, Cache cache, Sandbox sandbox) throws IOException {
        Path directory = Files.createDirectories(cache.root().resolve("apt"));
        return new DistributionSources(
                directory, sandbox.host(), config.environment(), Path.of("/etc/apt"));
    }
}
