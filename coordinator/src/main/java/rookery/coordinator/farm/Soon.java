package rookery.coordinator.farm;

import java.util.Optional;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;
import rookery.model.StepId;

/// Heavy steps that wait for one last step: while that one runs it is known when they will want an
/// agent, and which one. Nothing less urgent is lent that agent for longer than until then.
///
/// @param last the step that each of them waits for
record Soon(Ready steps, PSortedMap<StepRef, StepId> last) {
    static final Soon NOTHING = new Soon(Ready.NOTHING, TreePMap.empty());

    Soon plus(StepRef ref, StepId need, Lane lane, long rank) {
        return new Soon(steps.minus(ref).plus(ref, lane, rank), last.plus(ref, need));
    }

    Soon minus(StepRef ref) {
        return last.containsKey(ref) ? new Soon(steps.minus(ref), last.minus(ref)) : this;
    }

    Soon ranked(StepRef ref, long rank) {
        return last.containsKey(ref) ? new Soon(steps.ranked(ref, rank), last) : this;
    }

    Optional<StepId> needOf(StepRef ref) {
        return Optional.ofNullable(last.get(ref));
    }
}
