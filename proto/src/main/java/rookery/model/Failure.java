package rookery.model;

import java.util.List;

/// Why a step or job did not end well.
///
/// @param message one sentence: what was tried, on what, what was found, what to do
/// @param excerpt the few lines of the log that tell most, oldest first; may be empty
public record Failure(Kind kind, String message, List<String> excerpt) {

    /// What went wrong, as coarse as an exit code. Each kind has one blame; the exit codes are part
    /// of the command line's contract.
    public enum Kind {
        /// The spec asks for something that does not exist or contradicts itself.
        SPEC(Blame.SPEC, 2),
        /// The user's program or a package does not build.
        BUILD(Blame.SPEC, 10),
        /// The gate refused a binary: it is not static, or does not run where it must.
        NOT_STATIC(Blame.SPEC, 11),
        /// The machine could not do its part.
        HOST(Blame.HOST, 20),
        /// Something that the step needs is no longer in the store, or was damaged there.
        INPUT_LOST(Blame.HOST, 20),
        /// Somebody else's server could not do its part.
        UPSTREAM(Blame.UPSTREAM, 21),
        /// No agent of the farm can ever run the step.
        NO_AGENT(Blame.SPEC, 22),
        /// The step ran longer than it may.
        TIMEOUT(Blame.SPEC, 30),
        /// Somebody cancelled it.
        CANCELLED(Blame.SPEC, 30),
        /// Rookery broke a promise of its own.
        BUG(Blame.BUG, 70);

        private final Blame blame;
        private final int exitCode;

        Kind(Blame blame, int exitCode) {
            this.blame = blame;
            this.exitCode = exitCode;
        }

        public Blame blame() {
            return blame;
        }

        public int exitCode() {
            return exitCode;
        }

        /// The kind of a failure of which only the blame is known.
        public static Kind of(Blame blame) {
            return switch (blame) {
                case SPEC -> SPEC;
                case HOST -> HOST;
                case UPSTREAM -> UPSTREAM;
                case BUG -> BUG;
            };
        }
    }

    public Failure {
        if (message.isBlank()) throw new IllegalArgumentException("a failure says what happened");
        if (message.length() > Limits.MESSAGE_CHARS)
            message = message.substring(0, Limits.MESSAGE_CHARS) + "…";
        excerpt =
                List.copyOf(
                        excerpt.subList(
                                Math.max(0, excerpt.size() - Limits.EXCERPT_LINES),
                                excerpt.size()));
    }

    public Failure(Kind kind, String message) {
        this(kind, message, List.of());
    }

    public static Failure of(RookeryException e) {
        Kind kind =
                switch (e) {
                    case InputLostException _ -> Kind.INPUT_LOST;
                    case RookeryException other -> Kind.of(other.blame());
                };
        return new Failure(kind, String.valueOf(e.getMessage()));
    }
}
