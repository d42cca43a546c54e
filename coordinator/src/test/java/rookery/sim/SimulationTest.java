package rookery.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int SEEDS = 2_000;

    @Test
    void twoThousandHistoriesOfAFailingFarmBreakNoRuleAndEnd() {
        Sim.Sum sum = Sim.run(LongStream.range(0, SEEDS));
        System.out.println(sum);
        assertThat(sum.violations()).isEmpty();
        assertThat(sum.coverage().kinds())
                .as("every fault happened")
                .containsExactly(Fault.values());
    }

    @Test
    void oneSeedIsOneHistory() {
        assertThat(Simulation.run(7)).isEqualTo(Simulation.run(7));
    }
}
