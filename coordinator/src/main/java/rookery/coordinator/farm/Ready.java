package rookery.coordinator.farm;

import java.util.Optional;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// The steps that may run as soon as somebody takes them, and those (heavy ones) that may in a
/// moment, unless the store has their result.
///
/// @param lanes those for agents, most urgent first within each lane; no lane is empty
/// @param places where each of them stands: what decided it may have changed since
/// @param own those that the coordinator does itself
public record Ready(
        PSortedMap<Lane, PSortedSet<Urgency>> lanes,
        PSortedMap<StepRef, Place> places,
        PSortedSet<StepRef> own) {
    static final Ready NOTHING = new Ready(TreePMap.empty(), TreePMap.empty(), TreePSet.empty());

    record Place(Lane lane, Urgency urgency) {}

    public boolean isEmpty() {
        return places.isEmpty() && own.isEmpty();
    }

    public int size() {
        return places.size() + own.size();
    }

    boolean has(StepRef ref) {
        return places.containsKey(ref);
    }

    Ready plusOwn(StepRef ref) {
        return new Ready(lanes, places, own.plus(ref));
    }

    Ready plus(StepRef ref, Lane lane, long rank) {
        var urgency = new Urgency(rank, ref);
        return new Ready(
                lanes.plus(lane, lanes.getOrDefault(lane, TreePSet.empty()).plus(urgency)),
                places.plus(ref, new Place(lane, urgency)),
                own);
    }

    Ready minus(StepRef ref) {
        Place place = places.get(ref);
        if (place == null)
            return own.contains(ref) ? new Ready(lanes, places, own.minus(ref)) : this;
        PSortedSet<Urgency> left =
                lanes.getOrDefault(place.lane(), TreePSet.empty()).minus(place.urgency());
        return new Ready(
                left.isEmpty() ? lanes.minus(place.lane()) : lanes.plus(place.lane(), left),
                places.minus(ref),
                own);
    }

    /// The same step in the same lane, with another rank.
    Ready ranked(StepRef ref, long rank) {
        return Optional.ofNullable(places.get(ref))
                .map(place -> minus(ref).plus(ref, place.lane(), rank))
                .orElse(this);
    }

    /// Whether nothing was changed in between; comparing contents would cost more than it saves.
    @SuppressWarnings("ReferenceEquality")
    boolean is(Ready other) {
        return this == other;
    }
}
