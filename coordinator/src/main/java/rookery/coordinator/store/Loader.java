package rookery.coordinator.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.pcollections.TreePMap;
import rookery.coordinator.farm.Durations;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.plan.Step;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.v1.PlanPart;

/// Reads jobs whole. One thread reads rows; plans, which are most of the bytes, are turned into
/// steps on as many threads as the machine has cores.
final class Loader {
    private static final String PARTS = "select steps from plan where job = ? order by part";
    private static final String ROWS =
            "select " + Rows.STEP_COLUMNS + " from step where job = ? order by id";

    /// Jobs that are read ahead of the one that is handed over: what this holds in memory is
    /// theirs.
    private static final int AHEAD = 32;

    private Loader() {}

    /// Hands over every running job, woven, in the order of their ids.
    static void running(Connection connection, Durations durations, Consumer<Job> taker)
            throws SQLException {
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService weavers = Executors.newFixedThreadPool(threads);
                var jobs =
                        connection.prepareStatement(
                                "select * from job where status = 'running' order by id");
                var parts = connection.prepareStatement(PARTS);
                var rows = connection.prepareStatement(ROWS);
                ResultSet found = jobs.executeQuery()) {
            Deque<Future<Job>> ahead = new ArrayDeque<>();
            while (found.next()) {
                ahead.add(weavers.submit(weaver(found, parts, rows, durations)));
                if (ahead.size() > AHEAD) taker.accept(woven(ahead.remove()));
            }
            while (!ahead.isEmpty()) taker.accept(woven(ahead.remove()));
        }
    }

    private static Job woven(Future<Job> future) throws SQLException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RookeryException(Blame.HOST, "the coordinator is stopping", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case null, default -> throw new SQLException(e.getCause());
            }
        }
    }

    static Optional<Job> job(Connection connection, JobId id) throws SQLException {
        try (var query = connection.prepareStatement("select * from job where id = ?");
                var parts = connection.prepareStatement(PARTS);
                var rows = connection.prepareStatement(ROWS)) {
            query.setString(1, id.value());
            try (ResultSet found = query.executeQuery()) {
                if (!found.next()) return Optional.empty();
                return Optional.of(call(weaver(found, parts, rows, Durations.NONE)));
            }
        }
    }

    private static Job call(Callable<Job> weaver) throws SQLException {
        try {
            return weaver.call();
        } catch (SQLException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new SQLException(e);
        }
    }

    /// Reads the job's rows now; what is given makes the job of them, on any thread.
    private static Callable<Job> weaver(
            ResultSet found, PreparedStatement parts, PreparedStatement rows, Durations durations)
            throws SQLException {
        Job bare = Rows.readJob(found);
        String id = bare.id().value();
        var plan = new ArrayList<byte[]>();
        parts.setString(1, id);
        try (ResultSet in = parts.executeQuery()) {
            while (in.next()) plan.add(in.getBytes(1));
        }
        List<Rows.Saved> saved = new ArrayList<>();
        rows.setString(1, id);
        try (ResultSet in = rows.executeQuery()) {
            while (in.next()) saved.add(Rows.readStep(in));
        }
        return () -> weave(bare, plan, saved, durations);
    }

    private static Job weave(
            Job bare, List<byte[]> plan, List<Rows.Saved> saved, Durations durations)
            throws SQLException {
        Map<String, Step> planned = new HashMap<>();
        for (byte[] part : plan) {
            PlanPart message = Rows.parse(() -> PlanPart.parseFrom(part));
            for (Step step : Plans.read(bare.spec(), message)) planned.put(step.id().value(), step);
        }
        SortedMap<StepId, StepRow> rows = new TreeMap<>();
        for (Rows.Saved row : saved) {
            Step step = planned.get(row.id());
            if (step == null)
                throw new SQLException(
                        "the job " + bare.id() + " has a step " + row.id() + " that no plan has");
            rows.put(step.id(), row.of(step));
        }
        return Farm.woven(bare.with(TreePMap.fromSortedMap(rows)), durations);
    }
}
