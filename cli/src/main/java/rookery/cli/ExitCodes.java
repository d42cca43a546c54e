package rookery.cli;

import rookery.model.Failure;

/// What an exit code says, in words. The numbers belong to [Failure.Kind]; docs/exit-codes.md is
/// the contract.
final class ExitCodes {
    static final int OK = 0;
    static final int USAGE = Failure.Kind.SPEC.exitCode();
    static final int NOT_STATIC = Failure.Kind.NOT_STATIC.exitCode();
    static final int BUG = Failure.Kind.BUG.exitCode();

    private ExitCodes() {}

    static String meaning(Failure.Kind kind) {
        return switch (kind) {
            case SPEC -> "the command line or the spec is wrong";
            case BUILD -> "a package or the program does not build";
            case NOT_STATIC -> "a binary is not static, or does not run where it must";
            case HOST -> "this machine could not do its part";
            case INPUT_LOST -> "what a step needs was lost from the store";
            case UPSTREAM -> "somebody else's server could not do its part; try again later";
            case NO_AGENT -> "no agent can run it";
            case TIMEOUT -> "a step ran longer than it may";
            case CANCELLED -> "cancelled";
            case BUG -> "a bug in Rookery";
        };
    }
}
