package rookery.cli;

import rookery.cli.farm.JobRun;
import rookery.cli.view.Harmless;

/// What is said of a job besides its results.
final class JobTalk {
    private JobTalk() {}

    static void warnings(Context context, JobRun run) {
        run.warnings().forEach(w -> context.err().println("rookery: " + Harmless.line(w)));
    }

    static void goesOn(Context context, String job) {
        context.err()
                .println(
                        "rookery: job "
                                + job
                                + " goes on; `rookery watch "
                                + job
                                + "` looks at it, `rookery cancel "
                                + job
                                + "` ends it");
    }
}
