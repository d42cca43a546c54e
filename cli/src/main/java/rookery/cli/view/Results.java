package rookery.cli.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import rookery.model.Failure;
import rookery.model.JobSpec;
import rookery.model.Outcome;
import rookery.oci.Blob;

/// What a job has come to, program by program and image by image, read from its steps.
public record Results(
        JobSpec spec, Job job, List<Program> programs, List<Image> images, List<Step> failures) {

    /// One program on one platform.
    ///
    /// @param binary there once it has passed the gate
    /// @param linkage the inspector's words; empty where the gate was not reached
    /// @param stdout what it printed when it was run; empty where it was not
    /// @param failed the step that keeps it from being there
    public record Program(
            JobSpec.Build build,
            JobSpec.Wanted wanted,
            Optional<Blob> binary,
            String verdict,
            String linkage,
            String libc,
            String summary,
            Optional<String> stdout,
            boolean recalled,
            Optional<Step> failed) {
        /// Its file's name on its platform.
        public String fileName() {
            return build.binary() + wanted.target().binarySuffix();
        }
    }

    /// @param index there once it is assembled
    /// @param platforms that are in it
    public record Image(
            JobSpec.Image image, Optional<Blob> index, List<String> platforms, boolean pushed) {}

    public Results {
        programs = List.copyOf(programs);
        images = List.copyOf(images);
        failures = List.copyOf(failures);
    }

    public static Results of(JobSpec spec, Job job) {
        var programs = new ArrayList<Program>();
        for (JobSpec.Build build : spec.builds()) {
            for (JobSpec.Wanted wanted : spec.platforms()) {
                programs.add(program(build, wanted, job));
            }
        }
        return new Results(
                spec,
                job,
                programs,
                spec.images().stream().map(i -> image(i, programs, job)).toList(),
                failures(job));
    }

    /// What decides the exit code: the first failure of something required.
    public Optional<Failure> decisive() {
        return failures.stream().filter(Step::required).findFirst().flatMap(Step::failure);
    }

    private static Program program(JobSpec.Build build, JobSpec.Wanted wanted, Job job) {
        String where = "/" + build.id() + "/" + wanted.platform();
        Optional<Step> built = job.step("go-build" + where);
        Optional<Step> verified = job.step("verify" + where);
        Optional<Step> run = job.step("run" + where);
        Optional<Outcome.Made> verdict = verified.flatMap(Step::made);
        return new Program(
                build,
                wanted,
                verdict.flatMap(m -> m.find("binary")),
                note(verdict, "verdict"),
                note(verdict, "linkage"),
                note(verdict, "libc"),
                note(verdict, "summary"),
                run.flatMap(Step::made).flatMap(m -> Optional.ofNullable(m.notes().get("stdout"))),
                built.map(Step::recalled).orElse(false),
                java.util.stream.Stream.of(built, verified, run)
                        .flatMap(Optional::stream)
                        .filter(s ->
                                s.state() == Step.State.FAILED || s.state() == Step.State.CANCELLED)
                        .findFirst());
    }

    private static Image image(JobSpec.Image image, List<Program> programs, Job job) {
        Optional<Step> assembled = about("assemble", image.repository(), job);
        boolean pushed =
                about("publish", image.repository(), job)
                        .filter(s -> s.state() == Step.State.DONE)
                        .isPresent();
        var platforms = new TreeSet<String>(LiveTable.byPlatform());
        for (Program program : programs) {
            if (program.build.id().equals(image.from())
                    && program.wanted.target().inImages()
                    && program.binary.isPresent()
                    && program.failed.isEmpty())
                platforms.add(program.wanted.platform().toString());
        }
        return new Image(
                image,
                assembled.flatMap(Step::made).flatMap(m -> m.find("index")),
                List.copyOf(platforms),
                pushed);
    }

    /// A repository's step: its id holds the repository with what an id cannot hold changed, so
    /// letters and digits alone are compared.
    private static Optional<Step> about(String kind, String repository, Job job) {
        return job.steps().stream()
                .filter(s -> s.kind().equals(kind))
                .filter(s -> letters(s.subject()).equals(letters(repository)))
                .findFirst();
    }

    private static String letters(String text) {
        return text.replaceAll("[^A-Za-z0-9]", "");
    }

    private static List<Step> failures(Job job) {
        return job.steps().stream()
                .filter(s -> s.state() == Step.State.FAILED && s.failure().isPresent())
                .sorted(
                        Comparator.comparing((Step s) -> s.ended().orElse(java.time.Instant.MAX))
                                .thenComparing(Step::id))
                .toList();
    }

    private static String note(Optional<Outcome.Made> made, String name) {
        return made.flatMap(m -> Optional.ofNullable(m.notes().get(name))).orElse("");
    }
}
