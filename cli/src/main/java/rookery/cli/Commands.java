package rookery.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import rookery.cli.view.Harmless;

/// The verbs, as picocli reads them. Apart from [Main], because looking for picocli's classes opens
/// every jar, which a command that does without it should not pay.
final class Commands {
    static {
        // Looked for in every jar, and found in none.
        System.setProperty("picocli.disable.closures", "true");
    }

    private Commands() {}

    /// Runs the verb that is named and returns its exit code.
    static int execute(Context context, String... args) {
        return line(context, args).execute(args);
    }

    private static CommandLine line(Context context, String... args) {
        var verbs = new LinkedHashMap<String, Supplier<Object>>();
        verbs.put("build", () -> new BuildCommand(context));
        verbs.put("check", () -> new CheckCommand(context));
        verbs.put("submit", () -> new SubmitCommand(context));
        verbs.put("watch", () -> new WatchCommand(context));
        verbs.put("logs", () -> new LogsCommand(context));
        verbs.put("list", () -> new ListCommand(context));
        verbs.put("show", () -> new ShowCommand(context));
        verbs.put("cancel", () -> new CancelCommand(context));
        verbs.put("retry", () -> new RetryCommand(context));
        verbs.put("why", () -> new WhyCommand(context));
        verbs.put("agents", () -> new AgentsCommand(context));
        verbs.put("join", () -> new JoinCommand(context));
        verbs.put("coordinator", () -> new CoordinatorCommand(context));
        verbs.put("agent", () -> agent(context));
        verbs.put("dev", () -> new DevCommand(context));
        verbs.put("token", () -> token(context));
        verbs.put("inspect", () -> new InspectCommand(context));
        verbs.put("demo", () -> new DemoCommand(context));
        verbs.put("schema", () -> new SchemaCommand(context));
        verbs.put("toolchain", () -> new ToolchainCommand(context));
        verbs.put("gc", () -> new GcCommand(context));
        verbs.put("version", () -> new VersionCommand(context));
        verbs.put("warm-up", () -> new WarmUpCommand(context));
        var line = new CommandLine(new RootCommand());
        // picocli takes longer to read the annotations of all verbs than most of them take to run.
        Supplier<Object> named = args.length == 0 ? null : verbs.get(args[0]);
        if (named != null) line.addSubcommand(named.get());
        else verbs.values().forEach(verb -> line.addSubcommand(verb.get()));
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
                .setExecutionExceptionHandler((e, _, _) -> Main.failed(context, e));
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

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
