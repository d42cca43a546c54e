package rookery.coordinator.web.page;

import java.util.stream.Stream;
import rookery.coordinator.farm.Due;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.StepRef;

/// The farm's queues, as people mean them.
final class Queue {
    private Queue() {}

    /// Steps that wait for a free agent only.
    static Stream<StepRef> ready(Farm farm) {
        return farm.ready().places().keySet().stream();
    }

    /// Steps whose needs have ended, and that wait for a time or for an agent that is able.
    static Stream<StepRef> held(Farm farm) {
        return Stream.concat(
                farm.unable().values().stream().flatMap(refs -> refs.stream()),
                farm.due().stream().map(Due::ref));
    }

    static int heldSize(Farm farm) {
        return farm.due().size()
                + farm.unable().values().stream().mapToInt(refs -> refs.size()).sum();
    }
}
