package rookery.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import rookery.cli.coordinator.CoordinatorProcess;
import rookery.cli.view.Harmless;
import rookery.coordinator.blobs.Keep;
import rookery.coordinator.web.Config;
import rookery.model.Blame;
import rookery.model.Limits;
import rookery.model.RookeryException;
import rookery.oci.json.Json;

/// `rookery coordinator`.
@Command(
        name = "coordinator",
        description = "Runs a farm's coordinator until SIGTERM.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery coordinator                                  for this machine alone",
            "  rookery coordinator --listen 0.0.0.0 --host farm.example.org"
        })
final class CoordinatorCommand implements Callable<Integer> {
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);
    private static final Duration LONGEST_LEASE = Duration.ofHours(1);

    private final Context context;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Jobs, results, logs, the authority (default: the XDG state directory).")
    private Path state = Path.of("");

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "Of gRPC and blobs (default: 127.0.0.1).")
    private String listen = "127.0.0.1";

    @Option(names = "--grpc-port", paramLabel = "PORT", description = "(default: 7601)")
    private int grpcPort = 7601;

    @Option(names = "--blob-port", paramLabel = "PORT", description = "(default: 7602)")
    private int blobPort = 7602;

    @Option(
            names = "--web-listen",
            paramLabel = "ADDRESS",
            description = "Of the dashboard (default: 127.0.0.1).")
    private String webListen = "127.0.0.1";

    @Option(names = "--web-port", paramLabel = "PORT", description = "(default: 7603)")
    private int webPort = Config.PORT;

    @Option(
            names = "--web-token-file",
            paramLabel = "FILE",
            description = "Holds what a viewer must know; needed where others can connect.")
    private Path webToken = Path.of("");

    @Option(
            names = "--host",
            paramLabel = "NAME",
            split = ",",
            description = "A name or address by which the farm is dialled; may be repeated.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--lease",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "How long a silent agent keeps its steps (default: 40s).")
    private Duration lease = Limits.LEASE;

    @Option(
            names = "--store-limit",
            paramLabel = "GIB",
            description =
                    "Of all blobs; beyond, what was not used for longest goes (default: none).")
    private long storeGib;

    @Option(
            names = "--plaintext",
            description = "No TLS and no certificates; on a loopback address only.")
    private boolean plaintext;

    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "What stdout carries (default: text).")
    private Output.Format output = Output.Format.TEXT;

    CoordinatorCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0)
            throw new RookeryException(
                    Blame.SPEC,
                    "--lease is "
                            + SHORTEST_LEASE.toSeconds()
                            + "s to "
                            + LONGEST_LEASE.toHours()
                            + "h, not "
                            + lease.toSeconds()
                            + "s");
        ServiceLog.toStderr();
        var names = new ArrayList<>(hosts);
        if (!listen.equals("0.0.0.0") && !listen.equals("::")) names.add(listen);
        var settings =
                new CoordinatorProcess.Settings(
                        state.toString().isEmpty()
                                ? context.state().resolve("farm")
                                : context.directory().resolve(state),
                        listen,
                        grpcPort,
                        blobPort,
                        new CoordinatorProcess.Web(webListen, webPort, webToken()),
                        plaintext,
                        names,
                        lease,
                        storeGib > 0 ? Keep.STANDARD.withStoreBytes(storeGib << 30) : Keep.STANDARD,
                        context.home(),
                        context.env());
        var end = new CompletableFuture<String>();
        context.interrupts().serve(() -> end.complete("told to stop"));
        try (var process = CoordinatorProcess.start(settings)) {
            var _ =
                    process.died()
                            .thenAccept(why -> {
                                var _ = end.completeExceptionally(why);
                            });
            say(process);
            context.err().println("rookery: " + end.get() + "; jobs go on at the next start");
            return ExitCodes.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCodes.OK;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RookeryException known) throw known;
            throw new RookeryException(Blame.BUG, "the coordinator ended: " + e.getCause(), e);
        }
    }

    private Optional<String> webToken() {
        if (webToken.toString().isEmpty()) return Optional.empty();
        Path file = context.directory().resolve(webToken);
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.SPEC, "the dashboard's token in " + file + " cannot be read: " + e, e);
        }
    }

    private void say(CoordinatorProcess process) {
        String scheme = plaintext ? "http://" : "https://";
        String host = listen.contains(":") ? "[" + listen + "]" : listen;
        String grpc = scheme + host + ":" + process.grpcPort();
        String blobs = scheme + host + ":" + process.blobPort();
        switch (output) {
            case JSON -> {
                var out = new LinkedHashMap<String, Json>();
                out.put("grpc", Json.text(grpc));
                out.put("blobs", Json.text(blobs));
                out.put("web", Json.text(process.webAddress()));
                process.bootstrap().ifPresent(t -> out.put("admin_token", Json.text(t.text())));
                context.out().print(Pretty.print(new Json.Obj(out)));
            }
            case TEXT -> {
                context.out().println("grpc   " + Harmless.line(grpc));
                context.out().println("blobs  " + Harmless.line(blobs));
                context.out().println("web    " + Harmless.line(process.webAddress()));
                process.bootstrap()
                        .ifPresent(t -> {
                            context.out().println("token  " + t.text());
                            context.err()
                                    .println(
                                            "rookery: nobody is this farm's admin yet; whoever joins with the token is: rookery join "
                                                    + grpc
                                                    + " --token TOKEN");
                        });
            }
        }
        context.out().flush();
    }
}
