package rookery.wire;

import static rookery.wire.Refuse.field;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Blame;
import rookery.model.Doing;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.model.Toolchain;
import rookery.model.Work;
import rookery.oci.Digest;
import rookery.v1.AgentState;

/// What agents say and are told.
public final class AgentWire {
    /// Toolchains, emulators and labels that one agent may name, each.
    public static final int FACTS = 256;

    private AgentWire() {}

    /// One report, whole.
    ///
    /// @param number rises with every report of one incarnation
    /// @param protocol as [Protocol#read] understood it
    /// @param software the program's own version, for people
    public record State(
            AgentId agent,
            long incarnation,
            long number,
            int protocol,
            boolean draining,
            String software,
            AgentFacts facts,
            List<Doing> doing) {
        public State {
            doing = List.copyOf(doing);
        }
    }

    public static AgentState write(State state) {
        var out =
                AgentState.newBuilder()
                        .setAgent(state.agent().value())
                        .setIncarnation(state.incarnation())
                        .setNumber(state.number())
                        .setProtocolVersion(state.protocol())
                        .setDraining(state.draining())
                        .setSoftware(state.software())
                        .setFacts(write(state.facts()));
        state.doing().forEach(doing -> out.addDoing(write(doing)));
        return out.build();
    }

    /// @throws RookeryException with blame SPEC for what is no report
    public static State read(AgentState in) {
        bounded(in); // before anything else of it is looked at
        return read(in, read(in.getFacts()));
    }

    /// As [#read(AgentState)], for a reader that knows these facts from an earlier report.
    public static State read(AgentState in, AgentFacts facts) {
        bounded(in);
        return new State(
                Named.agent(in.getAgent()),
                in.getIncarnation(),
                in.getNumber(),
                Protocol.read(in.getProtocolVersion()),
                in.getDraining(),
                in.getSoftware(),
                facts,
                in.getDoingList().stream().map(AgentWire::read).toList());
    }

    private static void bounded(AgentState in) {
        if (in.getDoingCount() > Limits.LEASES_PER_AGENT)
            throw tooMany("doing", in.getDoingCount(), Limits.LEASES_PER_AGENT);
    }

    private static RookeryException tooMany(String field, int found, int most) {
        return new RookeryException(
                Blame.SPEC,
                "the field '"
                        + field
                        + "' of the message has "
                        + found
                        + " items; send at most "
                        + most);
    }

    public static rookery.v1.AgentFacts write(AgentFacts facts) {
        var out =
                rookery.v1.AgentFacts.newBuilder()
                        .setBuildArchitecture(facts.buildArchitecture())
                        .setHostTools(facts.hostTools().toString())
                        .setGoVersion(facts.goVersion())
                        .setCores(facts.cores())
                        .setMemoryBytes(facts.memoryBytes())
                        .setSlots(facts.slots())
                        .addAllLabels(facts.labels());
        facts.toolchains()
                .forEach((toolchain, digest) ->
                        out.putToolchains(toolchain.word(), digest.toString()));
        facts.emulators()
                .forEach((architecture, digest) ->
                        out.putEmulators(architecture, digest.toString()));
        return out.build();
    }

    /// @throws RookeryException with blame SPEC for what no agent can be
    public static AgentFacts read(rookery.v1.AgentFacts in) {
        bounded("toolchains", in.getToolchainsCount());
        bounded("emulators", in.getEmulatorsCount());
        bounded("labels", in.getLabelsCount());
        SortedMap<Toolchain, Digest> toolchains = new TreeMap<>();
        in.getToolchainsMap()
                .forEach((word, digest) ->
                        toolchains.put(SpecWire.toolchain(word), SpecWire.digest(digest)));
        SortedMap<String, Digest> emulators = new TreeMap<>();
        in.getEmulatorsMap()
                .forEach((architecture, digest) ->
                        emulators.put(architecture, SpecWire.digest(digest)));
        return field(
                "facts",
                () ->
                        new AgentFacts(
                                in.getBuildArchitecture(),
                                SpecWire.digest(in.getHostTools()),
                                in.getGoVersion(),
                                toolchains,
                                emulators,
                                in.getCores(),
                                in.getMemoryBytes(),
                                in.getSlots(),
                                new TreeSet<>(in.getLabelsList())));
    }

    private static void bounded(String field, int found) {
        if (found > FACTS) throw tooMany("facts." + field, found, FACTS);
    }

    public static rookery.v1.Doing write(Doing doing) {
        var out = rookery.v1.Doing.newBuilder().setLease(doing.lease().number());
        switch (doing) {
            case Doing.Running(_, String phase) -> out.setPhase(phase);
            case Doing.Finished(_, Outcome outcome) -> out.setFinished(WorkWire.write(outcome));
        }
        return out.build();
    }

    public static Doing read(rookery.v1.Doing in) {
        LeaseId lease = Named.lease(in.getLease());
        return switch (in.getStateCase()) {
            case PHASE -> new Doing.Running(lease, in.getPhase());
            case FINISHED -> new Doing.Finished(lease, WorkWire.read(in.getFinished()));
            case STATE_NOT_SET -> new Doing.Running(lease, "");
        };
    }

    public static rookery.v1.Order write(Order order) {
        var out =
                rookery.v1.Order.newBuilder()
                        .setLease(order.lease().number())
                        .setJob(order.job().value())
                        .setStep(order.step().value())
                        .setKey(order.key().toString())
                        .setTrustDomain(order.trustDomain())
                        .setCores(order.cores())
                        .setWork(WorkWire.write(order.work()));
        order.inputs().forEach((step, made) -> out.putInputs(step.value(), WorkWire.write(made)));
        return out.build();
    }

    public static Order read(rookery.v1.Order in) {
        if (in.getInputsCount() > Limits.STEPS_PER_JOB)
            throw new RookeryException(
                    Blame.BUG, "an order with " + in.getInputsCount() + " inputs");
        if (!(WorkWire.read(in.getWork()) instanceof Work.OnAgent work)) {
            throw new RookeryException(
                    Blame.BUG,
                    "the step " + in.getStep() + " is the coordinator's own, yet it was lent out");
        }
        SortedMap<StepId, Outcome.Made> inputs = new TreeMap<>();
        in.getInputsMap()
                .forEach((step, made) ->
                        inputs.put(field("step", () -> new StepId(step)), WorkWire.read(made)));
        return field(
                "order",
                () ->
                        new Order(
                                new LeaseId(in.getLease()),
                                new JobId(in.getJob()),
                                new StepId(in.getStep()),
                                SpecWire.digest(in.getKey()),
                                in.getTrustDomain(),
                                work,
                                inputs,
                                in.getCores()));
    }
}
