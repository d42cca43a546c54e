package rookery.wire;

import static rookery.wire.Refuse.field;
import static rookery.wire.Refuse.word;

import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.Blame;
import rookery.model.Distfile;
import rookery.model.Failure;
import rookery.model.MergeGraph;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.v1.AssembleWork;
import rookery.v1.FetchWork;
import rookery.v1.GoBuildWork;
import rookery.v1.MergePackage;
import rookery.v1.ModulesWork;
import rookery.v1.PackageWork;
import rookery.v1.PublishWork;
import rookery.v1.ResolveWork;
import rookery.v1.RunWork;
import rookery.v1.VerifyWork;

/// Steps' work and what came of it.
public final class WorkWire {
    private WorkWire() {}

    public static rookery.v1.Work write(Work work) {
        var out = rookery.v1.Work.newBuilder();
        switch (work) {
            case Work.Modules w ->
                    out.setModules(
                            ModulesWork.newBuilder()
                                    .setGoModAndSum(SpecWire.write(w.goModAndSum())));
            case Work.Resolve w ->
                    out.setResolve(
                            ResolveWork.newBuilder()
                                    .setChost(w.target().chost())
                                    .setToolchain(w.toolchain().word())
                                    .setPortage(SpecWire.write(w.portage())));
            case Work.Fetch w ->
                    out.setFetch(FetchWork.newBuilder().setDistfile(write(w.distfile())));
            case Work.PackageBuild w ->
                    out.setPackage(
                            PackageWork.newBuilder()
                                    .setChost(w.target().chost())
                                    .setToolchain(w.toolchain().word())
                                    .setPortage(SpecWire.write(w.portage()))
                                    .setNode(write(w.node()))
                                    .addAllClosure(w.closure()));
            case Work.GoBuild w ->
                    out.setGoBuild(
                            GoBuildWork.newBuilder()
                                    .setBuild(SpecWire.write(w.build()))
                                    .setWanted(SpecWire.write(w.wanted()))
                                    .setToolchain(w.toolchain().word())
                                    .setPortage(SpecWire.write(w.portage()))
                                    .setSource(SpecWire.write(w.source()))
                                    .addAllClosure(w.closure()));
            case Work.Run w ->
                    out.setRun(
                            RunWork.newBuilder()
                                    .setWanted(SpecWire.write(w.wanted()))
                                    .setBinaryName(w.binaryName())
                                    .addAllChecks(
                                            w.checks().stream().map(SpecWire::write).toList()));
            case Work.Verify w ->
                    out.setVerify(
                            VerifyWork.newBuilder()
                                    .setWanted(SpecWire.write(w.wanted()))
                                    .setPolicy(w.policy()));
            case Work.Assemble w ->
                    out.setAssemble(
                            AssembleWork.newBuilder()
                                    .setImage(SpecWire.write(w.image()))
                                    .setBinaryName(w.binaryName())
                                    .setSource(SpecWire.write(w.source()))
                                    .addAllPlatforms(
                                            w.platforms().stream().map(Object::toString).toList())
                                    .setRuns(w.runs()));
            case Work.Publish w ->
                    out.setPublish(
                            PublishWork.newBuilder()
                                    .setImage(SpecWire.write(w.image()))
                                    .setAllowDrop(w.allowDrop()));
        }
        return out.build();
    }

    /// @throws RookeryException with blame SPEC
    public static Work read(rookery.v1.Work in) {
        return switch (in.getKindCase()) {
            case MODULES -> new Work.Modules(SpecWire.read(in.getModules().getGoModAndSum()));
            case RESOLVE -> {
                var w = in.getResolve();
                yield new Work.Resolve(
                        SpecWire.target(w.getChost()),
                        SpecWire.toolchain(w.getToolchain()),
                        SpecWire.read(w.getPortage()));
            }
            case FETCH -> new Work.Fetch(read(in.getFetch().getDistfile()));
            case PACKAGE -> {
                var w = in.getPackage();
                yield new Work.PackageBuild(
                        SpecWire.target(w.getChost()),
                        SpecWire.toolchain(w.getToolchain()),
                        SpecWire.read(w.getPortage()),
                        read(w.getNode()),
                        w.getClosureList());
            }
            case GO_BUILD -> {
                var w = in.getGoBuild();
                yield new Work.GoBuild(
                        SpecWire.read(w.getBuild()),
                        SpecWire.read(w.getWanted()),
                        SpecWire.toolchain(w.getToolchain()),
                        SpecWire.read(w.getPortage()),
                        SpecWire.read(w.getSource()),
                        w.getClosureList());
            }
            case RUN -> {
                var w = in.getRun();
                yield new Work.Run(
                        SpecWire.read(w.getWanted()),
                        w.getBinaryName(),
                        w.getChecksList().stream().map(SpecWire::read).toList());
            }
            case VERIFY ->
                    new Work.Verify(
                            SpecWire.read(in.getVerify().getWanted()), in.getVerify().getPolicy());
            case ASSEMBLE -> {
                var w = in.getAssemble();
                yield new Work.Assemble(
                        SpecWire.read(w.getImage()),
                        w.getBinaryName(),
                        SpecWire.read(w.getSource()),
                        w.getPlatformsList().stream().map(SpecWire::platform).toList(),
                        w.getRuns());
            }
            case PUBLISH ->
                    new Work.Publish(
                            SpecWire.read(in.getPublish().getImage()),
                            in.getPublish().getAllowDrop());
            case KIND_NOT_SET ->
                    throw new RookeryException(
                            Blame.SPEC,
                            "a step of a kind that this version does not know; upgrade the older side");
        };
    }

