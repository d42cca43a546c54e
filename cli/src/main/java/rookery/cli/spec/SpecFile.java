package rookery.cli.spec;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import rookery.model.JobSpec;
import rookery.model.Toolchain;

/// A spec without mistakes: everything that `rookery.yaml` says, with defaults filled in. Paths are
/// still paths and templates still templates; [JobSpecs#make] turns it into a job.
///
/// @param source the Go module's directory
/// @param platforms in the file's order
/// @param rules the file that the policy is in, where it is none of the built-in ones
public record SpecFile(
        String project,
        Located source,
        List<Program> programs,
        Portage portage,
        List<JobSpec.Wanted> platforms,
        Toolchain toolchain,
        JobSpec.Verify verify,
        Optional<Located> rules,
        List<Image> images,
        JobSpec.FarmOptions farm) {

    /// Where `ca-certificates` lies in an image, and on the machines that have it.
    public static final String CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

    public SpecFile {
        programs = List.copyOf(programs);
        platforms = List.copyOf(platforms);
        images = List.copyOf(images);
    }

    /// The spec for some of its platforms only.
    public SpecFile only(List<JobSpec.Wanted> platforms) {
        return new SpecFile(
                project, source, programs, portage, platforms, toolchain, verify, rules, images,
                farm);
    }

    /// The spec with the text of its rules file for a policy.
    public SpecFile withPolicy(String text) {
        return new SpecFile(
                project,
                source,
                programs,
                portage,
                platforms,
                toolchain,
                new JobSpec.Verify(text, verify.run()),
                rules,
                images,
                farm);
    }

    /// A build, and where its main package is named.
    ///
    /// @param build its linker flags still have templates; its overrides are by the platforms that
    ///   are built
    public record Program(JobSpec.Build build, Position mainAt) {}

    public record Portage(
            List<String> packages, List<String> use, List<Repo> repos, Optional<Located> config) {
        public Portage {
            packages = List.copyOf(packages);
            use = List.copyOf(use);
            repos = List.copyOf(repos);
        }
    }

    /// @param path empty for one that every agent brings
    public record Repo(String name, Optional<Located> path) {}

    public record Image(
            String from,
            String repository,
            List<Located> tags,
            List<String> entrypoint,
            SortedMap<String, String> labels,
            List<Include> include) {
        public Image {
            tags = List.copyOf(tags);
            entrypoint = List.copyOf(entrypoint);
            include = List.copyOf(include);
        }
    }

    /// A file beside the program.
    public sealed interface Include {
        /// The bundle of the machine that submits the job, at [#CA_BUNDLE].
        record CaCertificates(Position at) implements Include {}

        record ProjectFile(Located path, String to, int mode) implements Include {}
    }
}
