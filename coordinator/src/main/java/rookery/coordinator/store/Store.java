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
import java.util.concurrent.atomic.AtomicReference;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Conduct;
import rookery.coordinator.farm.Durations;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.model.AgentId;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.Limits;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.oci.Digest;

/// The coordinator's database.
public final class Store implements AutoCloseable {
    /// Pages of the log that are moved into the database at once: seldom, because the batch that
    /// does it waits for the disk twice more.
    private static final int CHECKPOINT_PAGES = 8_192;

    /// What the thread that saves may keep of the database in memory. A busy farm touches some
    /// pages for each step that moves, all over; SQLite's own 2 MiB would have it read them again
    /// each time.
    private static final int WRITER_KIB = 32 << 10;

    private final Path file;
    private final Writer writer;
    private final Connection reader;

    // Asked before every step; to prepare it takes longer than to ask it. Guarded by the reader.
    private final PreparedStatement recall;

    // The loop's own, which waits for no other reader.
    private final Connection asker;
    private final PreparedStatement asks;

    private Store(Path file, Writer writer, Connection reader, Connection asker)
            throws SQLException {
        this.file = file;
        this.writer = writer;
        this.reader = reader;
        this.asker = asker;
        this.asks = asker.prepareStatement("select 1 from result where step_key = ?");
        this.recall = reader.prepareStatement("select made from result where step_key = ?");
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
            try (var s = writer.createStatement()) {
                s.execute("pragma cache_size = -" + WRITER_KIB);
            }
            return new Store(file, new Writer(writer), connect(file), connect(file));
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

    static Connection connect(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var s = connection.createStatement()) {
            s.execute("pragma journal_mode = wal");
            s.execute("pragma synchronous = full");
            s.execute("pragma busy_timeout = 10000");
            s.execute("pragma foreign_keys = on");
            s.execute("pragma wal_autocheckpoint = " + CHECKPOINT_PAGES);
        }
        return connection;
    }

    /// Saves what one batch changed, in one commit: nothing of it is told to anybody before this
    /// returns.
    ///
    /// @param now when results count as made
    public void save(Changes changes, Instant now) {
        act(
                "save a batch",
                () -> {
                    writer.save(changes, now);
                    return file;
                });
    }

    /// Puts every running job, and every agent's standing, back into an empty farm.
    public Farm load(Farm empty, Instant now) {
        return act(
                "load the jobs",
                () -> {
                    Durations durations = durations();
                    var farm = new AtomicReference<>(empty.knowing(durations));
                    Loader.running(
                            reader,
                            durations,
                            job -> farm.updateAndGet(f -> Farm.restoreWoven(f, job, now)));
                    try (var query = reader.prepareStatement("select * from agent order by id");
                            ResultSet found = query.executeQuery()) {
                        while (found.next()) {
                            var id = new AgentId(found.getString("id"));
                            Conduct conduct = Rows.readConduct(found);
                            farm.updateAndGet(f -> Farm.restore(f, id, conduct, now));
                        }
                    }
                    return farm.get();
                });
    }

    private Durations durations() throws SQLException {
        var rows = new ArrayList<Durations.Row>();
        try (var query = reader.prepareStatement("select * from duration order by stamp");
                ResultSet found = query.executeQuery()) {
            while (found.next()) rows.add(Rows.readDuration(found));
        }
        return Durations.NONE.with(rows);
    }

    public long nextLease() {
        return act(
                "read the lease counter",
                () -> {
                    try (var s = reader.createStatement();
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
                        for (Digest key : keys) {
                            recall.setString(1, key.hex());
                            try (ResultSet found = recall.executeQuery()) {
                                if (found.next())
                                    return Optional.of(Rows.readMade(found.getBytes(1)));
                            }
                        }
                        return Optional.empty();
                    });
        }
    }

    /// Whether a result has one of these names. The thread that saves.
    public boolean knows(List<Digest> keys) {
        return act(
                "look for a result",
                () -> {
                    for (Digest key : keys) {
                        asks.setString(1, key.hex());
                        try (ResultSet found = asks.executeQuery()) {
                            if (found.next()) return true;
                        }
                    }
                    return false;
                });
    }

    /// A job with all its steps, running or ended long ago. Any thread.
    public Optional<Job> job(JobId id) {
        synchronized (reader) {
            return act("read a job", () -> Loader.job(reader, id));
        }
    }

    /// Jobs from the newest to the oldest, running ones among them. Any thread.
    ///
    /// @param limit how many at most, 1 to [Limits#JOBS_LISTED]
    /// @param before those that were submitted before this one; empty for the newest
    public List<JobSummary> jobs(int limit, Optional<JobId> before) {
        if (limit < 1 || limit > Limits.JOBS_LISTED)
            throw new IllegalArgumentException(
                    "a list has 1 to " + Limits.JOBS_LISTED + " jobs, not " + limit);
        synchronized (reader) {
            return act(
                    "list the jobs",
                    () -> {
                        var jobs = new ArrayList<JobSummary>();
                        try (PreparedStatement query = reader.prepareStatement(list(before))) {
                            int next = 1;
                            if (before.isPresent()) query.setString(next++, before.get().value());
                            query.setInt(next, limit);
                            try (ResultSet found = query.executeQuery()) {
                                while (found.next()) jobs.add(Rows.readSummary(found));
                            }
                        }
                        return List.copyOf(jobs);
                    });
        }
    }

    private static String list(Optional<JobId> before) {
        return "select job.*, (select count(*) from step where step.job = job.id) as steps,"
                + " (select count(*) from step where step.job = job.id and step.state not in"
                + " ('done', 'failed', 'cancelled')) as open from job"
                + (before.isPresent()
                        ? " where (submitted_ms, id) < (select submitted_ms, id from job where id = ?)"
                        : "")
                + " order by submitted_ms desc, id desc limit ?";
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
                    asks.close();
                    asker.close();
                    recall.close();
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