    static MergePackage write(MergeGraph.Node p) {
        var out =
                MergePackage.newBuilder()
                        .setCpv(p.cpv())
                        .setSlot(p.slot())
                        .setRepo(p.repo())
                        .addAllUse(p.use())
                        .setRecipe(p.recipe())
                        .putAllEnv(p.env())
                        .addAllNeeds(p.needs());
        p.distfiles().forEach(d -> out.addDistfiles(write(d)));
        return out.build();
    }

    static MergeGraph.Node read(MergePackage in) {
        return field(
                "package",
                () ->
                        new MergeGraph.Node(
                                in.getCpv(),
                                in.getSlot(),
                                in.getRepo(),
                                in.getUseList(),
                                in.getRecipe(),
                                new TreeMap<>(in.getEnvMap()),
                                in.getDistfilesList().stream().map(WorkWire::read).toList(),
                                in.getNeedsList()));
    }

    static rookery.v1.Distfile write(Distfile d) {
        return rookery.v1.Distfile.newBuilder()
                .setName(d.name())
                .setSizeBytes(d.sizeBytes())
                .setBlake2B(d.blake2b())
                .setSha512(d.sha512())
                .addAllUris(d.uris())
                .build();
    }

    static Distfile read(rookery.v1.Distfile in) {
        return field(
                "distfile",
                () ->
                        new Distfile(
                                in.getName(),
                                in.getSizeBytes(),
                                in.getBlake2B(),
                                in.getSha512(),
                                in.getUrisList()));
    }

    public static rookery.v1.Outcome write(Outcome outcome) {
        var out = rookery.v1.Outcome.newBuilder();
        switch (outcome) {
            case Outcome.Made made -> out.setMade(write(made));
            case Outcome.Broke(Failure failure) -> out.setBroke(write(failure));
        }
        return out.build();
    }

    public static Outcome read(rookery.v1.Outcome in) {
        return switch (in.getResultCase()) {
            case MADE -> read(in.getMade());
            case BROKE -> new Outcome.Broke(read(in.getBroke()));
            case RESULT_NOT_SET ->
                    throw new RookeryException(
                            Blame.SPEC, "an outcome of a kind that this version does not know");
        };
    }

    public static rookery.v1.Made write(Outcome.Made made) {
        var out =
                rookery.v1.Made.newBuilder()
                        .setIdentity(made.identity().toString())
                        .putAllNotes(made.notes());
        made.blobs().forEach((role, blob) -> out.putBlobs(role, SpecWire.write(blob)));
        return out.build();
    }

    public static Outcome.Made read(rookery.v1.Made in) {
        SortedMap<String, Blob> blobs = new TreeMap<>();
        in.getBlobsMap().forEach((role, blob) -> blobs.put(role, SpecWire.read(blob)));
        return new Outcome.Made(
                blobs, SpecWire.digest(in.getIdentity()), new TreeMap<>(in.getNotesMap()));
    }

    public static rookery.v1.Failure write(Failure failure) {
        return rookery.v1.Failure.newBuilder()
                .setKind(failure.kind().name())
                .setMessage(failure.message())
                .addAllExcerpt(failure.excerpt())
                .build();
    }

    public static Failure read(rookery.v1.Failure in) {
        return field(
                "failure",
                () ->
                        new Failure(
                                word(
                                        "kind",
                                        in.getKind(),
                                        k ->
                                                SpecWire.named(
                                                        Failure.Kind.values(),
                                                        Failure.Kind::name,
                                                        k)),
                                in.getMessage(),
                                in.getExcerptList()));
    }
}
