package rookery.elf.files;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What the rounds of one measurement took, in seconds.
final class BenchTimes {
    private final List<Double> seconds = new ArrayList<>();

    /// What is measured.
    @FunctionalInterface
    interface Work {
        void run() throws java.io.IOException;
    }

    void time(Work work) throws java.io.IOException {
        long start = System.nanoTime();
        work.run();
        add((System.nanoTime() - start) / 1e9);
    }

    void add(double taken) {
        seconds.add(taken);
    }

    double best() {
        return Collections.min(seconds);
    }

    double worst() {
        return Collections.max(seconds);
    }

    double middle() {
        return seconds.stream().sorted().toList().get(seconds.size() / 2);
    }
}
