package rookery.coordinator.store;

import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Conduct;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.coordinator.farm.Standing;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.plan.Step;
import rookery.coordinator.plan.Step.Edge;
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

    static final String PUT_STEP =
            """
            insert into step (job, id, work, needs, required, state, lease, agent, incarnation, step_key, made, recalled,
                failure, why, not_before_ms, attempts, forgiven, agents_lost, avoid, started_ms, ended_ms)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (job, id) do update set work = excluded.work, needs = excluded.needs,
                required = excluded.required, state = excluded.state, lease = excluded.lease, agent = excluded.agent,
                incarnation = excluded.incarnation, step_key = excluded.step_key, made = excluded.made,
                recalled = excluded.recalled, failure = excluded.failure, why = excluded.why,
                not_before_ms = excluded.not_before_ms, attempts = excluded.attempts, forgiven = excluded.forgiven,
                agents_lost = excluded.agents_lost, avoid = excluded.avoid, started_ms = excluded.started_ms,
                ended_ms = excluded.ended_ms
            """;

    /// The first result under a name stays: a name promises one content. One whose blobs were lost
    /// was not recalled, was made again, and takes the place of the old.
    static final String PUT_RESULT =
            """
            insert into result (step_key, trust_domain, kind, made, built_by, built_ms, job, step)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (step_key) do update set made = excluded.made, built_by = excluded.built_by,
                built_ms = excluded.built_ms, job = excluded.job, step = excluded.step
            """;

    static final String PUT_AGENT =
            """
            insert into agent (id, standing, why, since_ms, times) values (?, ?, ?, ?, ?)
            on conflict (id) do update set standing = excluded.standing, why = excluded.why,
                since_ms = excluded.since_ms, times = excluded.times
            """;

    private Rows() {}

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

    static void add(PreparedStatement put, JobId job, StepRow row) throws SQLException {
        StepColumns c = StepColumns.of(row.state());
        put.setString(1, job.value());
        put.setString(2, row.id().value());
        put.setBytes(3, WorkWire.write(row.step().work()).toByteArray());
        put.setString(4, needs(row.step().needs()));
        put.setInt(5, row.step().required() ? 1 : 0);
        put.setString(6, c.state());
        if (c.lease() == 0) put.setNull(7, Types.INTEGER);
        else put.setLong(7, c.lease());
        put.setString(8, c.agent());
        if (c.lease() == 0) put.setNull(9, Types.INTEGER);
        else put.setLong(9, c.incarnation());
        put.setString(10, c.key());
        put.setBytes(11, c.made() == null ? null : WorkWire.write(c.made()).toByteArray());
        put.setInt(12, c.recalled() ? 1 : 0);
        Optional<Failure> failure =
                c.failure() == null ? row.lastFailure() : Optional.of(c.failure());
        put.setBytes(13, failure.map(f -> WorkWire.write(f).toByteArray()).orElse(null));
        put.setString(14, c.why());
        time(put, 15, Optional.ofNullable(c.notBefore()));
        put.setInt(16, row.attempts());
        put.setInt(17, row.forgiven());
        put.setInt(18, row.agentsLost());
        put.setString(
                19, row.avoid().stream().map(AgentId::value).collect(Collectors.joining("\n")));
        time(put, 20, row.startedAt());
        time(put, 21, row.endedAt());
        put.addBatch();
    }

    static void addResult(PreparedStatement put, StepRef ref, Changes.Row saved, Instant now)
            throws SQLException {
        StepRow row = saved.row();
        if (!(row.state()
                        instanceof
                        StepState.Done(Outcome.Made made, Optional<StepState.Origin> origin))
                || origin.isEmpty()
                || row.step().work() instanceof Work.Publish) return;
        put.setString(1, origin.get().key().hex());
        put.setString(2, saved.trustDomain());
        put.setString(3, row.step().work().kind());
        put.setBytes(4, WorkWire.write(made).toByteArray());
        put.setString(5, origin.get().builtBy());
        put.setLong(6, now.toEpochMilli());
        put.setString(7, ref.job().value());
        put.setString(8, row.id().value());
        put.addBatch();
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

    static Job readJob(ResultSet in, List<StepRow> rows) throws SQLException {
        PSortedMap<StepId, StepRow> steps = TreePMap.empty();
        int open = 0;
        for (StepRow row : rows) {
            steps = steps.plus(row.id(), row);
            if (!row.state().ended()) open++;
        }
        return new Job(
                new JobId(in.getString("id")),
                in.getString("request_id"),
                SpecWire.read(parse(() -> rookery.v1.JobSpec.parseFrom(in.getBytes("spec")))),
                in.getInt("push") != 0,
                in.getInt("allow_drop") != 0,
                in.getInt("plan_only") != 0,
                status(in),
                Instant.ofEpochMilli(in.getLong("submitted_ms")),
                time(in, "ended_ms"),
                steps,
                TreePMap.empty(),
                TreePMap.empty(),
                open);
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
        Job job = readJob(in, List.of());
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

    static StepRow readStep(ResultSet in) throws SQLException {
        var id = new StepId(in.getString("id"));
        Work work = WorkWire.read(parse(() -> rookery.v1.Work.parseFrom(in.getBytes("work"))));
        byte[] failure = in.getBytes("failure");
        Optional<Failure> last =
                failure == null
                        ? Optional.empty()
                        : Optional.of(
                                WorkWire.read(parse(() -> rookery.v1.Failure.parseFrom(failure))));
        return new StepRow(
                new Step(id, work, needs(in.getString("needs")), in.getInt("required") != 0),
                StepColumns.read(in, last),
                in.getInt("attempts"),
                in.getInt("forgiven"),
                in.getInt("agents_lost"),
                avoid(in.getString("avoid")),
                last,
                time(in, "started_ms"),
                time(in, "ended_ms"),
                "",
                0);
    }

    static Outcome.Made readMade(byte[] bytes) throws SQLException {
        return WorkWire.read(parse(() -> rookery.v1.Made.parseFrom(bytes)));
    }

    private static String needs(SortedMap<StepId, Edge> needs) {
        return needs.entrySet().stream()
                .map(e -> e.getValue().name() + " " + e.getKey())
                .collect(Collectors.joining("\n"));
    }

    private static SortedMap<StepId, Edge> needs(String text) {
        SortedMap<StepId, Edge> needs = new TreeMap<>();
        text.lines()
                .forEach(line -> {
                    int blank = line.indexOf(' ');
                    needs.put(
                            new StepId(line.substring(blank + 1)),
                            Edge.valueOf(line.substring(0, blank)));
                });
        return needs;
    }

    private static SortedSet<AgentId> avoid(String text) {
        return text.lines().map(AgentId::new).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void time(PreparedStatement put, int column, Optional<Instant> time)
            throws SQLException {
        if (time.isPresent()) put.setLong(column, time.get().toEpochMilli());
        else put.setNull(column, Types.INTEGER);
    }

    static Optional<Instant> time(ResultSet in, String column) throws SQLException {
        long ms = in.getLong(column);
        return in.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ms));
    }

    private interface Parser<T> {
        T parse() throws InvalidProtocolBufferException, SQLException;
    }

    private static <T> T parse(Parser<T> parser) throws SQLException {
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
            boolean recalled,
            @Nullable Failure failure,
            @Nullable String why,
            @Nullable Instant notBefore) {

        static StepColumns of(StepState state) {
            return switch (state) {
                case StepState.Waiting(Instant notBefore) ->
                        plain("waiting", null, null, notBefore);
                // Being looked up and being ready are not worth a write: after a start the step is
                // looked up again.
                case StepState.Recalling _, StepState.Ready _ ->
                        plain("waiting", null, null, Instant.EPOCH);
                case StepState.Leased(LeaseId lease, AgentId agent, long incarnation, Digest key) ->
                        new StepColumns(
                                "leased",
                                lease.number(),
                                agent.value(),
                                incarnation,
                                key.hex(),
                                null,
                                false,
                                null,
                                null,
                                null);
                case StepState.Running(int _, Digest key) ->
                        new StepColumns(
                                "running", 0, null, 0, key.hex(), null, false, null, null, null);
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
            return new StepColumns(state, 0, null, 0, null, null, false, failure, why, notBefore);
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
                    origin.isEmpty(),
                    null,
                    null,
                    null);
        }

        static StepState read(ResultSet in, Optional<Failure> failure) throws SQLException {
            String state = in.getString("state");
            return switch (state) {
                case "waiting" ->
                        new StepState.Waiting(time(in, "not_before_ms").orElse(Instant.EPOCH));
                case "leased" ->
                        new StepState.Leased(
                                new LeaseId(in.getLong("lease")),
                                new AgentId(in.getString("agent")),
                                in.getLong("incarnation"),
                                new Digest(in.getString("step_key")));
                case "running" ->
                        new StepState.Running(
                                in.getInt("attempts"), new Digest(in.getString("step_key")));
                case "growing" -> new StepState.Growing(readMade(in.getBytes("made")), origin(in));
                case "done" -> new StepState.Done(readMade(in.getBytes("made")), origin(in));
                case "failed" -> new StepState.Failed(failure.orElseThrow());
                case "cancelled" -> new StepState.Cancelled(in.getString("why"));
                default ->
                        throw new SQLException(
                                "a step in the state '"
                                        + state
                                        + "', which this version does not know");
            };
        }

        private static Optional<StepState.Origin> origin(ResultSet in) throws SQLException {
            if (in.getInt("recalled") != 0) return Optional.empty();
            return Optional.of(
                    new StepState.Origin(
                            new Digest(in.getString("step_key")), in.getString("agent")));
        }
    }
}
