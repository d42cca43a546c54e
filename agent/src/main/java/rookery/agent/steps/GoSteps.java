package rookery.agent.steps;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.agent.exec.Ended;
import rookery.agent.recipe.Place;
import rookery.agent.recipe.Recipe;
import rookery.agent.recipe.Stage;
import rookery.agent.workspace.SyntheticEtc;
import rookery.model.Failure;
import rookery.model.Outcome;
import rookery.model.StepIds;
import rookery.model.Target;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.archive.Extractor;
import rookery.oci.archive.Limits;
import rookery.oci.archive.TreeTar;

/// Go modules and Go programs.
final class GoSteps {
    private static final long MAX_BINARY_BYTES = 4L << 30;

    /// Go is too old, or a module's hash is wrong: the job's fault, not the proxy's.
    private static final Pattern TOO_OLD = Pattern.compile("requires go >= \\S+");

    private static final Pattern JOBS_FAULT =
            Pattern.compile(
                    "SECURITY ERROR|checksum mismatch|errors parsing go\\.mod|invalid version|replacement directory|404 Not Found|410 Gone|unknown revision|malformed module path");

    private GoSteps() {}

    static Outcome modules(Attempt attempt, Work.Modules work)
            throws IOException, InterruptedException, Broken {
        Path etc = attempt.etc();
        SyntheticEtc.addNetwork(etc, attempt.bench.environment());
        attempt.places.put(Place.GOROOT, attempt.bench.goRoot().toString());
        Path build = attempt.empty(Place.BUILD);
        Path out = attempt.empty(Place.OUT);
        attempt.network.putAll(ModuleProxy.environment(attempt.bench, attempt.log));
        try (InputStream in =
                Files.newInputStream(attempt.bench.blobs().fetch(work.goModAndSum()))) {
            Extractor.extract(in, build.resolve("src"), Limits.ORDINARY);
        }
        Stage stage = attempt.stages().getFirst();
        Ended.Exited exited = attempt.run(stage);
        if (exited.status() != 0) {
            attempt.demandNoCommonFailure(stage, exited);
            throw undownloaded(attempt, exited);
        }
        Path tar = attempt.room.directory("result").resolve("modules.tar");
        Path download = out.resolve("mod/cache/download");
        Path from =
                Files.isDirectory(download, LinkOption.NOFOLLOW_LINKS)
                        ? download
                        : attempt.room.directory("nothing");
        try (OutputStream to = Files.newOutputStream(tar)) {
            TreeTar.pack(from, GoSteps::isOfAProxy, Limits.ORDINARY, to);
        }
        Blob blob = attempt.bench.blobs().store(tar);
        return new Outcome.Made(PortageSteps.one("modules", blob), blob.digest(), new TreeMap<>());
    }

    /// What a proxy serves of a version, and nothing that depends on when or how it was fetched
    /// (locks, lists of versions, the checksum database's tiles).
    private static boolean isOfAProxy(String name) {
        if (name.equals("sumdb") || name.startsWith("sumdb/")) return false;
        String leaf = name.substring(name.lastIndexOf('/') + 1);
        boolean isBelowVersions = name.contains("/@v/");
        return !isBelowVersions
                ? !leaf.equals("lock") && !leaf.startsWith("@latest")
                : leaf.endsWith(".info") || leaf.endsWith(".mod") || leaf.endsWith(".zip");
    }

    private static Broken undownloaded(Attempt attempt, Ended.Exited exited) {
        String said = Excerpt.firstError(exited.errors());
        Matcher old = TOO_OLD.matcher(said);
        List<String> excerpt = Excerpt.of(attempt.log.lastLines());
        if (old.find())
            return new Broken(
                    Failure.Kind.SPEC,
                    "go.mod "
                            + old.group()
                            + ", the farm's Go is "
                            + attempt.bench.facts().goVersion()
                            + "; ask for less in go.mod, or upgrade the agents' Go",
                    excerpt);
        if (JOBS_FAULT.matcher(String.join("\n", exited.errors())).find())
            return new Broken(
                    Failure.Kind.SPEC,
                    "the Go modules cannot be had as go.mod and go.sum ask: "
                            + said
                            + "; run `go mod tidy`, or vendor them",
                    excerpt);
        return new Broken(
                Failure.Kind.UPSTREAM,
                "the Go modules could not be fetched from the module proxy: "
                        + said
                        + "; see whether GOPROXY of the agent is reachable",
                excerpt);
    }

    static Outcome build(Attempt attempt, Work.GoBuild work)
            throws IOException, InterruptedException, Broken {
        Target target = work.wanted().target();
        attempt.portage(target, work.portage(), true);
        attempt.binpkgs(target, work.closure());
        attempt.unpacked(Place.SRC, work.source().tree());
        attempt.vendored =
                Files.isRegularFile(
                        Path.of(String.valueOf(attempt.places.get(Place.SRC)))
                                .resolve("vendor/modules.txt"),
                        LinkOption.NOFOLLOW_LINKS);
        Outcome.Made modules = attempt.order.inputs().get(StepIds.MODULES);
        if (modules != null) attempt.unpacked(Place.MODULES, modules.blob("modules"));
        attempt.places.put(Place.GOROOT, attempt.bench.goRoot().toString());
        attempt.places.put(
                Place.GOCACHE,
                attempt.bench
                        .cache()
                        .goCache(attempt.bench.facts().goVersion(), attempt.order.trustDomain())
                        .toString());
        attempt.room.directory(
                "sysroot/" + Recipe.keyDirectory(attempt.order, work, attempt.bench.facts()));
        for (Stage stage : attempt.stages()) {
            Ended.Exited exited = attempt.run(stage);
            if (exited.status() != 0) throw unbuilt(attempt, work, stage, exited);
            if (exited.text().lines().anyMatch(Recipe.CGO_OFF::equals))
                throw new Broken(
                        Failure.Kind.BUG,
                        "Go says that cgo is off for "
                                + work.wanted().platform()
                                + " though it was turned on; files with C in them would be left out");
        }
        String name = work.build().binary() + target.binarySuffix();
        Path binary = attempt.collect(name, MAX_BINARY_BYTES, Failure.Kind.BUILD);
        Blob blob = attempt.bench.blobs().store(binary);
        return new Outcome.Made(PortageSteps.one("binary", blob), blob.digest(), new TreeMap<>());
    }

    private static Broken unbuilt(
            Attempt attempt, Work.GoBuild work, Stage stage, Ended.Exited exited) throws Broken {
        attempt.demandNoCommonFailure(stage, exited);
        List<String> excerpt = Excerpt.of(attempt.log.lastLines());
        if (stage.phase().equals("sysroot"))
            return new Broken(Failure.Kind.BUG, Attempt.lastErrors(exited), excerpt);
        return new Broken(
                Failure.Kind.BUILD,
                "build '"
                        + work.build().id()
                        + "' for "
                        + work.wanted().platform()
                        + " failed: "
                        + Excerpt.firstError(exited.errors()),
                excerpt);
    }
}
