package rookery.coordinator.store;

import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Conduct;
import rookery.coordinator.farm.Durations;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.coordinator.farm.Standing;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.plan.Step;
import rookery.model.AgentId;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;
import rookery.wire.SpecWire;
import rookery.wire.WorkWire;

/// Jobs and steps as rows and back. Specs, work and outcomes are kept as the wire's messages, which
/// stay readable.
final class Rows {
    static final String PUT_JOB =
            """
            insert into job (id, request_id, spec, push, allow_drop, status, failed_step, failure, submitted_ms, ended_ms,
                plan_only)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do update set status = excluded.status, failed_step = excluded.failed_step,
                failure = excluded.failure, ended_ms = excluded.ended_ms
            """;

    static final String PUT_PLAN =
            """
            insert into plan (job, part, steps)
            values (?, (select coalesce(max(part), 0) + 1 from plan where job = ?), ?)
            """;

    static final String PUT_STEP =
            """
            insert into step (job, id, state, attempts, forgiven, agents_lost, lease, agent, incarnation, step_key, made,
                failure, why, not_before_ms, avoid, started_ms, ended_ms)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (job, id) do update set state = excluded.state, attempts = excluded.attempts,
                forgiven = excluded.forgiven, agents_lost = excluded.agents_lost, lease = excluded.lease,
                agent = excluded.agent, incarnation = excluded.incarnation, step_key = excluded.step_key,
                made = excluded.made, failure = excluded.failure, why = excluded.why,
                not_before_ms = excluded.not_before_ms, avoid = excluded.avoid, started_ms = excluded.started_ms,
                ended_ms = excluded.ended_ms
            """;

    /// Read by number: a name would be looked up for each row.
    static final String STEP_COLUMNS =
            "id, state, attempts, forgiven, agents_lost, lease, agent, incarnation, step_key, made,"
                    + " failure, why, not_before_ms, avoid, started_ms, ended_ms";

    /// The first result under a name stays: a name promises one content. One whose blobs were lost
    /// was not recalled, was made again, and takes the place of the old.
    static final String PUT_RESULT =
            """
            insert into result (step_key, trust_domain, kind, made, built_by, built_ms, job, step)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (step_key) do update set made = excluded.made, built_by = excluded.built_by,
                built_ms = excluded.built_ms, job = excluded.job, step = excluded.step
            """;

    static final String REFUSE_RESULT = "delete from result where step_key = ?";

    static final String PUT_AGENT =
            """
            insert into agent (id, standing, why, since_ms, times) values (?, ?, ?, ?, ?)
            on conflict (id) do update set standing = excluded.standing, why = excluded.why,
                since_ms = excluded.since_ms, times = excluded.times
            """;

    static final String PUT_DURATION =
            """
            insert into duration (kind, subject, chost, toolchain, agent_class, millis, peak_bytes, lessons, stamp)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (subject, chost, agent_class, kind, toolchain) do update set millis = excluded.millis,
                peak_bytes = excluded.peak_bytes, lessons = excluded.lessons, stamp = excluded.stamp
            """;

    static final String FORGET_DURATION =
            """
            delete from duration
            where kind = ? and subject = ? and chost = ? and toolchain = ? and agent_class = ?
            """;

    private Rows() {}

    private static void key(PreparedStatement put, Durations.Key key) throws SQLException {
        put.setString(1, key.kind());
        put.setString(2, key.subject());
        put.setString(3, key.chost());
        put.setString(4, key.toolchain());
        put.setString(5, key.agentClass());
    }

    static void forget(PreparedStatement delete, Durations.Key key) throws SQLException {
        key(delete, key);
        delete.addBatch();
    }

    static void add(PreparedStatement put, Durations.Row row) throws SQLException {
        key(put, row.key());
        put.setLong(6, row.learned().millis());
        put.setLong(7, row.learned().peakBytes());
        put.setLong(8, row.learned().count());
        put.setLong(9, row.learned().stamp());
        put.addBatch();
    }

