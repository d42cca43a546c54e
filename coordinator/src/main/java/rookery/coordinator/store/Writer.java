package rookery.coordinator.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Job;
import rookery.oci.Digest;

/// Writes batches. Its statements are prepared once: preparing them costs more than a small batch.
/// One thread.
final class Writer implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement job;
    private final PreparedStatement plan;
    private final PreparedStatement step;
    private final PreparedStatement result;
    private final PreparedStatement agent;
    private final PreparedStatement duration;
    private final PreparedStatement forget;
    private final PreparedStatement refuse;
    private final PreparedStatement counter;

    /// @param connection its own from now on
    Writer(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        this.job = connection.prepareStatement(Rows.PUT_JOB);
        this.plan = connection.prepareStatement(Rows.PUT_PLAN);
        this.step = connection.prepareStatement(Rows.PUT_STEP);
        this.result = connection.prepareStatement(Rows.PUT_RESULT);
        this.agent = connection.prepareStatement(Rows.PUT_AGENT);
        this.duration = connection.prepareStatement(Rows.PUT_DURATION);
        this.forget = connection.prepareStatement(Rows.FORGET_DURATION);
        this.refuse = connection.prepareStatement(Rows.REFUSE_RESULT);
        this.counter =
                connection.prepareStatement(
                        "update counter set value = ? where name = 'next_lease'");
    }

    /// @param now when results count as made
    void save(Changes changes, Instant now) throws SQLException {
        try {
            for (Job changed : changes.jobs().values()) Rows.add(job, changed);
            if (!changes.jobs().isEmpty()) job.executeBatch();
            for (Changes.Planned planned : changes.plans()) Rows.add(plan, planned);
            if (!changes.plans().isEmpty()) plan.executeBatch();
            boolean made = false;
            for (var changed : changes.steps().entrySet()) {
                Rows.add(step, changed.getKey().job(), changed.getValue().row());
                made |= Rows.addResult(result, changed.getKey(), changed.getValue(), now);
            }
            if (!changes.steps().isEmpty()) step.executeBatch();
            if (made) result.executeBatch();
            for (Digest key : changes.refused()) {
                refuse.setString(1, key.hex());
                refuse.addBatch();
            }
            if (!changes.refused().isEmpty()) refuse.executeBatch();
            for (var changed : changes.agents().entrySet())
                Rows.add(agent, changed.getKey(), changed.getValue());
            if (!changes.agents().isEmpty()) agent.executeBatch();
            for (var learned : changes.durations().entrySet()) {
                if (learned.getValue().isPresent()) Rows.add(duration, learned.getValue().get());
                else Rows.forget(forget, learned.getKey());
            }
            if (!changes.durations().isEmpty()) {
                duration.executeBatch();
                forget.executeBatch();
            }
            counter.setLong(1, changes.nextLease());
            counter.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            undo(e);
            throw e;
        }
    }

    private void undo(SQLException cause) {
        try {
            for (PreparedStatement put :
                    new PreparedStatement[] {
                        job, plan, step, result, agent, duration, forget, refuse
                    }) put.clearBatch();
            connection.rollback();
        } catch (SQLException also) {
            cause.addSuppressed(also);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
