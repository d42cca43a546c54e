package rookery.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FootprintTest {
    private static final String HOLD =
            "x=$(head -c %d /dev/zero | tr '\\0' x); echo held; read _ || true";

    @Test
    void countsWhatAProcessAndItsChildrenHold() throws IOException, InterruptedException {
        String both = HOLD.formatted(30 << 20) + " & " + HOLD.formatted(20 << 20);
        Process process = new ProcessBuilder("/bin/bash", "-c", both).start();
        try (var words = process.inputReader()) {
            assertThat(words.readLine()).isEqualTo("held");
            assertThat(words.readLine()).isEqualTo("held");
            var footprint = new Footprint();
            footprint.sample(process.toHandle());
            assertThat(footprint.peakBytes()).isBetween(50L << 20, 300L << 20);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aProcessThatHasEndedHoldsNothingAndThePeakStays() throws Exception {
        Process process = new ProcessBuilder("/bin/true").start();
        process.waitFor();
        var footprint = new Footprint();
        footprint.sample(process.toHandle());
        assertThat(footprint.peakBytes()).isZero();
    }
}
