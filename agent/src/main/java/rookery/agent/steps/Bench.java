package rookery.agent.steps;

import java.nio.file.Path;
import java.util.SortedMap;
import rookery.agent.artifacts.Blobs;
import rookery.agent.artifacts.DistfileClient;
import rookery.agent.exec.Sandbox;
import rookery.agent.workspace.Cache;
import rookery.agent.workspace.ToolchainHome;
import rookery.model.AgentFacts;

/// What all steps of an agent work with.
///
/// @param goRoot the Go that builds
/// @param environment the agent's own: proxies, module proxy, certificates; never handed on whole
public record Bench(
        Blobs blobs,
        Cache cache,
        Sandbox sandbox,
        ToolchainHome toolchain,
        DistfileClient distfiles,
        AgentFacts facts,
        Path goRoot,
        SortedMap<String, String> environment) {}
