package rookery.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import rookery.cli.farm.JobViews;
import rookery.cli.spec.Schema;
import rookery.cli.spec.SpecReader;
import rookery.cli.view.LiveTable;
import rookery.cli.view.PlainLines;
import rookery.cli.view.Style;
import rookery.elf.Inspection;
import rookery.elf.bytes.Budget;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.Source;
import rookery.elf.golang.GoBuildInfo;
import rookery.elf.golang.GoBuildInfoReader;
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

    private static final int GO_BYTES = 256;

    private final Context context;

    WarmUpCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
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
        said += Inspection.of(MemorySegment.ofArray(new byte[64])).describe().length();
        said += inspected();
        // What the JVM asks when it exits.
        if (System.getLogger("java.lang.Runtime").isLoggable(System.Logger.Level.DEBUG)) said++;
        if (said < 0) throw new IllegalStateException("nothing was loaded");
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
        int go =
                new GoBuildInfoReader(
                                new Input(
                                        Source.of(MemorySegment.ofArray(goBuildInformation())),
                                        new Budget(Budget.VERDICT)),
                                address -> address)
                        .find(List.of(new GoBuildInfoReader.Range(0, GO_BYTES, 0)))
                        .map(GoBuildInfo::version)
                        .orElse("")
                        .length();
        String jdk = System.getProperty("java.home");
        int code = go + Main.run(unseen, "inspect", "--one-line", jdk);
        code += Main.run(unseen, "inspect", "--policy=scratch", jdk + "/bin");
        return code + Main.run(unseen, "inspect", "--output=json", "--details", jdk + "/bin");
    }

    /// As Go's linker writes it into each program: a JDK has none.
    private static byte[] goBuildInformation() {
        var block = ByteBuffer.allocate(GO_BYTES);
        block.put("\u00ff Go buildinf:\b\u0002".getBytes(StandardCharsets.ISO_8859_1));
        byte[] version = "go1.26".getBytes(StandardCharsets.US_ASCII);
        byte[] modules =
                "path\ta\nmod\ta\tv1\ndep\tb\tv1\th1:x=\nbuild\tGOOS=linux\n"
                        .getBytes(StandardCharsets.US_ASCII);
        block.position(32).put((byte) version.length).put(version);
        block.put((byte) modules.length).put(modules);
        return block.array();
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
