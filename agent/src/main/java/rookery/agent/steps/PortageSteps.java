package rookery.agent.steps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.agent.artifacts.Gpkg;
import rookery.agent.exec.Ended;
import rookery.agent.recipe.Place;
import rookery.agent.recipe.Stage;
import rookery.model.Distfile;
import rookery.model.Failure;
import rookery.model.Limits;
import rookery.model.Outcome;
import rookery.model.StepIds;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.archive.ArchiveException;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;

/// Resolving, and building packages.
final class PortageSteps {
    private static final int MAX_ERROR_BYTES = 1 << 20;
    private static final int MAX_PHASES_BYTES = 64 << 10;
    private static final int MAX_PHASE_NOTE = 500;
    private static final long MAX_GPKG_BYTES = 4L << 30;

    private PortageSteps() {}

    static Outcome resolve(Attempt attempt, Work.Resolve work)
            throws IOException, InterruptedException, Broken {
        attempt.portage(work.target(), work.portage(), false);
        attempt.empty(Place.BINPKGS);
        attempt.empty(Place.DISTFILES);
        Stage stage = attempt.stages().getFirst();
        Ended.Exited exited = attempt.run(stage);
        if (exited.status() != 0) throw unresolved(attempt, stage, exited);
        Path graph = attempt.collect("graph.json", Limits.GRAPH_BYTES, Failure.Kind.BUG);
        Blob blob = attempt.bench.blobs().store(graph);
        return new Outcome.Made(one("graph", blob), blob.digest(), new TreeMap<>());
    }

    private static Broken unresolved(Attempt attempt, Stage stage, Ended.Exited exited)
            throws IOException, Broken {
        String text = attempt.text("error.json", MAX_ERROR_BYTES);
        if (text.isEmpty()) {
            attempt.demandNoCommonFailure(stage, exited);
            return new Broken(
                    Failure.Kind.BUG,
                    attempt.order.step() + ": " + Attempt.lastErrors(exited),
                    Excerpt.of(attempt.log.lastLines()));
        }
        try {
            if (Json.parse(text.getBytes(StandardCharsets.UTF_8), MAX_ERROR_BYTES)
                    instanceof Json.Obj error) {
                String remedy = member(error, "remedy");
                return new Broken(
                        Failure.Kind.SPEC,
                        member(error, "message") + (remedy.isEmpty() ? "" : "; " + remedy),
                        Excerpt.of(member(error, "detail").lines().toList()));
            }
        } catch (MalformedDocumentException e) {
            return new Broken(
                    Failure.Kind.BUG,
                    "resolve wrote an error.json that is none: " + e.getMessage());
        }
        return new Broken(Failure.Kind.BUG, "resolve wrote an error.json that is no object");
    }

    private static String member(Json.Obj of, String name) {
        Optional<Json> value = of.get(name);
        return value.isPresent() && value.get() instanceof Json.Text(String text) ? text : "";
    }

    static Outcome build(Attempt attempt, Work.PackageBuild work)
            throws IOException, InterruptedException, Broken {
        attempt.portage(work.target(), work.portage(), true);
        attempt.binpkgs(work.target(), work.closure());
        attempt.empty(Place.DISTFILES);
        for (Distfile distfile : work.node().distfiles()) {
            Blob blob = attempt.input(StepIds.fetch(distfile.name())).blob("distfile");
            attempt.room.copy(
                    attempt.bench.blobs().fetch(blob), "distfiles/" + distfile.name(), false);
        }
        Stage stage = attempt.stages().getFirst();
        Ended.Exited exited = attempt.run(stage);
        if (exited.status() != 0) {
            attempt.demandNoCommonFailure(stage, exited);
            throw new Broken(
                    Failure.Kind.BUILD,
                    Attempt.lastErrors(exited),
                    Excerpt.of(attempt.log.lastLines()));
        }
        String cpv = work.node().cpv();
        String pf = cpv.substring(cpv.indexOf('/') + 1);
        Path gpkg = attempt.collect(pf + ".gpkg.tar", MAX_GPKG_BYTES, Failure.Kind.BUG);
        Digest identity;
        try {
            identity = Gpkg.identity(gpkg);
        } catch (ArchiveException e) {
            throw new Broken(
                    Failure.Kind.BUILD,
                    "the package that "
                            + cpv
                            + " makes is refused: "
                            + e.getMessage()
                            + "; correct what its ebuild installs");
        }
        SortedMap<String, String> notes = new TreeMap<>();
        String phases =
                String.join(
                        " ",
                        List.of(
                                attempt.text("phases.tsv", MAX_PHASES_BYTES)
                                        .strip()
                                        .replace('\t', '=')
                                        .split("\n", -1)));
        if (!phases.isEmpty() && phases.length() <= MAX_PHASE_NOTE) notes.put("phases", phases);
        return new Outcome.Made(one("gpkg", attempt.bench.blobs().store(gpkg)), identity, notes);
    }

    static SortedMap<String, Blob> one(String role, Blob blob) {
        SortedMap<String, Blob> blobs = new TreeMap<>();
        blobs.put(role, blob);
        return blobs;
    }
}
