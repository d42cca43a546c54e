package rookery.coordinator.farm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import rookery.model.AgentId;

/// `./rookery bench schedule`: how long jobs take beside the shortest time that is possible at all.
public final class ScheduleBench {
    static final double MEDIAN = 1.10;
    static final double WORST = 1.25;
    static final double ONE_MORE = 1.02;
    private static final int[] AGENTS = {1, 2, 4, 8, 16, 32, 64};

    /// Graphs of each size, each on other machines and with other noise.
    private static final int GRAPHS = 12;

    private static final int LARGE_GRAPHS = 3;

    private ScheduleBench() {}

    public static void main(String[] args) {
        long started = System.nanoTime();
        System.out.println(
                "makespan over max(critical path on the fastest agent, work / speed of all), noise "
                        + Math.round(ScheduleRun.NOISE * 100)
                        + " %");
        System.out.printf(
                "%-16s %6s  %7s %7s  %7s %7s  %8s%n",
                "graphs", "agents", "median", "worst", "list", "worst", "one more");
        var all = new ArrayList<Double>();
        var more = new ArrayList<Double>();
        int[] sizes =
                args.length == 0
                        ? new int[] {0, 200, 2_000}
                        : new int[] {Integer.parseInt(args[0])};
        for (int size : sizes) {
            for (int agents : AGENTS) {
                var ours = new ArrayList<Double>();
                var list = new ArrayList<Double>();
                var grown = new ArrayList<Double>();
                int graphs = size > 1_000 ? LARGE_GRAPHS : GRAPHS;
                for (int seed = 1; seed <= graphs; seed++) {
                    PackageGraph graph =
                            size == 0 ? PackageGraph.curl() : PackageGraph.generated(size, seed);
                    List<ScheduleRun.Machine> machines = machines(agents + 1, seed * 31L + agents);
                    List<ScheduleRun.Machine> fewer = machines.subList(0, agents);
                    ScheduleRun.Figure figure = ScheduleRun.farm(graph, fewer, seed);
                    ours.add(figure.ratio());
                    list.add(ScheduleRun.naive(graph, fewer, seed).ratio());
                    if (agents >= 8)
                        grown.add(
                                (double) ScheduleRun.farm(graph, machines, seed).millis()
                                        / figure.millis());
                }
                System.out.printf(
                        Locale.ROOT,
                        "%-16s %6d  %7.3f %7.3f  %7.3f %7.3f  %8s%n",
                        size == 0 ? "curl, recorded" : "generated " + size,
                        agents,
                        median(ours),
                        worst(ours),
                        median(list),
                        worst(list),
                        grown.isEmpty() ? "" : "%.3f".formatted(median(grown)));
                if (agents >= 8) {
                    all.addAll(ours);
                    more.addAll(grown);
                }
            }
        }
        verdict("median at 8 agents and up", median(all), MEDIAN);
        verdict("worst at 8 agents and up", worst(all), WORST);
        verdict("one more agent, median job", median(more), ONE_MORE);
        System.out.printf("(%d s)%n", (System.nanoTime() - started) / 1_000_000_000);
    }

    private static void verdict(String what, double figure, double aim) {
        System.out.printf(
                Locale.ROOT,
                "%s: %.3f (aim: at most %.2f) %s%n",
                what,
                figure,
                aim,
                figure <= aim ? "met" : "MISSED");
    }

    /// Machines that are up to four times as fast as a usual one, and one in eight that emulates
    /// and is eight times as slow.
    static List<ScheduleRun.Machine> machines(int count, long seed) {
        var random = new Random(seed);
        var machines = new ArrayList<ScheduleRun.Machine>();
        for (int i = 0; i < count; i++) {
            boolean emulates = i % 8 == 7;
            double slowness = emulates ? 8 : 1 / (1 + 3 * random.nextDouble());
            machines.add(
                    new ScheduleRun.Machine(
                            new AgentId("a%02d".formatted(i)),
                            emulates ? "riscv64" : "amd64",
                            slowness));
        }
        return machines;
    }

    static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    static double worst(List<Double> figures) {
        return figures.stream().mapToDouble(d -> d).max().orElseThrow();
    }
}
