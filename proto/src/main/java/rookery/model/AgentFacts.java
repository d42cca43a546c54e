package rookery.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.oci.Digest;

/// What an agent is able to do, as it says itself.
///
/// @param buildArchitecture Go's word for its CPU; part of the keys of what is compiled there
/// @param hostTools fingerprint of the tools that a build can reach on it
/// @param goVersion as `go1.26.8`
/// @param toolchains what it offers, each with the digest of everything that makes it up
/// @param emulators architectures that it can run binaries of, its own included; each with the
///   digest of what runs them (all zeros: the CPU itself)
/// @param slots steps that it takes at once
public record AgentFacts(
        String buildArchitecture,
        Digest hostTools,
        String goVersion,
        SortedMap<Toolchain, Digest> toolchains,
        SortedMap<String, Digest> emulators,
        int cores,
        long memoryBytes,
        int slots,
        SortedSet<String> labels) {
    public AgentFacts {
        toolchains = copy(toolchains);
        emulators = copy(emulators);
        labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
        if (slots < 0 || slots > Limits.LEASES_PER_AGENT)
            throw new IllegalArgumentException(
                    "an agent has 0 to " + Limits.LEASES_PER_AGENT + " slots, not " + slots);
    }

    private static <K extends Comparable<K>> SortedMap<K, Digest> copy(Map<K, Digest> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
