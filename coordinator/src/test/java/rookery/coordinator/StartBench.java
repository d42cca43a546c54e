package rookery.coordinator;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.store.Store;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.Outcome;
import rookery.oci.layout.ImageLayout;
import rookery.v1.JobsGrpc;
import rookery.v1.WatchRequest;

/// How long a killed coordinator takes until it serves again: from the start of its process to its
/// first answer, with many unfinished steps on disk.
///
/// Without arguments it makes the steps, kills one coordinator and times the next ones, each in a
/// process of its own.
public final class StartBench {
    private static final int STEPS = 100_000;
    private static final int SAVED_AT_ONCE = 512;
    private static final int RUNS = 3;
    private static final String SERVING = "serving";

    private StartBench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 2 && args[0].equals("serve")) {
            serve(Path.of(args[1]));
            return;
        }
        if (args.length == 2 && args[0].equals("fill")) {
            fill(Path.of(args[1]).resolve("state/farm.db"), STEPS);
            return;
        }
        int steps = args.length == 1 ? Integer.parseInt(args[0]) : STEPS;
        Path dir = Files.createTempDirectory("rookery-start");
        Path database = dir.resolve("state/farm.db");
        try {
            int made = fill(database, steps);
            print(made + " unfinished steps, database " + mebibytes(database) + " MiB");
            for (int run = 0; run <= RUNS; run++) {
                Duration took = start(dir);
                String which = run == 0 ? "first start" : "after a kill";
                print(which + ": serving after " + took.toMillis() + " ms");
            }
        } finally {
            try (var files = Files.walk(dir)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList())
                    Files.delete(file);
            }
        }
    }

    private static int fill(Path database, int steps) {
        try (Store store = Store.open(database)) {
            var parts = new ArrayList<Changes>();
            Instant now = Instant.now();
            Instant began = Instant.now();
            var crowd =
                    new Crowd(
                            now,
                            store.nextLease(),
                            changes -> {
                                parts.add(changes);
                                if (parts.size() < SAVED_AT_ONCE) return;
                                store.save(Changes.of(parts, changes.nextLease()), now);
                                parts.clear();
                            });
            int made = crowd.grow(steps);
            if (!parts.isEmpty()) store.save(Changes.of(parts, parts.getLast().nextLease()), now);
            print("written in " + Duration.between(began, Instant.now()).toMillis() + " ms");
            return made;
        }
    }

    /// Starts a coordinator in a process of its own and kills it as soon as it has answered.
    private static Duration start(Path dir) throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(System.getProperty("rookery.start.flags", "-Xmx1g").split(" ")));
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartBench.class.getName(),
                        "serve",
                        dir.toString()));
        long began = System.nanoTime();
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = process.inputReader()) {
            String line;
            do {
                line = out.readLine();
                if (line == null) throw new IOException("the coordinator ended before it served");
                if (!line.equals(SERVING)) print("  " + line);
            } while (!line.equals(SERVING));
            return Duration.ofNanos(System.nanoTime() - began);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void serve(Path dir) throws IOException, InterruptedException {
        long began = System.nanoTime();
        var config =
                new Coordinator.Config(
                        dir.resolve("state"),
                        ImageLayout.create(dir.resolve("blobs")),
                        (_, _) ->
                                new Outcome.Broke(
                                        new Failure(Failure.Kind.SPEC, "nothing is pushed here")),
                        true,
                        true,
                        InstantSource.system(),
                        () -> new JobId("new"));
        Coordinator coordinator = Coordinator.start(config);
        print(
                "coordinator started in "
                        + (System.nanoTime() - began) / 1_000_000
                        + " ms, "
                        + ProcessHandle.current()
                                .info()
                                .totalCpuDuration()
                                .map(Duration::toMillis)
                                .orElse(0L)
                        + " ms of CPU since the process began");
        var builder = InProcessServerBuilder.forName(SERVING);
        coordinator.services().forEach(builder::addService);
        Server server = builder.build().start();
        ManagedChannel channel = InProcessChannelBuilder.forName(SERVING).build();
        var views =
                JobsGrpc.newBlockingStub(channel)
                        .watch(WatchRequest.newBuilder().setJob("j0").build());
        if (views.next().getStepsCount() == 0)
            throw new IOException("the first job came back without its steps");
        print(SERVING);
        server.awaitTermination();
    }

    private static long mebibytes(Path file) throws IOException {
        return Files.size(file) >> 20;
    }

    // The figures are what this program is for.
    @SuppressWarnings("SystemOut")
    private static void print(String line) {
        System.out.println(line);
    }
}
