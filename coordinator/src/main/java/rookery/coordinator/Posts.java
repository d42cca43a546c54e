package rookery.coordinator;

import rookery.coordinator.farm.Event;
import rookery.coordinator.loop.Loop;

/// Where effects put their events. The loop starts effects and effects post to the loop, so one of
/// the two must learn of the other later.
final class Posts {
    private volatile java.util.function.Consumer<Event> target =
            event -> {
                throw new IllegalStateException("an effect ended before the loop began: " + event);
            };

    void to(Loop loop) {
        target = loop::post;
    }

    void post(Event event) {
        target.accept(event);
    }
}
