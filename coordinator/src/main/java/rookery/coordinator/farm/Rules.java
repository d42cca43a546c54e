package rookery.coordinator.farm;

/// What a farm is set up to do.
///
/// @param agentsMayJoin whether a step that no agent can run waits for one that can; where the
///   agents are all there ever will be, it fails at once
/// @param gate the inspector's version, part of the verify steps' keys
public record Rules(boolean agentsMayJoin, String gate, Patience patience) {
    public Rules(boolean agentsMayJoin, String gate) {
        this(agentsMayJoin, gate, Patience.NORMAL);
    }
}
