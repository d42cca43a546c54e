package rookery.agent.steps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import rookery.agent.exec.BoundedLog;
import rookery.agent.exec.Collected;
import rookery.agent.exec.Ended;
import rookery.agent.exec.Footprint;
import rookery.agent.recipe.Place;
import rookery.agent.recipe.Recipe;
import rookery.agent.recipe.Stage;
import rookery.agent.recipe.Staged;
import rookery.agent.workspace.Room;
import rookery.agent.workspace.SyntheticEtc;
import rookery.model.Blame;
import rookery.model.Failure;
import rookery.model.JobSpec;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.model.StepIds;
import rookery.model.Target;
import rookery.oci.Blob;
import rookery.oci.archive.ArchiveException;

/// One order being done: its room, its log, and the moves that several kinds of steps share.
final class Attempt {
    /// Portage's and our scripts' way of saying that they broke a promise of their own.
    static final int BUG_STATUS = 70;

    private static final int SIGNAL = 128;
    private static final int KILLED = SIGNAL + 9;

    final Bench bench;
    final Order order;
    final Room room;
    final BoundedLog log;
    private final Consumer<String> phase;
    final Map<Place, String> places = new EnumMap<>(Place.class);
    final SortedMap<String, String> repos = new TreeMap<>();
    final SortedMap<String, String> network = new TreeMap<>();
    private final Footprint footprint = new Footprint();
    boolean vendored;

    Attempt(Bench bench, Order order, Room room, BoundedLog log, Consumer<String> phase) {
        this.bench = bench;
        this.order = order;
        this.room = room;
        this.log = log;
        this.phase = phase;
    }

    void phase(String text) {
        phase.accept(text);
        log.note("rookery: " + text);
    }

    // ---- staging

    Path etc() throws IOException {
        Path etc = room.directory("etc");
        SyntheticEtc.write(etc);
        places.put(Place.ETC, etc.toString());
        return etc;
    }

    /// An empty directory of the room at this place.
    Path empty(Place place) throws IOException {
        Path directory = room.directory(place.name().toLowerCase(Locale.ROOT));
        places.put(place, directory.toString());
        return directory;
    }

    void unpacked(Place place, Blob archive) throws IOException, InterruptedException {
        places.put(place, unpacked(archive).toString());
    }

    Path unpacked(Blob archive) throws IOException, InterruptedException {
        try {
            return bench.cache().unpacked(archive.digest(), bench.blobs().fetch(archive));
        } catch (ArchiveException e) {
            throw new RookeryException(
                    Blame.SPEC,
                    "an archive that "
                            + order.step()
                            + " was given is refused: "
                            + e.getMessage()
                            + "; pack the directory again",
                    e);
        }
    }

    /// Everything that a step with a compiler needs for this CHOST, apart from packages and
    /// archives.
    void toolchain(Target target, JobSpec.Portage portage)
            throws IOException, InterruptedException {
        portage(portage);
        Path zig = room.directory("cc").resolve("zig");
        bench.toolchain().copyWarm(target, zig, log);
        places.put(Place.ZIG, zig.toString());
    }

    /// Everything that Portage needs to think, but not to compile.
    void portage(JobSpec.Portage portage) throws IOException, InterruptedException {
        phase("toolchain");
        etc();
        places.put(Place.PREFIX, bench.toolchain().prefix(log).toString());
        empty(Place.VAR);
        empty(Place.SYSROOT);
        empty(Place.BUILD);
        empty(Place.OUT);
        repos.put("rookery", bench.toolchain().setup().resolve("overlay").toString());
        for (JobSpec.Repo repo : portage.repos()) {
            if (repo.tree().isPresent())
                repos.put(repo.name(), unpacked(repo.tree().get()).toString());
            else if (!repos.containsKey(repo.name()))
                throw new RookeryException(
                        Blame.SPEC,
                        "the repository '"
                                + repo.name()
                                + "' has no path and agents do not bring it; they bring 'rookery', others need a path:");
        }
        if (portage.config().isPresent()) unpacked(Place.CONFIG, portage.config().get());
    }

