package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A small `bench schedule`: the same figures on few graphs, with the same aims.
class ScheduleTest {
    private static final int SIZE = 120;

    @Test
    void jobsTakeLittleLongerThanAnyScheduleMust() {
        var ours = new ArrayList<Double>();
        var list = new ArrayList<Double>();
        for (int agents : new int[] {8, 16, 32}) {
            for (int seed = 1; seed <= 3; seed++) {
                PackageGraph graph = PackageGraph.generated(SIZE, seed);
                List<ScheduleRun.Machine> machines = ScheduleBench.machines(agents, seed);
                ours.add(ScheduleRun.farm(graph, machines, seed).ratio());
                list.add(ScheduleRun.naive(graph, machines, seed).ratio());
            }
        }
        assertThat(ScheduleBench.median(ours)).isLessThanOrEqualTo(ScheduleBench.MEDIAN);
        assertThat(ScheduleBench.worst(ours)).isLessThanOrEqualTo(ScheduleBench.WORST);
        assertThat(ScheduleBench.median(list)).isGreaterThan(ScheduleBench.WORST);
    }

    @Test
    void oneMoreAgentHarmsNobodyMuch() {
        var more = new ArrayList<Double>();
        for (int seed = 1; seed <= 5; seed++) {
            PackageGraph graph = PackageGraph.generated(SIZE, seed);
            List<ScheduleRun.Machine> machines = ScheduleBench.machines(17, seed);
            long before = ScheduleRun.farm(graph, machines.subList(0, 16), seed).millis();
            more.add((double) ScheduleRun.farm(graph, machines, seed).millis() / before);
        }
        assertThat(ScheduleBench.median(more)).isLessThanOrEqualTo(ScheduleBench.ONE_MORE);
    }

    @Test
    void equalWorldsHaveEqualSchedules() {
        PackageGraph graph = PackageGraph.generated(SIZE, 7);
        List<ScheduleRun.Machine> machines = ScheduleBench.machines(12, 7);
        assertThat(ScheduleRun.farm(graph, machines, 7))
                .isEqualTo(ScheduleRun.farm(graph, machines, 7));
    }
}
