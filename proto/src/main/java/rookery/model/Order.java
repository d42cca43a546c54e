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
public record Order(
        LeaseId lease,
        JobId job,
        StepId step,
        Digest key,
        String trustDomain,
        Work.OnAgent work,
        SortedMap<StepId, Outcome.Made> inputs) {
    public Order {
        JobSpec.FarmOptions.checkTrustDomain(trustDomain);
        inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    }
}
