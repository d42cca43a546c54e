package rookery.coordinator.farm;

import rookery.model.Distfile;
import rookery.model.Work;

/// What a step takes where nothing like it was ever seen, in milliseconds on a machine of two
/// cores. The numbers hardly matter, their order does; the first measured step corrects them.
final class Guess {
    private static final long SECOND = 1_000;
    private static final long PACKAGE = 20 * SECOND;
    private static final long PACKAGE_PER_MIB = 8 * SECOND;

    private Guess() {}

    static long millis(Work work) {
        return switch (work) {
            // Before a package was ever built, the size of its sources is the best guess there is.
            case Work.PackageBuild w ->
                    PACKAGE
                            + PACKAGE_PER_MIB
                                    * (w.node().distfiles().stream()
                                                    .mapToLong(Distfile::sizeBytes)
                                                    .sum()
                                            >> 20);
            case Work.GoBuild _ -> 30 * SECOND;
            case Work.Modules _, Work.Fetch _, Work.Resolve _ -> 5 * SECOND;
            case Work.Verify _, Work.Run _, Work.Assemble _ -> SECOND;
            case Work.Publish _ -> 5 * SECOND;
        };
    }
}
