package rookery.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnerTest {
    @TempDir private Path directory;

    private Path pipe(String name) throws IOException, InterruptedException {
        Path path = directory.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
        return path;
    }

    @Test
    void aProcessWhoseStarterIsInterruptedWhileItStartsIsGoneWhenTheStarterLearnsOfIt()
            throws Exception {
        Path in = pipe("in");
        Path out = pipe("out");
        var builder =
                new ProcessBuilder("/usr/bin/sleep", "86321")
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile());
        var ended = new AtomicReference<Object>("nothing");
        try (var spawner = new Spawner()) {
            Thread starter =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    ended.set(spawner.start(builder));
                                } catch (IOException | InterruptedException e) {
                                    ended.set(e);
                                }
                            });
            // Opened as soon as the other end is: the start has begun, and waits for the second.
            try (var _ = new FileOutputStream(in.toFile())) {
                starter.interrupt();
                while (starter.isInterrupted()) Thread.onSpinWait();
                try (var said = new FileInputStream(out.toFile())) {
                    // Its end comes when the process is gone, and would not come for a day.
                    assertThat(said.read()).isEqualTo(-1);
                }
            }
            starter.join();
            assertThat(ended.get()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aStartThatFailsSaysWhy() {
        try (var spawner = new Spawner()) {
            assertThatThrownBy(() -> spawner.start(new ProcessBuilder("/nonexistent/program")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/nonexistent/program");
        }
    }
}
