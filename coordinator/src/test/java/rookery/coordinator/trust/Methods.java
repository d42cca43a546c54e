package rookery.coordinator.trust;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rookery.v1.AgentsGrpc;

/// Every method of every service, found in the class files: a new one cannot be forgotten.
final class Methods {
    private Methods() {}

    static List<ServiceDescriptor> services() throws Exception {
        var found = new ArrayList<ServiceDescriptor>();
        for (String name : generated()) {
            found.add(
                    (ServiceDescriptor)
                            Class.forName("rookery.v1." + name)
                                    .getMethod("getServiceDescriptor")
                                    .invoke(null));
        }
        found.add(HealthGrpc.getServiceDescriptor());
        found.add(ServerReflectionGrpc.getServiceDescriptor());
        return found;
    }

    static List<MethodDescriptor<?, ?>> all() throws Exception {
        return services().stream()
                .<MethodDescriptor<?, ?>>flatMap(s -> s.getMethods().stream())
                .toList();
    }

    /// `rookery.v1.Jobs/Submit` as `Jobs.Submit`.
    static String shortName(MethodDescriptor<?, ?> method) {
        String service = String.valueOf(method.getServiceName());
        return service.substring(service.lastIndexOf('.') + 1) + "." + method.getBareMethodName();
    }

    private static List<String> generated() throws Exception {
        var place = AgentsGrpc.class.getResource("AgentsGrpc.class");
        if (place == null) throw new IOException("the generated classes are not on the class path");
        if (place.getProtocol().equals("file"))
            return names(Path.of(place.toURI()).resolveSibling(""));
        String jar = place.getPath().substring("file:".length(), place.getPath().indexOf('!'));
        try (FileSystem inside = FileSystems.newFileSystem(Path.of(URI.create("file:" + jar)))) {
            return names(inside.getPath("/rookery/v1"));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> String.valueOf(f.getFileName()))
                    .filter(n -> n.endsWith("Grpc.class"))
                    .map(n -> n.substring(0, n.length() - ".class".length()))
                    .sorted()
                    .toList();
        }
    }

    /// A service whose every method answers that it was reached.
    static BindableService reached(ServiceDescriptor service) {
        var definition = ServerServiceDefinition.builder(service);
        for (MethodDescriptor<?, ?> method : service.getMethods()) add(definition, method);
        return definition::build;
    }

    private static <Q, A> void add(
            ServerServiceDefinition.Builder definition, MethodDescriptor<Q, A> method) {
        definition.addMethod(
                method,
                (call, _) -> {
                    call.request(1);
                    return new ServerCall.Listener<Q>() {
                        @Override
                        public void onMessage(Q message) {
                            call.close(Status.ABORTED.withDescription("reached"), new Metadata());
                        }
                    };
                });
    }
}
