package rookery.wire;

import static rookery.wire.Refuse.field;
import static rookery.wire.Refuse.word;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import rookery.model.JobSpec;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Platform;
import rookery.v1.Strings;

/// Job specs and the values they are made of.
public final class SpecWire {
    private SpecWire() {}

    public static rookery.v1.JobSpec write(JobSpec spec) {
        var out =
                rookery.v1.JobSpec.newBuilder()
                        .setProject(spec.project())
                        .setSource(write(spec.source()))
                        .setPortage(write(spec.portage()))
                        .setToolchain(spec.toolchain().word())
                        .setVerify(
                                rookery.v1.Verify.newBuilder()
                                        .setPolicy(spec.verify().policy())
                                        .addAllRun(
                                                spec.verify().run().stream()
                                                        .map(SpecWire::write)
                                                        .toList()))
                        .setFarm(
                                rookery.v1.FarmOptions.newBuilder()
                                        .setProject(spec.farm().project())
                                        .setTrustDomain(spec.farm().trustDomain())
                                        .setPriority(spec.farm().priority())
                                        .addAllLabels(spec.farm().labels()));
        spec.builds().forEach(b -> out.addBuilds(write(b)));
        spec.platforms().forEach(p -> out.addPlatforms(write(p)));
        spec.images().forEach(i -> out.addImages(write(i)));
        return out.build();
    }

    /// @throws rookery.model.RookeryException with blame SPEC for anything that is not a valid spec
    public static JobSpec read(rookery.v1.JobSpec in) {
        return field(
                "spec",
                () ->
                        new JobSpec(
                                in.getProject(),
                                read(in.getSource()),
                                in.getBuildsList().stream().map(SpecWire::read).toList(),
                                read(in.getPortage()),
                                in.getPlatformsList().stream().map(SpecWire::read).toList(),
                                toolchain(in.getToolchain()),
                                new JobSpec.Verify(
                                        in.getVerify().getPolicy(),
                                        in.getVerify().getRunList().stream()
                                                .map(SpecWire::read)
                                                .toList()),
                                in.getImagesList().stream().map(SpecWire::read).toList(),
                                new JobSpec.FarmOptions(
                                        in.getFarm().getProject(),
                                        in.getFarm().getTrustDomain(),
                                        in.getFarm().getPriority(),
                                        new TreeSet<>(in.getFarm().getLabelsList()))));
    }

    static rookery.v1.Blob write(Blob blob) {
        return rookery.v1.Blob.newBuilder()
                .setDigest(blob.digest().toString())
                .setSizeBytes(blob.sizeBytes())
                .build();
    }

    static Blob read(rookery.v1.Blob in) {
        return field("blob", () -> new Blob(digest(in.getDigest()), in.getSizeBytes()));
    }

    static Digest digest(String text) {
        return field("digest", () -> Digest.parse(text));
    }

    static Platform platform(String text) {
        return field("platform", () -> Platform.parse(text));
    }

    static rookery.v1.Source write(JobSpec.Source source) {
        var out =
                rookery.v1.Source.newBuilder()
                        .setTree(write(source.tree()))
                        .setVersion(source.version())
                        .setCommit(source.commit())
                        .setCommitTime(source.commitTime().getEpochSecond());
        source.modules().ifPresent(b -> out.setModules(write(b)));
        return out.build();
    }

    static JobSpec.Source read(rookery.v1.Source in) {
        return new JobSpec.Source(
                read(in.getTree()),
                in.hasModules() ? Optional.of(read(in.getModules())) : Optional.empty(),
                in.getVersion(),
                in.getCommit(),
                Instant.ofEpochSecond(in.getCommitTime()));
    }

    static rookery.v1.Build write(JobSpec.Build build) {
        var out =
                rookery.v1.Build.newBuilder()
                        .setId(build.id())
                        .setMain(build.main())
                        .setBinary(build.binary())
                        .addAllFlags(build.flags())
                        .addAllLdflags(build.ldflags())
                        .addAllTags(build.tags())
                        .putAllEnv(build.env());
        build.overrides()
                .forEach((platform, o) -> {
                    var here = rookery.v1.Overrides.newBuilder().putAllEnv(o.env());
                    o.flags().ifPresent(l -> here.setFlags(strings(l)));
                    o.ldflags().ifPresent(l -> here.setLdflags(strings(l)));
                    o.tags().ifPresent(l -> here.setTags(strings(l)));
                    out.putOverrides(platform.toString(), here.build());
                });
        return out.build();
    }

