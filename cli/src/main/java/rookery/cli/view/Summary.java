package rookery.cli.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.cli.view.Style.Tone;
import rookery.model.Failure;

/// The lines at the end of a build.
public final class Summary {
    private static final int OUTPUT_CHARS = 160;
    private static final int WIDEST = 400;

    private final Style style;

    public Summary(Style style) {
        this.style = style;
    }

    /// One line per program and platform: size, verdict, libc, what it printed.
    public List<String> programs(Results results) {
        boolean several = results.spec().builds().size() > 1;
        int names = widest(results.programs().stream().map(p -> name(p, several)).toList());
        int sizes = widest(results.programs().stream().map(Summary::size).toList());
        int links = widest(results.programs().stream().map(Summary::verdict).toList());
        int libcs = widest(results.programs().stream().map(Results.Program::libc).toList());
        var lines = new ArrayList<String>();
        for (Results.Program program : results.programs()) {
            var line = new Line().add(name(program, several), Tone.STRONG).to(names + 2);
            if (program.failed().isPresent() || program.binary().isEmpty()) {
                line.add(style.failed() + " ", Tone.BAD).add(missing(program));
            } else {
                int at = names + 2;
                line.add(style.done() + " ", Tone.GOOD).add(verdict(program)).to(at += links + 4);
                line.add(size(program)).to(at += sizes + 2);
                line.add(program.libc()).to(at + libcs + 2);
                line.add(
                        program.stdout()
                                .map(s -> Harmless.brief(s, OUTPUT_CHARS))
                                .orElse("(not run)"));
            }
            lines.add(line.render(WIDEST, style));
        }
        return lines;
    }

    /// Why something is not there, the log's telling lines, where the whole log lies, what to do.
    ///
    /// @param log the path of the step's whole log, if it was kept
    public List<String> failure(Step step, Optional<String> log) {
        Failure failure = step.failure().orElseThrow();
        var lines = new ArrayList<String>();
        lines.add(
                new Line()
                        .add(style.failed() + " " + step.label(), Tone.BAD)
                        .add(
                                step.platform().isEmpty() ? "" : " for " + step.platform(),
                                Tone.STRONG)
                        .add(step.required() ? ": " : " (optional): ")
                        .add(failure.message())
                        .render(Integer.MAX_VALUE, style));
        failure.excerpt()
                .forEach(l ->
                        lines.add(new Line().add("    " + l, Tone.FAINT).render(WIDEST, style)));
        log.ifPresent(path -> lines.add("  whole log: " + Harmless.line(path)));
        return lines;
    }

    /// How long it took, and how much was there already.
    public String time(Results results, Duration took) {
        List<Step> done =
                results.job().steps().stream().filter(s -> s.state() == Step.State.DONE).toList();
        long recalled = done.stream().filter(Step::recalled).count();
        int all = results.job().steps().size();
        return done.size()
                + (done.size() == all ? "" : " of " + all)
                + (all == 1 ? " step" : " steps")
                + " in "
                + Times.brief(took)
                + (recalled == 0 ? "" : ", " + recalled + " of them recalled");
    }

    private static String name(Results.Program program, boolean several) {
        return (several ? program.build().id() + " " : "") + program.wanted().platform();
    }

    private static String size(Results.Program program) {
        return program.binary().map(b -> Times.size(b.sizeBytes())).orElse("");
    }

    private static String verdict(Results.Program program) {
        return program.linkage().isEmpty() ? program.verdict() : program.linkage();
    }

    private static String missing(Results.Program program) {
        String why =
                program.failed()
                        .map(s ->
                                s.failure()
                                        .map(f -> s.kind() + " failed: " + f.message())
                                        .orElse(s.kind() + " was cancelled"))
                        .orElse("was not made");
        return Harmless.brief(why, OUTPUT_CHARS)
                + (program.wanted().required() ? "" : " (optional)");
    }

    private static int widest(List<String> texts) {
        return texts.stream().mapToInt(Line::columns).max().orElse(0);
    }
}
