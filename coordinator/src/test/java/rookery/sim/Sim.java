package rookery.sim;

import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Runs histories: `rookery sim --seeds N [--from SEED]`, or one seed again: `rookery sim SEED`.
public final class Sim {
    private Sim() {}

    /// What many histories came to.
    ///
    /// @param violations by seed
    record Sum(
            long seeds,
            Coverage coverage,
            long happened,
            long simulatedMs,
            long starts,
            TreeMap<Long, String> violations) {

        static Sum none() {
            return new Sum(0, new Coverage(), 0, 0, 0, new TreeMap<>());
        }

        Sum with(Simulation.Told told) {
            coverage.add(told.coverage());
            return new Sum(
                    seeds + 1,
                    coverage,
                    happened + told.happened(),
                    simulatedMs + told.simulatedMs(),
                    starts + told.starts(),
                    violations);
        }

        Sum with(long seed, Throwable violation) {
            violations.put(seed, String.valueOf(violation));
            return new Sum(seeds + 1, coverage, happened, simulatedMs, starts, violations);
        }

        Sum plus(Sum other) {
            coverage.add(other.coverage);
            violations.putAll(other.violations);
            return new Sum(
                    seeds + other.seeds,
                    coverage,
                    happened + other.happened,
                    simulatedMs + other.simulatedMs,
                    starts + other.starts,
                    violations);
        }

        @Override
        public String toString() {
            var text =
                    new StringBuilder(
                            String.format(
                                    Locale.ROOT,
                                    "%d seeds, %d events, %.1f simulated hours, %d steps started, %d faults, %d violations%n",
                                    seeds,
                                    happened,
                                    simulatedMs / 3.6e6,
                                    starts,
                                    coverage.faults(),
                                    violations.size()));
            text.append(coverage);
            violations.forEach((seed, what) ->
                    text.append(String.format(Locale.ROOT, "  seed %d: %s%n", seed, what)));
            return text.toString();
        }
    }

    /// Every history on a thread of its own choice; they share nothing.
    static Sum run(LongStream seeds) {
        return seeds.parallel().mapToObj(Sim::one).sequential().reduce(Sum.none(), Sum::plus);
    }

    /// The first seed that breaks a rule, with what it broke; null when none does. Called in a farm
    /// with a mutant in it.
    public static @Nullable String firstViolation(long from, long seeds) {
        for (long seed = from; seed < from + seeds; seed++) {
            Sum sum = one(seed);
            if (!sum.violations().isEmpty()) return sum.violations().firstEntry().toString();
        }
        return null;
    }

    private static Sum one(long seed) {
        try {
            return Sum.none().with(Simulation.run(seed));
        } catch (Violation | RuntimeException violation) {
            return Sum.none().with(seed, violation);
        }
    }

    public static void main(String[] args) {
        Sum sum =
                args.length == 1
                        ? Sum.none().with(Simulation.run(Long.parseLong(args[0])))
                        : run(LongStream.range(from(args), from(args) + seeds(args)));
        System.out.print(sum);
        if (!sum.violations().isEmpty()) System.exit(1);
    }

    private static long seeds(String[] args) {
        return option(args, "--seeds", 2_000);
    }

    private static long from(String[] args) {
        return option(args, "--from", 0);
    }

    private static long option(String[] args, String name, long usual) {
        for (int i = 0; i + 1 < args.length; i++)
            if (args[i].equals(name)) return Long.parseLong(args[i + 1]);
        return usual;
    }
}
