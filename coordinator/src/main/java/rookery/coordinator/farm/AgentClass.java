package rookery.coordinator.farm;

import rookery.model.AgentFacts;
import rookery.model.Work;

/// What kind of machine an agent is for a step: its build architecture, its cores rounded down to a
/// power of two, and whether it runs what it does not understand by emulation. Machines of one
/// class are taken to be alike until their own pace says otherwise. Written `amd64/8` or
/// `amd64/8/emulated`.
final class AgentClass {
    private AgentClass() {}

    static String of(AgentFacts facts, Work work) {
        return of(facts, emulated(facts, work));
    }

    static String of(AgentFacts facts, boolean emulated) {
        return facts.buildArchitecture()
                + "/"
                + Integer.highestOneBit(Math.max(1, facts.cores()))
                + (emulated ? "/emulated" : "");
    }

    /// Compiling for another CPU is no emulation: that the toolchain crosses is in the step's own
    /// key, by its CHOST.
    static boolean emulated(AgentFacts facts, Work work) {
        return work instanceof Work.Run w
                && !w.wanted().target().architecture().equals(facts.buildArchitecture());
    }
}
