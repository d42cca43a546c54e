package rookery.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import rookery.cli.farm.JobViews;
import rookery.cli.spec.Schema;
import rookery.cli.spec.SpecReader;
import rookery.cli.view.LiveTable;
import rookery.cli.view.PlainLines;
import rookery.cli.view.Style;
import rookery.elf.Expectation;
import rookery.elf.Inspection;
import rookery.elf.Policy;
import rookery.elf.Report;
import rookery.elf.Verdict;
import rookery.elf.bytes.Source;
import rookery.model.JobSpec;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.oci.Blob;
import rookery.v1.JobView;
import rookery.v1.StepView;
import rookery.v1.SubmitRequest;
import rookery.wire.SpecWire;

/// `rookery warm-up`: what the launcher runs once to make the AOT cache. It goes through the
/// classes that short commands load, and reads the JDK.
@Command(name = "warm-up", hidden = true, description = "Loads classes for the AOT cache.")
final class WarmUpCommand implements Runnable {
    private static final String SPEC =
            """
            version: 1
            project: warm-up
            builds: [{main: ., ldflags: ["-X main.version={{version}}"]}]
            portage: {packages: [net-misc/curl]}
            platforms: [linux/amd64, {platform: linux/arm64, required: false}]
            verify: {policy: scratch, run: [{stdout: x}]}
            images: [{from: warm-up, repository: localhost/warm-up, include: [ca-certificates]}]
            unknown: key
            """;

    /// The JVM also remembers which methods are worth compiling at once.
    private static final int OFTEN = 20;

    private final Context context;

    @Parameters(arity = "0..1", description = "Only what this command needs: inspect.")
    private String only = "";

    WarmUpCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        int said = only.equals("inspect") ? inspected() : others();
        // What the JVM asks when it exits.
        if (System.getLogger("java.lang.Runtime").isLoggable(System.Logger.Level.DEBUG)) said++;
        if (said < 0) throw new IllegalStateException("nothing was loaded");
    }

    private int others() {
        int said = SpecReader.read("warm-up", SPEC).problems().size();
        said += Pretty.print(Schema.json()).length();
        said +=
                SubmitRequest.newBuilder()
                        .setSpec(SpecWire.write(job()))
                        .build()
                        .toByteArray()
                        .length;
        JobView view =
                JobView.newBuilder()
                        .setJob("j")
                        .setState("running")
                        .addSteps(StepView.newBuilder().setId("modules").setKind("modules"))
                        .build();
        Instant now = context.clock().instant();
        var job = JobViews.read(view);
        said += new LiveTable(Style.PLAIN).lines(job, now, Duration.ZERO, 80, 24).size();
        said += PlainLines.between(Optional.empty(), job, now, Duration.ZERO).size();
        return said;
    }

    /// The JDK's own libraries are always there to be inspected.
    private int inspected() {
        var quiet =
                new PrintStream(OutputStream.nullOutputStream(), false, context.out().charset());
        var unseen =
                new Context(
                        context.env(),
                        context.directory(),
                        quiet,
                        quiet,
                        context.terminal(),
                        context.farms(),
                        context.remote(),
                        context.clock(),
                        context.interrupts(),
                        context.requestIds());
        Path jdk = Path.of(System.getProperty("java.home"));
        int said = specimens(jdk.resolve("bin/java"));
        for (int i = 0; i < OFTEN; i++) {
            said += Main.run(unseen, "inspect", "--one-line", jdk.toString());
        }
        String programs = jdk.resolve("bin").toString();
        said += Main.run(unseen, "inspect", "--policy=scratch", programs);
        return said + Main.run(unseen, "inspect", "--output=json", "--details", jdk.toString());
    }

    private static int specimens(Path program) {
        int said = 0;
        try {
            for (byte[] one : Specimens.of(Files.readAllBytes(program))) {
                for (Inspection.Depth depth : Inspection.Depth.values()) {
                    Source source = Source.of(MemorySegment.ofArray(one));
                    Report report = Inspection.of(source, depth);
                    Verdict verdict =
                            Policy.HARDENED.judge(report, Expectation.of("linux/amd64/v1"));
                    said += report.describe().length() + verdict.reasons().size();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return said;
    }

    private static JobSpec job() {
        Target target = Target.all().getFirst();
        return new JobSpec(
                "warm-up",
                new JobSpec.Source(Blob.of(new byte[0]), Optional.empty(), "0", "", Instant.EPOCH),
                List.of(
                        new JobSpec.Build(
                                "a",
                                ".",
                                "a",
                                List.of(),
                                List.of(),
                                List.of(),
                                new TreeMap<>(),
                                new TreeMap<>())),
                new JobSpec.Portage(List.of(), List.of(), List.of(), Optional.empty()),
                List.of(new JobSpec.Wanted(target, target.defaultLevel(), true)),
                Toolchain.PORTABLE,
                new JobSpec.Verify("static", List.of()),
                List.of(),
                new JobSpec.FarmOptions("warm-up", "local", 0, new TreeSet<>()));
    }
}
