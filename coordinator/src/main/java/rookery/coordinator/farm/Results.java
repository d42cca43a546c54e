package rookery.coordinator.farm;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.LeaseId;
import rookery.model.Outcome;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Digest;

/// What a step's result must have to be one. Results come from agents, whose word is checked before
/// anything is built on it.
public final class Results {
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

    /// What an agent is at, with every result taken from it whose blobs are not all here: a name
    /// without its bytes is nothing to build on.
    ///
    /// @param held whether exactly this blob is here and whole
    public static List<Doing> arrived(List<Doing> doing, Predicate<Blob> held) {
        return doing.stream().map(d -> arrived(d, held)).toList();
    }

    private static Doing arrived(Doing doing, Predicate<Blob> held) {
        if (!(doing instanceof Doing.Finished(LeaseId lease, Outcome.Made made))) return doing;
        return made.blobs().values().stream()
                .filter(held.negate())
                .findFirst()
                .<Doing>map(missing ->
                        new Doing.Finished(
                                lease,
                                new Outcome.Broke(
                                        new Failure(
                                                Failure.Kind.HOST,
                                                "the agent named "
                                                        + missing.digest()
                                                        + " as its result, which did not arrive whole"))))
                .orElse(doing);
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