    /// Exactly the planned packages, where Portage looks for them.
    void binpkgs(Target target, List<String> closure) throws IOException {
        empty(Place.BINPKGS);
        for (String cpv : closure) {
            Blob gpkg = input(StepIds.packageBuild(target.chost(), cpv)).blob("gpkg");
            room.copy(bench.blobs().fetch(gpkg), "binpkgs/" + cpv + ".gpkg.tar", false);
        }
    }

    Outcome.Made input(StepId step) {
        Outcome.Made made = order.inputs().get(step);
        if (made == null)
            throw new RookeryException(
                    Blame.BUG, order.step() + " came without the result of " + step);
        return made;
    }

    Staged staged() {
        return new Staged(places, repos, network, vendored);
    }

    // ---- running

    List<Stage> stages() {
        return Recipe.stages(order, staged(), bench.facts());
    }

    /// Runs one command; what it is to exit with is the caller's to judge.
    Ended.Exited run(Stage stage) throws IOException, InterruptedException, Broken {
        phase(stage.phase());
        Ended ended = bench.sandbox().run(stage.command(), log, footprint);
        return switch (ended) {
            case Ended.Exited exited -> exited;
            case Ended.TimedOut() ->
                    throw new Broken(
                            Failure.Kind.TIMEOUT,
                            order.step()
                                    + " did not end its phase '"
                                    + stage.phase()
                                    + "' within "
                                    + stage.command().timeLimit().toSeconds()
                                    + " s and was ended",
                            Excerpt.of(log.lastLines()));
            case Ended.Killed() -> throw new InterruptedException("the step was cancelled");
        };
    }

    /// Throws for failures that are the same whatever ran: our own bugs and the machine's limits.
    void demandNoCommonFailure(Stage stage, Ended.Exited exited) throws Broken {
        if (exited.status() == 0) return;
        List<String> lines = log.lastLines();
        if (exited.status() == BUG_STATUS)
            throw new Broken(
                    Failure.Kind.BUG, order.step() + ": " + lastErrors(exited), Excerpt.of(lines));
        if (lines.stream().anyMatch(l -> l.contains("No space left on device")))
            throw new Broken(
                    Failure.Kind.HOST,
                    order.step()
                            + " found no space left on "
                            + bench.cache().root()
                            + "; free some, or put the cache elsewhere (XDG_CACHE_HOME)",
                    Excerpt.of(lines));
        if (exited.status() == KILLED)
            throw new Broken(
                    Failure.Kind.HOST,
                    order.step()
                            + " was killed in its phase '"
                            + stage.phase()
                            + "' by something other than the farm, most likely for want of memory",
                    Excerpt.of(lines));
    }

    /// The scripts end with what was found and what to do.
    static String lastErrors(Ended.Exited exited) {
        List<String> errors = exited.errors().stream().filter(l -> !l.isBlank()).toList();
        if (errors.isEmpty()) return "it ended with status " + exited.status();
        return String.join("; ", errors.subList(Math.max(0, errors.size() - 2), errors.size()));
    }

    static String signalOf(int status) {
        return status > SIGNAL && status < SIGNAL + 65
                ? "was ended by signal " + (status - SIGNAL)
                : "ended with status " + status;
    }

    /// The result with what is known of how it was made.
    Outcome.Made weighed(Outcome.Made made) {
        if (footprint.peakBytes() == 0) return made;
        SortedMap<String, String> notes = new TreeMap<>(made.notes());
        notes.put(Outcome.Made.PEAK_MEMORY, Long.toString(footprint.peakBytes()));
        return new Outcome.Made(made.blobs(), made.identity(), notes);
    }

    // ---- collecting

    Path collect(String name, long maxBytes, Failure.Kind blame) throws IOException, Broken {
        Collected collected =
                Collected.of(Path.of(staged().places().get(Place.OUT)), name, maxBytes);
        var failure = collected.failure(blame, order.step().toString());
        if (failure.isPresent()) throw new Broken(failure.get());
        return ((Collected.File) collected).path();
    }

    /// The text of a small result, if there is one.
    String text(String name, int maxBytes) throws IOException {
        Collected collected =
                Collected.of(Path.of(staged().places().get(Place.OUT)), name, maxBytes);
        return collected instanceof Collected.File(Path path, _)
                ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                : "";
    }
}
