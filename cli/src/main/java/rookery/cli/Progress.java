package rookery.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import rookery.cli.view.Job;
import rookery.cli.view.LiveTable;
import rookery.cli.view.PlainLines;
import rookery.cli.view.Redraw;

/// Shows a running job on stderr, one way or another. One thread.
sealed interface Progress {
    /// At most ten pictures a second.
    Duration BEAT = Duration.ofMillis(100);

    /// How the user wants it.
    enum Kind {
        AUTO,
        TTY,
        PLAIN,
        QUIET
    }

    /// Called with each new state and on each beat in between.
    void show(Job job);

    /// The job has ended, or nobody looks any more.
    void end();

    static Progress of(Kind kind, PrintStream err, Terminal terminal, InstantSource clock) {
        return switch (kind) {
            case AUTO ->
                    terminal.isTerminal()
                            ? new Live(err, terminal, clock)
                            : new Plain(err, clock, clock.instant());
            case TTY -> new Live(err, terminal, clock);
            case PLAIN -> new Plain(err, clock, clock.instant());
            case QUIET -> new Quiet();
        };
    }

    /// A table that is redrawn where it stands and cleared at the end.
    final class Live implements Progress {
        private final PrintStream err;
        private final Terminal terminal;
        private final InstantSource clock;
        private final Instant start;
        private final LiveTable table;
        private Instant drawn = Instant.MIN;
        private List<String> picture = List.of();
        private boolean closed;

        private Live(PrintStream err, Terminal terminal, InstantSource clock) {
            this.err = err;
            this.terminal = terminal;
            this.clock = clock;
            this.start = clock.instant();
            this.table = new LiveTable(terminal.err());
        }

        @Override
        public void show(Job job) {
            Instant now = clock.instant();
            boolean early = !drawn.equals(Instant.MIN) && now.isBefore(drawn.plus(BEAT));
            if (closed || (early && !job.hasEnded())) return;
            drawn = now;
            Terminal.Size size = terminal.size();
            draw(table.lines(job, now, Duration.between(start, now), size.width(), size.height()));
        }

        @Override
        public void end() {
            if (!closed) draw(List.of());
            closed = true;
        }

        private void draw(List<String> next) {
            String change = Redraw.of(picture, next);
            if (!change.isEmpty()) {
                err.print(change);
                err.flush();
            }
            picture = next;
        }
    }

    /// A line for each step that starts or ends.
    final class Plain implements Progress {
        private final PrintStream err;
        private final InstantSource clock;
        private final Instant start;
        private Optional<Job> before = Optional.empty();

        private Plain(PrintStream err, InstantSource clock, Instant start) {
            this.err = err;
            this.clock = clock;
            this.start = start;
        }

        @Override
        public void show(Job job) {
            if (before.filter(job::equals).isPresent()) return;
            Instant now = clock.instant();
            PlainLines.between(before, job, now, Duration.between(start, now))
                    .forEach(err::println);
            before = Optional.of(job);
        }

        @Override
        public void end() {
            err.flush();
        }
    }

    /// Nothing until the end.
    record Quiet() implements Progress {
        @Override
        public void show(Job job) {}

        @Override
        public void end() {}
    }
}
