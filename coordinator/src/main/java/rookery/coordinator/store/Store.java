package rookery.coordinator.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.oci.Digest;

/// The coordinator's database.
public final class Store implements AutoCloseable {
    private final Path file;
    private final Connection writer;
    private final Connection reader;

    private Store(Path file, Connection writer, Connection reader) {
        this.file = file;
        this.writer = writer;
        this.reader = reader;
    }

    /// Opens the database, making it or bringing it up to date first.
    ///
    /// @throws RookeryException with blame HOST when it cannot be opened, or was written by a newer
    ///   version
    public static Store open(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Connection writer = connect(file);
            Migrations.run(writer, file);
            return new Store(file, writer, connect(file));
        } catch (SQLException | IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the farm's database "
                            + file
                            + " cannot be opened: "
                            + e.getMessage()
                            + "; is the disk full, or another coordinator running on it?",
                    e);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var s = connection.createStatement()) {
            s.execute("pragma journal_mode = wal");
            s.execute("pragma synchronous = full");
            s.execute("pragma busy_timeout = 10000");
            s.execute("pragma foreign_keys = on");
        }
        return connection;
    }

    /// Saves what one batch changed, in one commit: nothing of it is told to anybody before this
    /// returns.
    ///
    /// @param now when results count as made
    public void save(Farm farm, Iterable<JobId> jobs, Iterable<StepRef> steps, Instant now) {
        act(
                "save a batch",
                () -> {
                    writer.setAutoCommit(false);
                    try (var job = writer.prepareStatement(Rows.PUT_JOB);
                            var step = writer.prepareStatement(Rows.PUT_STEP);
                            var result = writer.prepareStatement(Rows.PUT_RESULT);
                            var counter =
                                    writer.prepareStatement(
                                            "update counter set value = ? where name = 'next_lease'")) {
                        for (JobId id : jobs) Rows.add(job, farm.job(id));
                        job.executeBatch();
                        for (StepRef ref : steps) {
                            Job owner = farm.job(ref.job());
                            StepRow row = owner.row(ref.step());
                            Rows.add(step, ref.job(), row);
                            Rows.addResult(result, owner, row, now);
                        }
                        step.executeBatch();
                        result.executeBatch();
                        counter.setLong(1, farm.nextLease());
                        counter.executeUpdate();
                        writer.commit();
                    } catch (SQLException e) {
                        writer.rollback();
                        throw e;
                    } finally {
                        writer.setAutoCommit(true);
                    }
                    return farm;
                });
    }

    /// Puts every running job back into an empty farm.
    public Farm load(Farm empty, Instant now) {
        return act(
                "load the jobs",
                () -> {
                    Farm farm = empty;
                    try (var query =
                                    writer.prepareStatement(
                                            "select * from job where status = 'running' order by id");
                            ResultSet found = query.executeQuery()) {
                        while (found.next())
                            farm =
                                    Farm.restore(
                                            farm,
                                            Rows.readJob(found, steps(found.getString("id"))),
                                            now);
                    }
                    return farm;
                });
    }

    private List<StepRow> steps(String job) throws SQLException {
        var rows = new ArrayList<StepRow>();
        try (var query = writer.prepareStatement("select * from step where job = ? order by id")) {
            query.setString(1, job);
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) rows.add(Rows.readStep(found));
            }
        }
        return rows;
    }

    public long nextLease() {
        return act(
                "read the lease counter",
                () -> {
                    try (var s = writer.createStatement();
                            ResultSet found =
                                    s.executeQuery(
                                            "select value from counter where name = 'next_lease'")) {
                        found.next();
                        return found.getLong(1);
                    }
                });
    }

    /// The first known result among these names. Any thread.
    public Optional<Outcome.Made> recall(List<Digest> keys) {
        synchronized (reader) {
            return act(
                    "look up a result",
                    () -> {
                        try (PreparedStatement query =
                                reader.prepareStatement(
                                        "select made from result where step_key = ?")) {
                            for (Digest key : keys) {
                                query.setString(1, key.hex());
                                try (ResultSet found = query.executeQuery()) {
                                    if (found.next())
                                        return Optional.of(Rows.readMade(found.getBytes(1)));
                                }
                            }
                        }
                        return Optional.empty();
                    });
        }
    }

    /// The job that was submitted under this request id, running or ended long ago. Any thread.
    public Optional<JobId> jobOf(String requestId) {
        synchronized (reader) {
            return act(
                    "look up a job",
                    () -> {
                        try (PreparedStatement query =
                                reader.prepareStatement(
                                        "select id from job where request_id = ?")) {
                            query.setString(1, requestId);
                            try (ResultSet found = query.executeQuery()) {
                                return found.next()
                                        ? Optional.of(new JobId(found.getString(1)))
                                        : Optional.empty();
                            }
                        }
                    });
        }
    }

    @Override
    public void close() {
        act(
                "close",
                () -> {
                    reader.close();
                    writer.close();
                    return file;
                });
    }

    private <T> T act(String what, Sql<T> sql) {
        try {
            return sql.run();
        } catch (SQLException | IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the farm's database "
                            + file
                            + " could not "
                            + what
                            + ": "
                            + e.getMessage()
                            + "; is its disk full?",
                    e);
        }
    }

    private interface Sql<T> {
        T run() throws SQLException, IOException;
    }
}
