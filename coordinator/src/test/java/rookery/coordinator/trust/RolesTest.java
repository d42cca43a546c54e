package rookery.coordinator.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.access.Role;
import rookery.v1.EnrolmentGrpc;
import rookery.v1.TokensGrpc;

/// Each caller calls each method there is over real TLS, and what happens is what docs/trust.md
/// says.
class RolesTest {
    private static final List<String> CALLERS =
            List.of("nobody", "agent", "submitter", "viewer", "admin");

    @TempDir Path directory;

    @Test
    void everyMethodHasARowAndNoRowIsOfAnythingElse() throws Exception {
        assertThat(Permissions.methods())
                .containsExactlyInAnyOrderElementsOf(
                        Methods.all().stream().map(MethodDescriptor::getFullMethodName).toList());
    }

    @Test
    void whatAgentsSayNamesTheAgent() throws Exception {
        for (MethodDescriptor<?, ?> method : Methods.all()) {
            var rule = Permissions.of(method.getFullMethodName()).orElseThrow();
            if (rule.roles().equals(java.util.EnumSet.of(Role.AGENT)))
                assertThat(LiveCall.agentField(method))
                        .as("%s", method.getFullMethodName())
                        .isNotNull();
        }
    }

    @Test
    void everyCallerMayCallWhatTheDocumentationSaysAndNothingElse() throws Exception {
        var services = new ArrayList<io.grpc.BindableService>();
        for (var service : Methods.services()) {
            boolean ours = service.getName().startsWith("rookery.v1.");
            boolean added =
                    service.getName().equals(EnrolmentGrpc.SERVICE_NAME)
                            || service.getName().equals(TokensGrpc.SERVICE_NAME);
            if (ours && !added) services.add(Methods.reached(service));
        }
        Map<String, String> happens = new TreeMap<>();
        try (var farm = new TestFarm(directory, services.toArray(io.grpc.BindableService[]::new))) {
            List<ManagedChannel> channels =
                    CALLERS.stream()
                            .map(c ->
                                    Role.of(c)
                                            .map(r -> farm.channel(farm.join(r, c)))
                                            .orElseGet(farm::stranger))
                            .toList();
            for (MethodDescriptor<?, ?> method : Methods.all()) {
                var may = new ArrayList<String>();
                for (int i = 0; i < CALLERS.size(); i++) {
                    if (call(channels.get(i), method, CALLERS.get(i))) may.add(CALLERS.get(i));
                }
                happens.put(Methods.shortName(method), String.join(" ", may));
            }
        }
        assertThat(happens).isEqualTo(documented());
    }

    /// Rows of the table: | `Jobs.Submit` | - | - | yes | - | yes |
    private static Map<String, String> documented() throws Exception {
        Map<String, String> rows = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/trust.md"))) {
            if (!line.startsWith("| `")) continue;
            List<String> cells =
                    List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
            if (cells.size() != CALLERS.size() + 3) continue;
            var may = new ArrayList<String>();
            for (int i = 0; i < CALLERS.size(); i++) {
                if (cells.get(i + 2).equals("yes")) may.add(CALLERS.get(i));
            }
            rows.put(cells.get(1).replace("`", ""), String.join(" ", may));
        }
        return rows;
    }

    /// Whether the guard lets it through; what the service then says is no matter.
    private static boolean call(Channel channel, MethodDescriptor<?, ?> method, String caller)
            throws Exception {
        Status status = outcome(channel, method, caller).get(60, TimeUnit.SECONDS);
        String words = String.valueOf(status.getDescription());
        boolean refused =
                words.contains("needs a certificate and none was shown")
                        || words.contains(" may not call ");
        assertThat(status.getCode())
                .as("%s calls %s: %s", caller, method.getFullMethodName(), words)
                .isNotIn(Status.Code.UNAVAILABLE, Status.Code.UNIMPLEMENTED);
        return !refused;
    }

    private static <Q, A> CompletableFuture<Status> outcome(
            Channel channel, MethodDescriptor<Q, A> method, String caller) {
        var outcome = new CompletableFuture<Status>();
        ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(A message) {
                        outcome.complete(Status.OK);
                        call.cancel("seen enough", null);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        outcome.complete(status);
                    }
                },
                new Metadata());
        call.request(1);
        call.sendMessage(message(method, caller));
        call.halfClose();
        return outcome;
    }

    @SuppressWarnings("unchecked")
    private static <Q> Q message(MethodDescriptor<Q, ?> method, String caller) {
        var marshaller = (MethodDescriptor.PrototypeMarshaller<Q>) method.getRequestMarshaller();
        var empty = (Message) java.util.Objects.requireNonNull(marshaller.getMessagePrototype());
        var field = LiveCall.agentField(method);
        return (Q)
                (field == null ? empty : empty.newBuilderForType().setField(field, caller).build());
    }
}
