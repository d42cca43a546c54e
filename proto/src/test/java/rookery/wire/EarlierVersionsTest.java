package rookery.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rookery.model.Doing;
import rookery.model.JobSpec;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.Work;
import rookery.v1.AgentFacts;
import rookery.v1.AgentState;
import rookery.v1.DesiredState;
import rookery.v1.LogChunk;
import rookery.v1.SubmitRequest;

/// Messages that were recorded from a program of protocol version 1 are read as they were meant.
/// The recordings are never made anew: a change that breaks them breaks a farm that is upgraded one
/// machine at a time.
class EarlierVersionsTest {
    private static byte[] recorded(String name) {
        try (InputStream in = EarlierVersionsTest.class.getResourceAsStream("v1/" + name)) {
            if (in == null) throw new AssertionError(name + " is not among the recordings");
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anIdleAgentOfVersionOneIsRead() throws InvalidProtocolBufferException {
        AgentWire.State state =
                AgentWire.read(AgentState.parseFrom(recorded("agent-state-idle.bin")));
        assertThat(state.agent().value()).isEqualTo("a1");
        assertThat(state.protocol()).isEqualTo(1);
        assertThat(Protocol.refusal("a1", state.protocol())).isEmpty();
        assertThat(state.draining()).isFalse();
        assertThat(state.software()).isEmpty();
        assertThat(state.facts().labels()).containsExactly("fast");
        assertThat(state.facts().emulators()).containsOnlyKeys("amd64", "arm64");
        assertThat(state.doing()).isEmpty();
    }

    @Test
    void whatABusyAgentOfVersionOneHasFinishedCounts() throws InvalidProtocolBufferException {
        AgentWire.State state =
                AgentWire.read(AgentState.parseFrom(recorded("agent-state-busy.bin")));
        assertThat(state.number()).isEqualTo(12);
        assertThat(state.doing())
                .satisfiesExactly(
                        d -> assertThat(d).isEqualTo(new Doing.Running(new LeaseId(7), "compile")),
                        d ->
                                assertThat(((Doing.Finished) d).outcome())
                                        .isInstanceOfSatisfying(
                                                Outcome.Made.class,
                                                m ->
                                                        assertThat(m.blob("gpkg").sizeBytes())
                                                                .isEqualTo(3)),
                        d ->
                                assertThat(((Doing.Finished) d).outcome())
                                        .isInstanceOf(Outcome.Broke.class));
    }

    @Test
    void aCoordinatorOfVersionOneCanStillGiveOrders() throws InvalidProtocolBufferException {
        DesiredState desired = DesiredState.parseFrom(recorded("desired-state.bin"));
        assertThat(Protocol.read(desired.getProtocolVersion())).isEqualTo(1);
        Order order = AgentWire.read(desired.getOrders(0));
        assertThat(order.work()).isInstanceOf(Work.Modules.class);
        assertThat(order.inputs()).hasSize(1);
    }

    @Test
    void logsAndSubmissionsOfVersionOneAreRead() throws InvalidProtocolBufferException {
        LogChunk chunk = LogChunk.parseFrom(recorded("log-chunk.bin"));
        assertThat(chunk.getOffset()).isEqualTo(5);
        assertThat(chunk.getData().toStringUtf8()).isEqualTo("hello\n");
        SubmitRequest request = SubmitRequest.parseFrom(recorded("submit-request.bin"));
        JobSpec spec = SpecWire.read(request.getSpec());
        assertThat(spec.project()).isEqualTo("demo");
        assertThat(request.getPush()).isTrue();
        assertThat(request.getPlanOnly()).isFalse();
    }

    @Test
    void aReportOfThisVersionComesBackAsItWent() throws InvalidProtocolBufferException {
        AgentWire.State old =
                AgentWire.read(AgentState.parseFrom(recorded("agent-state-busy.bin")));
        var now =
                new AgentWire.State(
                        old.agent(),
                        old.incarnation(),
                        old.number(),
                        Protocol.CURRENT,
                        true,
                        "0.1.0",
                        old.facts(),
                        old.doing());
        assertThat(AgentWire.read(AgentWire.write(now))).isEqualTo(now);
    }

    @Test
    void onlyThePresentVersionAndTheOneBeforeAreSpokenWith() {
        assertThat(Protocol.refusal("a1", Protocol.read(0))).isEmpty();
        assertThat(Protocol.refusal("a1", Protocol.CURRENT)).isEmpty();
        assertThat(Protocol.refusal("a1", Protocol.CURRENT + 1).orElseThrow())
                .contains("version 3", "upgrade the coordinator", "`git pull`");
        assertThat(Protocol.refusal("a1", -1).orElseThrow())
                .contains("upgrade the agent", "`./rookery agent`");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 17, 60})
    void aMessageThatWasCutIsNeverReadAsAWholeOne(int cut) {
        byte[] whole = recorded("agent-state-busy.bin");
        byte[] part = Arrays.copyOf(whole, whole.length - 1 - cut);
        assertThatThrownBy(() -> AgentWire.read(AgentState.parseFrom(part)))
                .isInstanceOfAny(InvalidProtocolBufferException.class, RookeryException.class);
    }

    @Test
    void moreItemsThanAnAgentMayNameAreRefusedWithTheNumber()
            throws InvalidProtocolBufferException {
        var state = AgentState.parseFrom(recorded("agent-state-idle.bin")).toBuilder();
        for (int i = 0; i <= Limits.LEASES_PER_AGENT; i++)
            state.addDoing(rookery.v1.Doing.newBuilder().setLease(i + 1));
        assertThatThrownBy(() -> AgentWire.read(state.build()))
                .hasMessageContaining("'doing'")
                .hasMessageContaining("at most 1024");
        var facts = AgentFacts.newBuilder();
        for (int i = 0; i <= AgentWire.FACTS; i++) facts.addLabels("l" + i);
        assertThatThrownBy(() -> AgentWire.read(facts.build()))
                .hasMessageContaining("'facts.labels'");
    }
}
