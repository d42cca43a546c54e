package rookery.agent.session;

import java.util.List;
import rookery.model.LeaseId;
import rookery.model.Order;
import rookery.model.Outcome;

/// What can happen to an agent's session.
public sealed interface Event {

    /// What the coordinator wants this agent to be doing.
    ///
    /// @param revision rises with every answer on one stream
    /// @param number of the newest report that the coordinator had read
    /// @param drain whether the agent should leave once it is done
    record Desired(long revision, long number, List<Order> orders, boolean drain) implements Event {
        public Desired {
            orders = List.copyOf(orders);
        }

        public Desired(long revision, long number, List<Order> orders) {
            this(revision, number, orders, false);
        }
    }

    /// A step has ended, with every process of it gone.
    record StepDone(LeaseId lease, Outcome outcome) implements Event {}

    /// A step says what it is at.
    record Phase(LeaseId lease, String text) implements Event {}

    /// The heartbeat.
    record Tick() implements Event {}

    /// The agent is to take nothing new, to finish what it has, and to leave.
    record Draining() implements Event {}

    /// The agent is to leave as soon as its steps can be killed; others shall do them.
    record Aborting() implements Event {}

    /// There is a new stream; nothing was said or heard on it yet.
    record Connected() implements Event {}

    record Disconnected() implements Event {}
}
