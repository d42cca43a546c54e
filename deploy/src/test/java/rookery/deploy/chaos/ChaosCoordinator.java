package rookery.deploy.chaos;

import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import rookery.cli.coordinator.CoordinatorProcess;
import rookery.coordinator.blobs.Access;
import rookery.coordinator.blobs.Keep;
import rookery.coordinator.loop.Loop;

/// The coordinator that `rookery coordinator` runs, with failpoints around its store, its services
/// and its blobs' rules, which are asked before and told after each upload.
final class ChaosCoordinator {
    private ChaosCoordinator() {}

    public static void main(String[] args) throws Exception {
        Arguments told = Arguments.of(args);
        Failpoints points = told.failpoints();
        var settings =
                new CoordinatorProcess.Settings(
                        told.path("state"),
                        told.text("listen"),
                        told.number("grpc"),
                        told.number("blobs"),
                        new CoordinatorProcess.Web("127.0.0.1", 0, Optional.empty()),
                        false,
                        List.of(told.text("hosts").split(",", -1)),
                        Duration.ofSeconds(told.number("lease")),
                        Keep.STANDARD,
                        told.path("state"),
                        new TreeMap<>());
        var around =
                new CoordinatorProcess.Around(
                        saver -> saver(saver, points),
                        service -> service(service, points),
                        access -> access(access, points));
        try (var process = CoordinatorProcess.start(settings, around)) {
            System.out.println(
                    "serving "
                            + process.grpcPort()
                            + " "
                            + process.blobPort()
                            + process.bootstrap().map(t -> " " + t.text()).orElse(""));
            System.out.flush();
            // Its disk is full, most likely: as the program does, it says why and ends.
            System.err.println(process.died().get().getMessage());
        }
        System.exit(20);
    }

    private static Loop.Saver saver(Loop.Saver saver, Failpoints points) {
        return (changes, now) -> {
            points.pass("persist.before");
            saver.save(changes, now);
            points.pass("persist.after");
        };
    }

    private static BindableService service(BindableService service, Failpoints points) {
        var answers =
                new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        String name = "answer-" + call.getMethodDescriptor().getBareMethodName();
                        return next.startCall(
                                new SimpleForwardingServerCall<>(call) {
                                    @Override
                                    public void sendMessage(A message) {
                                        points.pass(name + ".before");
                                        super.sendMessage(message);
                                        points.pass(name + ".after");
                                    }
                                },
                                headers);
                    }
                };
        return () -> ServerInterceptors.intercept(service, answers);
    }

    private static Access access(Access access, Failpoints points) {
        return (who, wish) -> {
            points.pass(
                    switch (wish) {
                        case Access.Wish.Look _ -> "upload.asked";
                        case Access.Wish.Write _ -> "upload.begun";
                        case Access.Wish.Wrote _ -> "upload.stored";
                        case Access.Wish.Read _ -> "read";
                    });
            return access.objection(who, wish);
        };
    }
}
