package rookery.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.oci.Digest;

/// A step as it is lent to an agent.
///
/// @param key the step's cache name; a Go binary's build id comes from it
/// @param trustDomain what the agent may share with other steps of the same
/// @param inputs what the needed steps made
/// @param cores how many the step may use; 0 is as many as there are. Never part of a key
public record Order(
        LeaseId lease,
        JobId job,
        StepId step,
        Digest key,
        String trustDomain,
        Work.OnAgent work,
        SortedMap<StepId, Outcome.Made> inputs,
        int cores) {
    public Order {
        if (cores < 0) throw new IllegalArgumentException("a step gets no " + cores + " cores");
        JobSpec.FarmOptions.checkTrustDomain(trustDomain);
        inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    }

    /// An order for all of an agent's cores.
    public Order(
            LeaseId lease,
            JobId job,
            StepId step,
            Digest key,
            String trustDomain,
            Work.OnAgent work,
            SortedMap<StepId, Outcome.Made> inputs) {
        this(lease, job, step, key, trustDomain, work, inputs, 0);
    }
}
