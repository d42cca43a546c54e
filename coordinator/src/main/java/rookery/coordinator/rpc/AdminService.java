package rookery.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Standing;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.loop.Loop;
import rookery.model.AgentId;
import rookery.v1.AdminGrpc;
import rookery.v1.AgentView;
import rookery.v1.LeaseView;
import rookery.v1.ListAgentsRequest;
import rookery.v1.ListAgentsResponse;
import rookery.v1.RuleRequest;
import rookery.v1.RuleResponse;
import rookery.v1.WhoAmIRequest;
import rookery.v1.WhoAmIResponse;
import rookery.wire.AgentWire;
import rookery.wire.Named;
import rookery.wire.Protocol;

/// What the farm's owner calls. Who may call what is the server's business.
public final class AdminService extends AdminGrpc.AdminImplBase {
    private static final String SOFTWARE =
            Objects.requireNonNullElse(
                    AdminService.class.getPackage().getImplementationVersion(), "from source");

    private final Loop loop;
    private final Streams streams;
    private final InstantSource clock;
    private volatile int blobPort;
    private volatile String blobRepository = "";

    public AdminService(Loop loop, Streams streams, InstantSource clock) {
        this.loop = loop;
        this.streams = streams;
        this.clock = clock;
    }

    /// From now on callers are told where the blobs are.
    public void announce(int port, String repository) {
        blobRepository = repository;
        blobPort = port;
    }

    @Override
    public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> answer) {
        Unary.answer(
                answer,
                () -> {
                    Farm farm = loop.snapshot();
                    var list = ListAgentsResponse.newBuilder();
                    farm.agents().values().forEach(agent -> list.addAgents(view(farm, agent)));
                    return list.build();
                });
    }

    @Override
    public void rule(RuleRequest request, StreamObserver<RuleResponse> answer) {
        Unary.answer(
                answer,
                () -> {
                    AgentId agent = Named.agent(request.getAgent());
                    Standing standing = standing(request.getStanding());
                    // A word about nobody would be kept for ever.
                    if (!loop.snapshot().agents().containsKey(agent))
                        throw Errors.refusal(
                                Status.NOT_FOUND,
                                "there is no agent "
                                        + agent
                                        + "; `rookery agents` shows who there is");
                    loop.ask(new Event.Ruled(clock.instant(), agent, standing)).join();
                    return RuleResponse.getDefaultInstance();
                });
    }

    @Override
    public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIResponse> answer) {
        Unary.answer(
                answer,
                () ->
                        WhoAmIResponse.newBuilder()
                                .setName(Askers.name().orElse(""))
                                .setRole(Askers.role())
                                .setProtocolVersion(Protocol.CURRENT)
                                .setSoftware(SOFTWARE)
                                .setBlobPort(blobPort)
                                .setBlobRepository(blobRepository)
                                .build());
    }

    private static Standing standing(String word) {
        return switch (word) {
            case "open" -> Standing.OPEN;
            case "cordoned" -> Standing.CORDONED;
            case "draining" -> Standing.DRAINING;
            default -> // foreign
                    throw Errors.refusal(
                            Status.INVALID_ARGUMENT,
                            "an agent cannot be ruled "
                                    + Errors.quoted(word)
                                    + "; say open (which ends a quarantine too), cordoned or draining");
        };
    }

    private AgentView view(Farm farm, Agent agent) {
        var view =
                AgentView.newBuilder()
                        .setAgent(agent.id().value())
                        .setFacts(AgentWire.write(agent.facts()))
                        .setStanding(standing(agent))
                        .setWhy(agent.conduct().why())
                        .setConnected(agent.goneSince().isEmpty())
                        .setSeenMs(agent.seenAt().toEpochMilli())
                        .setIncarnation(agent.incarnation());
        streams.spoken(agent.id())
                .ifPresent(s -> view.setProtocolVersion(s.protocol()).setSoftware(s.software()));
        agent.leases()
                .forEach((lease, lent) -> {
                    StepRow row = farm.job(lent.ref().job()).row(lent.ref().step());
                    view.addLeases(
                            LeaseView.newBuilder()
                                    .setLease(lease.number())
                                    .setJob(lent.ref().job().value())
                                    .setStep(lent.ref().step().value())
                                    .setPhase(row.phase())
                                    .setStartedMs(
                                            row.startedAt().map(Instant::toEpochMilli).orElse(0L)));
                });
        return view.build();
    }

    /// One that drains by its own word stands so too.
    private static String standing(Agent agent) {
        Standing standing = agent.conduct().standing();
        if (standing == Standing.OPEN && agent.draining()) standing = Standing.DRAINING;
        return standing.name().toLowerCase(Locale.ROOT);
    }
}
