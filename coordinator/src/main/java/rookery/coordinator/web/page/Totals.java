package rookery.coordinator.web.page;

import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;

/// The farm in one row of numbers.
///
/// @param ready steps that only wait for a free agent
/// @param held steps whose needs have ended, and that wait for a time or for an agent that is able
/// @param slots of the agents that are connected
public record Totals(
        int running, int ready, int held, int leased, int agents, int connected, long slots)
        implements Panel {

    static Totals of(Farm farm) {
        int connected = 0;
        int leased = 0;
        long slots = 0;
        for (Agent agent : farm.agents().values()) {
            leased += agent.leases().size();
            if (agent.goneSince().isPresent()) continue;
            connected++;
            slots += agent.facts().slots();
        }
        return new Totals(
                (int) farm.jobs().values().stream().filter(Job::running).count(),
                farm.ready().size(),
                Queue.heldSize(farm),
                leased,
                farm.agents().size(),
                connected,
                slots);
    }
}
