package rookery.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final int MANY = 5_000;

    @Test
    void whatComesOfManyThingsIsHandedOnInTheirOrder() {
        for (int threads : new int[] {-7, 1, 2, 7}) {
            // At first alone, or helped from the start.
            Duration alone = threads < 0 ? Duration.ofMillis(2) : Duration.ZERO;
            List<Integer> out = new ArrayList<>();
            try (var lanes =
                    new Lanes<Integer, Integer>(
                            Math.abs(threads), alone, i -> i * i, (_, o) -> out.add(o))) {
                IntStream.range(0, MANY).forEach(lanes::add);
                lanes.finish();
            }
            assertThat(out).isEqualTo(IntStream.range(0, MANY).map(i -> i * i).boxed().toList());
        }
    }

    @Test
    void aBugInTheWorkReachesTheOneWhoAskedForIt() {
        try (var lanes =
                new Lanes<Integer, Integer>(
                        2,
                        Duration.ZERO,
                        i -> {
                            if (i == 77) throw new IllegalStateException("seventy-seven");
                            return i;
                        },
                        (_, _) -> {})) {
            // While things are brought, or at the end: as soon as their turn comes.
            assertThatThrownBy(
                            () -> {
                                IntStream.range(0, MANY).forEach(lanes::add);
                                lanes.finish();
                            })
                    .hasMessage("seventy-seven");
        }
    }
}
