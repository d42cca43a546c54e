package rookery.coordinator.farm;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.model.Work;

/// What an agent must be and have for a step. Steps of equal demands fit the same agents, so that a
/// queue of any length is as many questions as it has different demands.
///
/// @param light whether the step hardly uses the machine: it waits for somebody else's server, or
///   is over in a moment
/// @param runs whose binaries the agent must be able to run
/// @param avoid agents that could not do it
/// @param memoryBytes the learned peak, rounded up; 0 where nothing was learned
/// @param name all of the above as one word: what demands are compared by
record Demand(
        boolean light,
        Optional<Toolchain> toolchain,
        Optional<Target> runs,
        SortedSet<String> labels,
        SortedSet<AgentId> avoid,
        long memoryBytes,
        String name)
        implements Comparable<Demand> {

    /// Peaks are rounded up to this many leading bits, or each package would be a demand of its
    /// own.
    private static final int PEAK_BITS = 3;

    Demand {
        labels = copy(labels);
        avoid = copy(avoid);
    }

    static Demand of(
            Work.OnAgent work, SortedSet<String> labels, SortedSet<AgentId> avoid, long peak) {
        Optional<Toolchain> toolchain =
                switch (work) {
                    case Work.Resolve w -> Optional.of(w.toolchain());
                    case Work.PackageBuild w -> Optional.of(w.toolchain());
                    case Work.GoBuild w -> Optional.of(w.toolchain());
                    case Work.Run _, Work.Modules _, Work.Fetch _ -> Optional.empty();
                };
        Optional<Target> runs =
                work instanceof Work.Run w ? Optional.of(w.wanted().target()) : Optional.empty();
        boolean light = isLight(work);
        long memory = rounded(peak);
        String name =
                (light ? "light " : "heavy ")
                        + toolchain.map(Toolchain::word).orElse("-")
                        + " "
                        + runs.map(t -> t.platform().toString()).orElse("-")
                        + " "
                        + memory
                        + words(labels)
                        + words(avoid);
        return new Demand(light, toolchain, runs, labels, avoid, memory, name);
    }

    static boolean isLight(Work.OnAgent work) {
        return switch (work) {
            case Work.Modules _, Work.Fetch _, Work.Run _ -> true;
            case Work.Resolve _, Work.PackageBuild _, Work.GoBuild _ -> false;
        };
    }

    /// Whether nothing is missing; in words, [Scheduler#lacking] says what. One that is only known
    /// from its leases has no slots and fits nothing yet.
    boolean fits(AgentFacts facts) {
        return facts.slots() > 0
                && facts.labels().containsAll(labels)
                && toolchain.map(t -> facts.toolchains().containsKey(t)).orElse(true)
                && runs.map(t -> facts.emulators().containsKey(t.architecture())).orElse(true);
    }

    private static long rounded(long peak) {
        long unit = Math.max(1, Long.highestOneBit(peak) >> PEAK_BITS);
        return (peak + unit - 1) / unit * unit;
    }

    private static <T> SortedSet<T> copy(SortedSet<T> some) {
        return some.isEmpty()
                ? Collections.emptySortedSet()
                : Collections.unmodifiableSortedSet(new TreeSet<>(some));
    }

    private static String words(Collection<?> all) {
        if (all.isEmpty()) return " {}";
        return all.stream().map(Object::toString).collect(Collectors.joining(",", " {", "}"));
    }

    @Override
    public int compareTo(Demand other) {
        return name.compareTo(other.name);
    }
}
