package rookery.cli.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import rookery.coordinator.blobs.Book;
import rookery.coordinator.blobs.Collector;
import rookery.coordinator.blobs.Keep;
import rookery.coordinator.store.Holdings;
import rookery.coordinator.store.Store;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.layout.ImageLayout;

/// What can be done to a farm's state while nothing of the farm runs.
public final class StoppedFarm {
    private StoppedFarm() {}

    /// Deletes what nobody needs; with `dry` only looks what that would be.
    ///
    /// @param state a coordinator's state directory
    /// @throws RookeryException with blame HOST when a coordinator runs on it, SPEC when it is none
    public static Collector.Report collect(
            Path state, Keep keep, boolean dry, InstantSource clock) {
        Path database = state.resolve("farm.db");
        if (!Files.exists(database))
            throw new RookeryException(
                    Blame.SPEC,
                    "there is no farm.db in "
                            + state
                            + ", so it is no farm's state; name one with --state, or build something"
                            + " first");
        try {
            Optional<StateLock> lock = StateLock.tryTake(state);
            if (lock.isEmpty())
                throw new RookeryException(
                        Blame.HOST,
                        "a farm is running on "
                                + state
                                + "; it collects by itself, or stop it and try again");
            try (var _ = lock.get()) {
                Store.open(database).close(); // brings it up to date
                try (var book = Holdings.open(database)) {
                    // Agents may be at work on a job that runs, and have uploaded what they will
                    // report when the coordinator is back.
                    boolean mayReport =
                            book.read().stream().anyMatch(h -> h.reason() == Book.Reason.RUNNING);
                    var collector =
                            new Collector(
                                    ImageLayout.create(state.resolve("blobs")),
                                    book,
                                    state.resolve("logs"),
                                    mayReport ? keep : keep.withGrace(Duration.ZERO),
                                    clock);
                    return dry ? collector.dryRun() : collector.run();
                }
            }
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "collecting in "
                            + state
                            + " stopped: "
                            + e
                            + "; nothing that is needed was deleted",
                    e);
        }
    }
}
