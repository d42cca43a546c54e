package rookery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import rookery.cli.embedded.EmbeddedFarm;
import rookery.cli.embedded.Homes;
import rookery.cli.farm.RemoteFarm;
import rookery.cli.view.Harmless;
import rookery.model.Blame;
import rookery.model.Failure;
import rookery.model.RookeryException;

/// The program. Builds what commands need, top to bottom, and turns whatever goes wrong into an
/// exit code: here, and nowhere else.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        var interrupts = new Interrupts();
        Runtime.getRuntime().addShutdownHook(interrupts.hook());
        var context =
                new Context(
                        System.getenv(),
                        Path.of("").toAbsolutePath(),
                        System.out,
                        System.err,
                        Terminal.of(System.getenv()),
                        () ->
                                EmbeddedFarm.start(
                                        System.getenv(),
                                        line -> System.err.println("rookery: " + line)),
                        farm ->
                                RemoteFarm.find(
                                        System.getenv(),
                                        farm,
                                        Homes.cache(System.getenv()).resolve("farm"),
                                        Clock.systemUTC()),
                        Clock.systemUTC(),
                        interrupts,
                        () -> UUID.randomUUID().toString());
        int code = run(context, args);
        System.out.flush();
        System.err.flush();
        interrupts.finish();
        // The usual way out asks for a logger first, which takes as long as looking at hundreds of
        // files; nothing of the short way needs a hook.
        if (InspectCommand.plain(context, args).isPresent()) Runtime.getRuntime().halt(code);
        System.exit(code);
    }

    /// Runs a command and returns its exit code.
    static int run(Context context, String... args) {
        try {
            Optional<InspectCommand> plain = InspectCommand.plain(context, args);
            if (plain.isPresent()) return plain(context, plain.get());
            return Commands.execute(context, args);
        } catch (Throwable e) { // what is not an Exception; the program ends either way
            return bug(context, e);
        }
    }

    private static int plain(Context context, InspectCommand command) {
        try {
            return command.call();
        } catch (RookeryException e) {
            return failed(context, e);
        }
    }

    static int failed(Context context, Exception e) {
        if (!(e instanceof RookeryException known) || known.blame() == Blame.BUG)
            return bug(context, e);
        Failure.Kind kind = Failure.Kind.of(known.blame());
        context.err().println("rookery: " + Harmless.line(String.valueOf(e.getMessage())));
        context.err().println("rookery: " + Output.ending(kind));
        return kind.exitCode();
    }

    /// Whatever we did not foresee: one sentence for the user, everything else in a file.
    private static int bug(Context context, Throwable e) {
        context.err()
                .println("rookery: this is our bug, not yours: " + Harmless.line(e.toString()));
        context.err().println("rookery: " + trace(context, e));
        context.err().println("rookery: " + Output.ending(Failure.Kind.BUG));
        return ExitCodes.BUG;
    }

    private static String trace(Context context, Throwable e) {
        var text = new StringWriter();
        text.append("rookery ").append(VersionCommand.number()).append(", Java ");
        text.append(Runtime.version().toString()).append('\n');
        e.printStackTrace(new PrintWriter(text, true));
        try {
            Path directory = Files.createDirectories(context.state().resolve("bugs"));
            Instant now = context.clock().instant();
            Path file = directory.resolve(now.toString().replace(':', '-') + ".txt");
            Files.writeString(file, text.toString());
            return "please report it with " + file + ", which says where it happened";
        } catch (IOException unwritable) {
            context.err().print(text);
            return "please report it with the lines above (" + unwritable + ")";
        }
    }
}
