package rookery.coordinator.farm;

import java.util.Optional;
import rookery.model.Outcome;
import rookery.model.Work;
import rookery.oci.Digest;

/// What a step's result must have to be one. Results come from agents, whose word is checked before
/// anything is built on it.
final class Results {
    private Results() {}

    /// What is wrong with a result, in words that follow "came back"; empty when it may be used.
    static Optional<String> wrong(Work work, Outcome.Made made) {
        return role(work).flatMap(role -> wrong(work, made, role));
    }

    private static Optional<String> wrong(Work work, Outcome.Made made, String role) {
        var blob = made.find(role);
        if (blob.isEmpty()) return Optional.of("without its '" + role + "'");
        Digest digest = blob.get().digest();
        // Only a package means less than its bytes.
        if (!(work instanceof Work.PackageBuild) && !made.identity().equals(digest))
            return Optional.of("under an identity that is not its bytes'");
        return Optional.empty();
    }

    private static Optional<String> role(Work work) {
        return switch (work) {
            case Work.Modules _ -> Optional.of("modules");
            case Work.Resolve _ -> Optional.of("graph");
            case Work.Fetch _ -> Optional.of("distfile");
            case Work.PackageBuild _ -> Optional.of("gpkg");
            case Work.GoBuild _, Work.Verify _ -> Optional.of("binary");
            case Work.Assemble _, Work.Publish _ -> Optional.of("index");
            case Work.Run _ -> Optional.empty();
        };
    }
}