    static JobSpec.Build read(rookery.v1.Build in) {
        SortedMap<Platform, JobSpec.Overrides> overrides = new TreeMap<>(Target.order());
        in.getOverridesMap()
                .forEach((platform, o) ->
                        overrides.put(
                                platform(platform),
                                new JobSpec.Overrides(
                                        o.hasFlags()
                                                ? Optional.of(o.getFlags().getValuesList())
                                                : Optional.empty(),
                                        o.hasLdflags()
                                                ? Optional.of(o.getLdflags().getValuesList())
                                                : Optional.empty(),
                                        o.hasTags()
                                                ? Optional.of(o.getTags().getValuesList())
                                                : Optional.empty(),
                                        new TreeMap<>(o.getEnvMap()))));
        return field(
                "build",
                () ->
                        new JobSpec.Build(
                                in.getId(),
                                in.getMain(),
                                in.getBinary(),
                                in.getFlagsList(),
                                in.getLdflagsList(),
                                in.getTagsList(),
                                new TreeMap<>(in.getEnvMap()),
                                overrides));
    }

    private static Strings strings(List<String> values) {
        return Strings.newBuilder().addAllValues(values).build();
    }

    static rookery.v1.Portage write(JobSpec.Portage portage) {
        var out =
                rookery.v1.Portage.newBuilder()
                        .addAllPackages(portage.packages())
                        .addAllUse(portage.use());
        portage.config().ifPresent(b -> out.setConfig(write(b)));
        portage.repos()
                .forEach(r -> {
                    var repo = rookery.v1.Repo.newBuilder().setName(r.name());
                    r.tree().ifPresent(b -> repo.setTree(write(b)));
                    out.addRepos(repo);
                });
        return out.build();
    }

    static JobSpec.Portage read(rookery.v1.Portage in) {
        return field(
                "portage",
                () ->
                        new JobSpec.Portage(
                                in.getPackagesList(),
                                in.getUseList(),
                                in.getReposList().stream()
                                        .map(r ->
                                                new JobSpec.Repo(
                                                        r.getName(),
                                                        r.hasTree()
                                                                ? Optional.of(read(r.getTree()))
                                                                : Optional.empty()))
                                        .toList(),
                                in.hasConfig()
                                        ? Optional.of(read(in.getConfig()))
                                        : Optional.empty()));
    }

    static rookery.v1.Wanted write(JobSpec.Wanted wanted) {
        return rookery.v1.Wanted.newBuilder()
                .setPlatform(wanted.target().platform().toString())
                .setLevel(wanted.level().name())
                .setRequired(wanted.required())
                .build();
    }

    static JobSpec.Wanted read(rookery.v1.Wanted in) {
        Target target = word("platform", in.getPlatform(), p -> Target.of(platform(p)));
        return new JobSpec.Wanted(
                target, word("level", in.getLevel(), target::level), in.getRequired());
    }

    static Target target(String chost) {
        return word("chost", chost, Target::ofChost);
    }

    static Toolchain toolchain(String text) {
        return word("toolchain", text, w -> named(Toolchain.values(), Toolchain::word, w));
    }

    static rookery.v1.RunCheck write(JobSpec.RunCheck check) {
        return rookery.v1.RunCheck.newBuilder()
                .addAllArgs(check.args())
                .setStdout(check.stdout())
                .setTimeLimitMs(check.timeLimit().toMillis())
                .build();
    }

    static JobSpec.RunCheck read(rookery.v1.RunCheck in) {
        return field(
                "run",
                () ->
                        new JobSpec.RunCheck(
                                in.getArgsList(),
                                in.getStdout(),
                                Duration.ofMillis(in.getTimeLimitMs())));
    }

    static rookery.v1.Image write(JobSpec.Image image) {
        var out =
                rookery.v1.Image.newBuilder()
                        .setFrom(image.from())
                        .setRepository(image.repository())
                        .addAllTags(image.tags())
                        .addAllEntrypoint(image.entrypoint())
                        .putAllLabels(image.labels());
        image.include()
                .forEach(i ->
                        out.addInclude(
                                rookery.v1.Include.newBuilder()
                                        .setPath(i.path())
                                        .setContent(write(i.content()))
                                        .setMode(i.mode())));
        return out.build();
    }

    static JobSpec.Image read(rookery.v1.Image in) {
        return field(
                "image",
                () ->
                        new JobSpec.Image(
                                in.getFrom(),
                                in.getRepository(),
                                in.getTagsList(),
                                in.getEntrypointList(),
                                new TreeMap<>(in.getLabelsMap()),
                                in.getIncludeList().stream()
                                        .map(i ->
                                                new JobSpec.Include(
                                                        i.getPath(),
                                                        read(i.getContent()),
                                                        i.getMode()))
                                        .toList()));
    }

    static <T> Optional<T> named(T[] all, Function<T, String> name, String wanted) {
        return Arrays.stream(all).filter(t -> name.apply(t).equals(wanted)).findFirst();
    }
}
