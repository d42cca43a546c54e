package rookery.coordinator.farm;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Digest;

/// Something to be done in the world. Doing it twice does no harm; each is answered by an [Event].
public sealed interface Effect {
    StepRef step();

    /// Ask the store for a result under any of these names. Answered by [Event.Recalled], or where
    /// there is none and something that the step takes is gone, by [Event.InputsLost].
    ///
    /// @param inputs what is looked for in the store too; empty where nothing gives reason to
    record Recall(StepRef step, List<Digest> keys, SortedMap<StepId, Outcome.Made> inputs)
            implements Effect {
        public Recall {
            keys = List.copyOf(keys);
            inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
        }
    }

    /// Read a merge graph. Answered by [Event.Planned].
    record ReadGraph(StepRef step, Blob graph) implements Effect {}

    /// Do a step of the coordinator's own. Answered by [Event.Ran].
    record Execute(
            StepRef step,
            int attempt,
            Work.InCoordinator work,
            SortedMap<StepId, Outcome.Made> inputs)
            implements Effect {
        public Execute {
            inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
        }
    }
}
