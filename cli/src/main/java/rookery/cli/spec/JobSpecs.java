package rookery.cli.spec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.JobSpec;
import rookery.model.Target;
import rookery.oci.Blob;
import rookery.oci.Platform;

/// A spec file and the blobs of its directories, made into a job.
public final class JobSpecs {
    /// What the packer found and stored.
    ///
    /// @param commit empty where there is no git
    /// @param repos of the repositories that have a path, by name
    /// @param includes of each image, in the file's order
    public record Packed(
            Blob tree,
            Optional<Blob> modules,
            String version,
            String commit,
            Instant commitTime,
            SortedMap<String, Blob> repos,
            Optional<Blob> config,
            List<List<JobSpec.Include>> includes) {}

    private JobSpecs() {}

    /// @param problems receives what templates have made invalid; the job must not be used then
    public static JobSpec make(SpecFile spec, Packed packed, Problems problems) {
        var facts =
                new Template.Facts(
                        packed.version(),
                        packed.commit().isEmpty() ? "none" : packed.commit(),
                        packed.commitTime());
        var images = new ArrayList<JobSpec.Image>();
        boolean possible = spec.platforms().stream().anyMatch(w -> w.target().inImages());
        for (int i = 0; possible && i < spec.images().size(); i++) {
            images.add(image(spec.images().get(i), packed.includes().get(i), facts, problems));
        }
        return new JobSpec(
                spec.project(),
                new JobSpec.Source(
                        packed.tree(),
                        packed.modules(),
                        packed.version(),
                        packed.commit(),
                        packed.commitTime()),
                spec.programs().stream().map(p -> build(p.build(), facts)).toList(),
                new JobSpec.Portage(
                        spec.portage().packages(),
                        spec.portage().use(),
                        spec.portage().repos().stream()
                                .map(r ->
                                        new JobSpec.Repo(
                                                r.name(),
                                                Optional.ofNullable(packed.repos().get(r.name()))))
                                .toList(),
                        packed.config()),
                spec.platforms().stream()
                        .sorted((a, b) -> Target.order().compare(a.platform(), b.platform()))
                        .toList(),
                spec.toolchain(),
                spec.verify(),
                images,
                spec.farm());
    }

    private static JobSpec.Build build(JobSpec.Build build, Template.Facts facts) {
        SortedMap<Platform, JobSpec.Overrides> overrides = new TreeMap<>(Target.order());
        build.overrides()
                .forEach((platform, o) ->
                        overrides.put(
                                platform,
                                new JobSpec.Overrides(
                                        o.flags(),
                                        o.ldflags().map(l -> fill(l, facts)),
                                        o.tags(),
                                        o.env())));
        return new JobSpec.Build(
                build.id(),
                build.main(),
                build.binary(),
                build.flags(),
                fill(build.ldflags(), facts),
                build.tags(),
                build.env(),
                overrides);
    }

    private static JobSpec.Image image(
            SpecFile.Image image,
            List<JobSpec.Include> include,
            Template.Facts facts,
            Problems problems) {
        var tags = new ArrayList<String>();
        for (Located tag : image.tags()) {
            String filled = Template.fill(tag.text(), facts);
            Grammars.tag(filled, tag.text()).ifPresent(c -> problems.add(tag.at(), c));
            if (!tags.contains(filled)) tags.add(filled);
        }
        SortedMap<String, String> labels = new TreeMap<>();
        image.labels().forEach((name, text) -> labels.put(name, Template.fill(text, facts)));
        return new JobSpec.Image(
                image.from(),
                image.repository(),
                tags,
                fill(image.entrypoint(), facts),
                labels,
                include);
    }

    private static List<String> fill(List<String> texts, Template.Facts facts) {
        return texts.stream().map(t -> Template.fill(t, facts)).toList();
    }
}
