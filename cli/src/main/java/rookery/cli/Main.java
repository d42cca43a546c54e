package rookery.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
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
        System.exit(code);
    }

    /// Runs a command and returns its exit code.
    static int run(Context context, String... args) {
        try {
            return commands(context).execute(args);
        } catch (Throwable e) { // what is not an Exception; the program ends either way
            return bug(context, e);
        }
    }

    private static CommandLine commands(Context context) {
        var line =
                new CommandLine(new RootCommand())
                        .addSubcommand(new BuildCommand(context))
                        .addSubcommand(new CheckCommand(context))
                        .addSubcommand(new SubmitCommand(context))
                        .addSubcommand(new WatchCommand(context))
                        .addSubcommand(new LogsCommand(context))
                        .addSubcommand(new ListCommand(context))
                        .addSubcommand(new ShowCommand(context))
                        .addSubcommand(new CancelCommand(context))
                        .addSubcommand(new RetryCommand(context))
                        .addSubcommand(new WhyCommand(context))
                        .addSubcommand(new AgentsCommand(context))
                        .addSubcommand(new JoinCommand(context))
                        .addSubcommand(new CoordinatorCommand(context))
                        .addSubcommand(agent(context))
                        .addSubcommand(token(context))
                        .addSubcommand(new InspectCommand(context))
                        .addSubcommand(new DemoCommand(context))
                        .addSubcommand(new SchemaCommand(context))
                        .addSubcommand(new GcCommand(context))
                        .addSubcommand(new VersionCommand(context))
                        .addSubcommand(new WarmUpCommand(context));
        IVersionProvider version = () -> new String[] {"rookery " + VersionCommand.number()};
        line.getSubcommands().values().forEach(c -> c.getCommandSpec().versionProvider(version));
        line.getCommandSpec().versionProvider(version);
        return line.setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(writer(context.out()))
                .setErr(writer(context.err()))
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                context.terminal().out().colour() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler((e, _) -> usage(context, e))
                .setExecutionExceptionHandler((e, _, _) -> failed(context, e));
    }

    private static CommandLine agent(Context context) {
        return new CommandLine(new AgentCommand(context))
                .addSubcommand(new StandingCommand.Drain(context))
                .addSubcommand(new StandingCommand.Cordon(context))
                .addSubcommand(new StandingCommand.Open(context));
    }

    private static CommandLine token(Context context) {
        return new CommandLine(new TokenCommand())
                .addSubcommand(new TokenCreateCommand(context))
                .addSubcommand(new TokenListCommand(context))
                .addSubcommand(new TokenRevokeCommand(context));
    }

    private static int usage(Context context, ParameterException e) {
        context.err().println("rookery: " + Harmless.line(String.valueOf(e.getMessage())));
        var suggestions = new StringWriter();
        if (UnmatchedArgumentException.printSuggestions(e, new PrintWriter(suggestions, true))) {
            context.err().println(suggestions.toString().strip());
        } else {
            context.err()
                    .println(
                            "Try '"
                                    + e.getCommandLine().getCommandSpec().qualifiedName()
                                    + " --help'.");
        }
        return ExitCodes.USAGE;
    }

    private static int failed(Context context, Exception e) {
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

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
