package rookery.agent.session;

import rookery.model.LeaseId;
import rookery.model.Order;

/// What a session asks of the edge around it.
public sealed interface Effect {

    /// Begin this step. Asked at most once per lease, ever.
    record Start(Order order) implements Effect {}

    /// End this step and all its processes; [Event.StepDone] must still follow.
    record Kill(LeaseId lease) implements Effect {}

    /// Say this on the current stream. A later report makes an unsent earlier one needless.
    record Send(Report report) implements Effect {}

    /// A draining agent has nothing left to do or to say. May be asked more than once.
    record Leave() implements Effect {}
}