    static Durations.Row readDuration(ResultSet in) throws SQLException {
        return new Durations.Row(
                new Durations.Key(
                        in.getString("kind"),
                        in.getString("subject"),
                        in.getString("chost"),
                        in.getString("toolchain"),
                        in.getString("agent_class")),
                new Durations.Learned(
                        in.getLong("millis"),
                        in.getLong("peak_bytes"),
                        in.getLong("lessons"),
                        in.getLong("stamp")));
    }

    static void add(PreparedStatement put, Job job) throws SQLException {
        put.setString(1, job.id().value());
        put.setString(2, job.requestId());
        put.setBytes(3, SpecWire.write(job.spec()).toByteArray());
        put.setInt(4, job.push() ? 1 : 0);
        put.setInt(5, job.allowDrop() ? 1 : 0);
        put.setString(6, word(job.status()));
        put.setString(7, null);
        put.setBytes(8, null);
        if (job.status() instanceof Job.Status.Failed(StepId step, Failure failure)) {
            put.setString(7, step.value());
            put.setBytes(8, WorkWire.write(failure).toByteArray());
        }
        put.setLong(9, job.submittedAt().toEpochMilli());
        time(put, 10, job.endedAt());
        put.setInt(11, job.planOnly() ? 1 : 0);
        put.addBatch();
    }

    static String word(Job.Status status) {
        return switch (status) {
            case Job.Status.Running _ -> "running";
            case Job.Status.Done _ -> "done";
            case Job.Status.Failed _ -> "failed";
            case Job.Status.Cancelled _ -> "cancelled";
        };
    }

    static void add(PreparedStatement put, Changes.Planned planned) throws SQLException {
        put.setString(1, planned.job().id().value());
        put.setString(2, planned.job().id().value());
        put.setBytes(3, Plans.write(planned.job().spec(), planned.steps()).toByteArray());
        put.addBatch();
    }

    static void add(PreparedStatement put, JobId job, StepRow row) throws SQLException {
        StepColumns c = StepColumns.of(row.state());
        put.setString(1, job.value());
        put.setString(2, row.id().value());
        put.setString(3, c.state());
        put.setInt(4, row.attempts());
        put.setInt(5, row.forgiven());
        put.setInt(6, row.agentsLost());
        if (c.lease() == 0) put.setNull(7, Types.BIGINT);
        else put.setLong(7, c.lease());
        put.setString(8, c.agent());
        if (c.lease() == 0) put.setNull(9, Types.BIGINT);
        else put.setLong(9, c.incarnation());
        put.setString(10, c.key());
        put.setBytes(11, c.made() == null ? null : WorkWire.write(c.made()).toByteArray());
        Optional<Failure> failure =
                c.failure() == null ? row.lastFailure() : Optional.of(c.failure());
        put.setBytes(12, failure.map(f -> WorkWire.write(f).toByteArray()).orElse(null));
        put.setString(13, c.why());
        time(put, 14, Optional.ofNullable(c.notBefore()));
        put.setString(
                15,
                row.avoid().isEmpty()
                        ? null
                        : row.avoid().stream()
                                .map(AgentId::value)
                                .collect(Collectors.joining("\n")));
        time(put, 16, row.startedAt());
        time(put, 17, row.endedAt());
        put.addBatch();
    }

    /// @return whether the row tells of a result
    static boolean addResult(PreparedStatement put, StepRef ref, Changes.Row saved, Instant now)
            throws SQLException {
        StepRow row = saved.row();
        if (!(row.state()
                        instanceof
                        StepState.Done(Outcome.Made made, Optional<StepState.Origin> origin))
                || origin.isEmpty()
                || row.step().work() instanceof Work.Publish) return false;
        put.setString(1, origin.get().key().hex());
        put.setString(2, saved.trustDomain());
        put.setString(3, row.step().work().kind());
        put.setBytes(4, WorkWire.write(made).toByteArray());
        put.setString(5, origin.get().builtBy());
        put.setLong(6, now.toEpochMilli());
        put.setString(7, ref.job().value());
        put.setString(8, row.id().value());
        put.addBatch();
        return true;
    }

