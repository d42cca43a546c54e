package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.MergeGraph;
import rookery.model.Outcome;
import rookery.model.StepId;

/// Something that happened in the world, with its time.
public sealed interface Event {
    Instant at();

    /// Somebody submitted a spec. A request id that is known already changes nothing.
    ///
    /// @param planOnly the job ends once its plan is known; nothing is built
    record Submitted(
            Instant at,
            JobId job,
            String requestId,
            JobSpec spec,
            boolean push,
            boolean allowDrop,
            boolean planOnly)
            implements Event {}

    record CancelAsked(Instant at, JobId job) implements Event {}

    /// Somebody wants an ended job to go on: what failed or was cancelled is tried again, what was
    /// made stays.
    ///
    /// @param saved the job as the farm or its store has it; one that runs, or that was done,
    ///   changes nothing
    record RetryAsked(Instant at, Job saved) implements Event {}

    /// An admin said how an agent stands.
    record Ruled(Instant at, AgentId agent, Standing standing) implements Event {}

    /// The store was asked for a step's result.
    record Recalled(Instant at, StepRef step, Optional<Outcome.Made> known) implements Event {}

    /// Results that a step takes are no longer in the store, or are damaged there.
    ///
    /// @param lost the steps that made them
    record InputsLost(Instant at, StepRef step, SortedSet<StepId> lost) implements Event {
        public InputsLost {
            lost = Collections.unmodifiableSortedSet(new TreeSet<>(lost));
        }
    }

    /// A merge graph was read; empty when there is something wrong with it.
    record Planned(Instant at, StepRef step, Graph graph) implements Event {}

    /// What was found in a graph blob.
    sealed interface Graph {
        record Read(MergeGraph graph) implements Graph {}

        /// @param kind SPEC where the packages themselves cannot be ordered, BUG where it is no
        ///   graph, INPUT_LOST where the blob is gone or damaged
        record Refused(Failure.Kind kind, String reason) implements Graph {}
    }

    /// An agent said what it is.
    ///
    /// @param draining it wants nothing new, because it is about to leave
    record Reported(
            Instant at,
            AgentId agent,
            long incarnation,
            AgentFacts facts,
            List<Doing> doing,
            boolean draining)
            implements Event {
        public Reported {
            doing = List.copyOf(doing);
        }
    }

    /// An agent's stream closed.
    record Vanished(Instant at, AgentId agent, long incarnation) implements Event {}

    /// An effect of the coordinator's own work came to its end.
    record Ran(Instant at, StepRef step, int attempt, Outcome outcome) implements Event {}

    /// Time went by.
    ///
    /// @param slept whether the machine stood still since the last one (suspended, or its clock was
    ///   set): nobody could speak meanwhile, so nobody is late
    record Ticked(Instant at, boolean slept) implements Event {}
}
