package rookery.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import rookery.model.Limits;

class CoreTest {
    private static final int PATIENCE_SECONDS = 60;

    @Test
    void aBugOnTheCoresThreadIsToldAndHoldsNobodyUp() throws Exception {
        var broken = new CountDownLatch(1);
        var core =
                new Core(
                        effect -> {
                            throw new IllegalStateException("bug in " + effect);
                        },
                        broken::countDown);
        core.start();
        core.connected();
        assertThat(broken.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i <= Limits.QUEUE; i++) core.disconnected();
        assertThat(core.stop()).isFalse();
    }
}
