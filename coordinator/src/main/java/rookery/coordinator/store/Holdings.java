package rookery.coordinator.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.coordinator.blobs.Book;
import rookery.coordinator.blobs.Named;
import rookery.model.Blame;
import rookery.model.Limits;
import rookery.model.RookeryException;
import rookery.oci.Digest;
import rookery.wire.SpecWire;

/// The database as a [Book], on a connection of its own: collecting must not hold up the farm.
/// Deletions are in small transactions, so that the farm's writer never waits for long. One thread
/// at a time.
public final class Holdings implements Book, AutoCloseable {
    /// Rows that are deleted in one transaction.
    private static final int AT_ONCE = 100;

    /// A job that the farm may still have in memory keeps its rows, or half of them would be
    /// written again.
    private static final int YOUNGEST = 4 * Limits.JOBS_KEPT;

    private static final String JOBS = "select id, status, spec, submitted_ms, ended_ms from job";
    private static final String MADE = "select job, made from step where made is not null";
    private static final String RESULTS = "select step_key, made, built_ms from result";
    private static final String ENDED =
            " (select id from job where status <> 'running' and id not in"
                    + " (select id from job order by submitted_ms desc, id desc limit "
                    + YOUNGEST
                    + "))";

    private final Path file;
    private final Connection connection;

    private Holdings(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /// Opens a database that [Store#open] made or brought up to date.
    public static Holdings open(Path file) {
        try {
            return new Holdings(file, Store.connect(file));
        } catch (SQLException e) {
            throw failed(file, "be opened", e);
        }
    }

    @Override
    public List<Held> read() {
        try {
            // One transaction, one moment.
            connection.setAutoCommit(false);
            try {
                var all = new ArrayList<>(jobs());
                all.addAll(results());
                return all;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failed(file, "be read", e);
        }
    }

    private Collection<Held> jobs() throws SQLException {
        var jobs = new LinkedHashMap<String, Held>();
        var digests = new TreeMap<String, SortedSet<Digest>>();
        try (var steps = connection.createStatement();
                ResultSet found = steps.executeQuery(MADE)) {
            while (found.next())
                digests.computeIfAbsent(found.getString("job"), _ -> new TreeSet<>())
                        .addAll(Named.by(Rows.readMade(found.getBytes("made"))));
        }
        try (var query = connection.createStatement();
                ResultSet found = query.executeQuery(JOBS)) {
            while (found.next()) {
                String id = found.getString("id");
                SortedSet<Digest> named = digests.getOrDefault(id, new TreeSet<>());
                named.addAll(Named.by(SpecWire.read(spec(found))));
                boolean runs = found.getString("status").equals("running");
                long ended = found.getLong("ended_ms");
                long at = found.wasNull() ? found.getLong("submitted_ms") : ended;
                jobs.put(
                        id,
                        new Held(
                                runs ? Reason.RUNNING : Reason.ENDED,
                                id,
                                Instant.ofEpochMilli(at),
                                named));
            }
        }
        return jobs.values();
    }

    private static rookery.v1.JobSpec spec(ResultSet in) throws SQLException {
        try {
            return rookery.v1.JobSpec.parseFrom(in.getBytes("spec"));
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new SQLException("a row holds what is no message: " + e.getMessage(), e);
        }
    }

    private List<Held> results() throws SQLException {
        var results = new ArrayList<Held>();
        try (var query = connection.createStatement();
                ResultSet found = query.executeQuery(RESULTS)) {
            while (found.next())
                results.add(
                        new Held(
                                Reason.RESULT,
                                found.getString("step_key"),
                                Instant.ofEpochMilli(found.getLong("built_ms")),
                                Named.by(Rows.readMade(found.getBytes("made")))));
        }
        return results;
    }

    @Override
    public void forget(Collection<Held> rows) {
        List<Held> all = List.copyOf(rows);
        for (int from = 0; from < all.size(); from += AT_ONCE)
            forgetSome(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
    }

    private void forgetSome(List<Held> rows) {
        try {
            connection.setAutoCommit(false);
            try (var result =
                            connection.prepareStatement(
                                    "delete from result where step_key = ? and built_ms = ?");
                    var step =
                            connection.prepareStatement(
                                    "delete from step where job = ? and job in" + ENDED);
                    var job =
                            connection.prepareStatement(
                                    "delete from job where id = ? and id in" + ENDED)) {
                for (Held row : rows) {
                    switch (row.reason()) {
                        case RESULT -> {
                            result.setString(1, row.id());
                            // One that was made anew meanwhile is another.
                            result.setLong(2, row.usedAt().toEpochMilli());
                            result.executeUpdate();
                        }
                        case ENDED -> {
                            forget(step, row.id());
                            forget(job, row.id());
                        }
                        case RUNNING ->
                                throw new IllegalArgumentException(
                                        "the job " + row.id() + " runs; it is not to be forgotten");
                    }
                }
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failed(file, "forget old rows", e);
        }
    }

    private static void forget(PreparedStatement delete, String id) throws SQLException {
        delete.setString(1, id);
        delete.executeUpdate();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(file, "be closed", e);
        }
    }

    private static RookeryException failed(Path file, String what, SQLException e) {
        return new RookeryException(
                Blame.HOST,
                "the farm's database "
                        + file
                        + " could not "
                        + what
                        + " for collecting: "
                        + e.getMessage()
                        + "; is its disk full?",
                e);
    }
}
