package rookery.coordinator.farm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;
import rookery.model.AgentId;
import rookery.oci.Blob;
import rookery.oci.Digest;

/// Which agents made or fetched which blobs lately, so that a step goes where its sysroot lies. A
/// hint: an agent that has lost a blob fetches it again. In memory only.
///
/// @param byAge in the order in which they were last seen
record Holdings(PSortedMap<Digest, Held> blobs, PSortedMap<Long, Digest> byAge, long clock) {
    static final Holdings NONE = new Holdings(TreePMap.empty(), TreePMap.empty(), 0);

    /// Blobs that are remembered.
    static final int BLOBS = 16_384;

    /// Agents that are remembered for one blob, the latest last: a blob that everybody has decides
    /// nothing.
    static final int HOLDERS = 8;

    /// Smaller blobs are not worth a choice.
    static final long BYTES = 64 << 10;

    record Held(List<AgentId> agents, long stamp) {
        Held {
            agents = List.copyOf(agents);
        }
    }

    List<AgentId> of(Digest blob) {
        Held held = blobs.get(blob);
        return held == null ? List.of() : held.agents();
    }

    Holdings plus(AgentId agent, Blob blob) {
        if (blob.sizeBytes() < BYTES) return this;
        Held old = blobs.get(blob.digest());
        var agents = new ArrayList<AgentId>(old == null ? List.of() : old.agents());
        agents.remove(agent);
        if (agents.size() == HOLDERS) agents.removeFirst();
        agents.add(agent);
        PSortedMap<Long, Digest> ages = old == null ? byAge : byAge.minus(old.stamp());
        PSortedMap<Digest, Held> next = blobs.plus(blob.digest(), new Held(agents, clock));
        ages = ages.plus(clock, blob.digest());
        if (next.size() > BLOBS) {
            Map.Entry<Long, Digest> oldest = ages.firstEntry();
            ages = ages.minus(oldest.getKey());
            next = next.minus(oldest.getValue());
        }
        return new Holdings(next, ages, clock + 1);
    }
}