    static void add(PreparedStatement put, AgentId id, Conduct conduct) throws SQLException {
        put.setString(1, id.value());
        put.setString(2, conduct.standing().name());
        put.setString(3, conduct.why());
        put.setLong(4, conduct.since().toEpochMilli());
        put.setInt(5, conduct.times());
        put.addBatch();
    }

    static Conduct readConduct(ResultSet in) throws SQLException {
        return Conduct.saved(
                Standing.valueOf(in.getString("standing")),
                in.getString("why"),
                Instant.ofEpochMilli(in.getLong("since_ms")),
                in.getInt("times"));
    }

    /// A job without its steps.
    static Job readJob(ResultSet in) throws SQLException {
        byte[] spec = in.getBytes("spec");
        return new Job(
                new JobId(in.getString("id")),
                in.getString("request_id"),
                SpecWire.read(parse(() -> rookery.v1.JobSpec.parseFrom(spec))),
                in.getInt("push") != 0,
                in.getInt("allow_drop") != 0,
                in.getInt("plan_only") != 0,
                status(in),
                Instant.ofEpochMilli(in.getLong("submitted_ms")),
                time(in, in.findColumn("ended_ms")),
                TreePMap.empty(),
                TreePMap.empty(),
                TreePMap.empty(),
                0);
    }

    private static Job.Status status(ResultSet in) throws SQLException {
        String status = in.getString("status");
        return switch (status) {
            case "running" -> new Job.Status.Running();
            case "done" -> new Job.Status.Done();
            case "cancelled" -> new Job.Status.Cancelled();
            case "failed" -> {
                byte[] failure = in.getBytes("failure");
                yield new Job.Status.Failed(
                        new StepId(in.getString("failed_step")),
                        WorkWire.read(parse(() -> rookery.v1.Failure.parseFrom(failure))));
            }
            default ->
                    throw new SQLException(
                            "a job in the state '"
                                    + status
                                    + "', which this version does not know");
        };
    }

    static JobSummary readSummary(ResultSet in) throws SQLException {
        Job job = readJob(in);
        return new JobSummary(
                job.id(),
                job.requestId(),
                job.spec().project(),
                job.spec().farm().priority(),
                job.push(),
                job.planOnly(),
                job.status(),
                job.submittedAt(),
                job.endedAt(),
                in.getInt("steps"),
                in.getInt("steps") - in.getInt("open"));
    }

    /// What a step's row tells beside its plan.
    record Saved(
            String id,
            StepState state,
            int attempts,
            int forgiven,
            int agentsLost,
            SortedSet<AgentId> avoid,
            Optional<Failure> last,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt) {

        StepRow of(Step step) {
            return new StepRow(
                    step,
                    state,
                    attempts,
                    forgiven,
                    agentsLost,
                    avoid,
                    last,
                    startedAt,
                    endedAt,
                    "",
                    0);
        }
    }

    static Saved readStep(ResultSet in) throws SQLException {
        byte[] failure = in.getBytes(11);
        Optional<Failure> last =
                failure == null
                        ? Optional.empty()
                        : Optional.of(
                                WorkWire.read(parse(() -> rookery.v1.Failure.parseFrom(failure))));
        return new Saved(
                in.getString(1),
                StepColumns.read(in, last),
                in.getInt(3),
                in.getInt(4),
                in.getInt(5),
                avoid(in.getString(14)),
                last,
                time(in, 15),
                time(in, 16));
    }

    static Outcome.Made readMade(byte[] bytes) throws SQLException {
        return WorkWire.read(parse(() -> rookery.v1.Made.parseFrom(bytes)));
    }

    private static SortedSet<AgentId> avoid(@Nullable String text) {
        if (text == null) return new TreeSet<>();
        return text.lines().map(AgentId::new).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void time(PreparedStatement put, int column, Optional<Instant> time)
            throws SQLException {
        if (time.isPresent()) put.setLong(column, time.get().toEpochMilli());
        else put.setNull(column, Types.BIGINT);
    }

    static Optional<Instant> time(ResultSet in, int column) throws SQLException {
        long ms = in.getLong(column);
        return in.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ms));
    }

    interface Parser<T> {
        T parse() throws InvalidProtocolBufferException, SQLException;
    }

    static <T> T parse(Parser<T> parser) throws SQLException {
        try {
            return parser.parse();
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("a row holds what is no message: " + e.getMessage(), e);
        }
    }

    /// What of a state stands in columns of its own.
    private record StepColumns(
            String state,
            long lease,
            @Nullable String agent,
            long incarnation,
            @Nullable String key,
            Outcome.@Nullable Made made,
            @Nullable Failure failure,
            @Nullable String why,
            @Nullable Instant notBefore) {

        static StepColumns of(StepState state) {
            return switch (state) {
                case StepState.Waiting(Instant notBefore) ->
                        plain(
                                "waiting",
                                null,
                                null,
                                notBefore.equals(Instant.EPOCH) ? null : notBefore);
                // Being looked up and being ready are not worth a write: after a start the step is
                // looked up again.
                case StepState.Recalling _, StepState.Ready _ -> plain("waiting", null, null, null);
                case StepState.Leased(LeaseId lease, AgentId agent, long incarnation, Digest key) ->
                        new StepColumns(
                                "leased",
                                lease.number(),
                                agent.value(),
                                incarnation,
                                key.hex(),
                                null,
                                null,
                                null,
                                null);
                case StepState.Running(int _, Digest key) ->
                        new StepColumns("running", 0, null, 0, key.hex(), null, null, null, null);
                case StepState.Growing(Outcome.Made made, Optional<StepState.Origin> origin) ->
                        made("growing", made, origin);
                case StepState.Done(Outcome.Made made, Optional<StepState.Origin> origin) ->
                        made("done", made, origin);
                case StepState.Failed(Failure failure) -> plain("failed", failure, null, null);
                case StepState.Cancelled(String why) -> plain("cancelled", null, why, null);
            };
        }

        private static StepColumns plain(
                String state,
                @Nullable Failure failure,
                @Nullable String why,
                @Nullable Instant notBefore) {
            return new StepColumns(state, 0, null, 0, null, null, failure, why, notBefore);
        }

        private static StepColumns made(
                String state, Outcome.Made made, Optional<StepState.Origin> origin) {
            return new StepColumns(
                    state,
                    0,
                    origin.map(StepState.Origin::builtBy).orElse(null),
                    0,
                    origin.map(o -> o.key().hex()).orElse(null),
                    made,
                    null,
                    null,
                    null);
        }

        static StepState read(ResultSet in, Optional<Failure> failure) throws SQLException {
            String state = in.getString(2);
            return switch (state) {
                case "waiting" -> new StepState.Waiting(time(in, 13).orElse(Instant.EPOCH));
                case "leased" ->
                        new StepState.Leased(
                                new LeaseId(in.getLong(6)),
                                new AgentId(in.getString(7)),
                                in.getLong(8),
                                new Digest(in.getString(9)));
                case "running" -> new StepState.Running(in.getInt(3), new Digest(in.getString(9)));
                case "growing" -> new StepState.Growing(readMade(in.getBytes(10)), origin(in));
                case "done" -> new StepState.Done(readMade(in.getBytes(10)), origin(in));
                case "failed" -> new StepState.Failed(failure.orElseThrow());
                case "cancelled" -> new StepState.Cancelled(in.getString(12));
                default ->
                        throw new SQLException(
                                "a step in the state '"
                                        + state
                                        + "', which this version does not know");
            };
        }

        /// A recalled result has none.
        private static Optional<StepState.Origin> origin(ResultSet in) throws SQLException {
            String key = in.getString(9);
            return key == null
                    ? Optional.empty()
                    : Optional.of(new StepState.Origin(new Digest(key), in.getString(7)));
        }
    }
}
