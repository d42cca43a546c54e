package rookery.cli.pack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.cli.spec.JobSpecs;
import rookery.cli.spec.Located;
import rookery.cli.spec.Problems;
import rookery.cli.spec.SpecFile;
import rookery.model.Blame;
import rookery.model.JobSpec;
import rookery.model.Limits;
import rookery.model.RookeryException;
import rookery.oci.Blob;
import rookery.oci.archive.ArchiveException;
import rookery.oci.archive.TreeTar;
import rookery.oci.layout.ImageLayout;
import rookery.oci.layout.TooLargeException;

/// Turns a project into a job: its directories into blobs of the store, git's facts into the
/// templates.
public final class SourcePacker {
    private static final int MOST_FILES = 500_000;
    private static final int MOST_INCLUDE_BYTES = 256 << 20;
    private static final rookery.oci.archive.Limits LIMITS =
            new rookery.oci.archive.Limits(MOST_FILES, Limits.SOURCE_BYTES, Limits.SOURCE_BYTES, 1);

    private final ImageLayout blobs;
    private final Path output;

    /// @param output the directory that the build writes to; it is never packed
    public SourcePacker(ImageLayout blobs, Path output) {
        this.blobs = blobs;
        this.output = real(output.toAbsolutePath().normalize());
    }

    /// With its links followed, as the project's own path is; the last part may not exist yet.
    private static Path real(Path output) {
        try {
            return output.toRealPath();
        } catch (IOException _) {
            Path parent = output.getParent();
            return parent == null ? output : real(parent).resolve(output.getFileName());
        }
    }

    /// @param problems receives what only packing can find; then there is no job
    public Optional<JobSpec> pack(Project project, Problems problems) {
        SpecFile spec = project.spec();
        try {
            SourceFiles source = SourceFiles.of(project.source(), output);
            if (source.isEmpty())
                problems.add(
                        spec.source().at(),
                        "git tracks no file in " + project.source() + ", or ignores them all",
                        "add the source to git, or remove it from .gitignore");
            Optional<Blob> tree = tree(source, spec.source(), problems);
            Optional<Blob> modules = modules(source, spec.source(), problems);
            SortedMap<String, Blob> repos = new TreeMap<>();
            for (SpecFile.Repo repo : spec.portage().repos()) {
                Path directory = project.repos().get(repo.name());
                if (directory == null || repo.path().isEmpty()) continue;
                tree(SourceFiles.of(directory, output), repo.path().get(), problems)
                        .ifPresent(b -> repos.put(repo.name(), b));
            }
            Optional<Blob> config = Optional.empty();
            if (project.config().isPresent()) {
                config =
                        tree(
                                SourceFiles.of(project.config().get(), output),
                                spec.portage().config().orElseThrow(),
                                problems);
            }
            List<List<JobSpec.Include>> includes = includes(project);
            if (!problems.isEmpty()) return Optional.empty();
            Version version = Version.of(new Git(project.source()));
            JobSpec job =
                    JobSpecs.make(
                            spec,
                            new JobSpecs.Packed(
                                    tree.orElseThrow(),
                                    modules,
                                    version.version(),
                                    version.commit(),
                                    version.commitTime(),
                                    repos,
                                    config,
                                    includes),
                            problems);
            return problems.isEmpty() ? Optional.of(job) : Optional.empty();
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "packing "
                            + project.root()
                            + " into "
                            + blobs.root()
                            + " stopped: "
                            + e
                            + "; is the disk full, or a file unreadable?",
                    e);
        }
    }

    private Optional<Blob> tree(SourceFiles files, Located at, Problems problems)
            throws IOException {
        try (var blob = blobs.incoming(Limits.SOURCE_BYTES)) {
            files.pack(LIMITS, blob);
            return Optional.of(blob.commit());
        } catch (ArchiveException | TooLargeException e) {
            problems.add(
                    at.at(),
                    "'" + at.text() + "' cannot be packed: " + e.getMessage(),
                    "change the file, or keep it out by .gitignore");
            return Optional.empty();
        }
    }

    /// What decides which modules are fetched, apart from the source: a change of a .go file must
    /// not fetch them again.
    private Optional<Blob> modules(SourceFiles files, Located at, Problems problems)
            throws IOException {
        if (files.has("vendor/modules.txt")) return Optional.empty();
        String mod = Project.text(files.directory().resolve("go.mod")).orElse("");
        if (!GoMod.requiresModules(mod)) return Optional.empty();
        if (!files.has("go.sum")) {
            problems.add(
                    at.at(),
                    "go.mod requires modules, but there is no go.sum that says which bytes they are",
                    "run go mod tidy, and let git track go.sum");
            return Optional.empty();
        }
        try (var blob = blobs.incoming(Limits.SOURCE_BYTES)) {
            TreeTar.pack(files.directory(), List.of("go.mod", "go.sum"), LIMITS, blob);
            return Optional.of(blob.commit());
        }
    }

    private List<List<JobSpec.Include>> includes(Project project) throws IOException {
        var all = new ArrayList<List<JobSpec.Include>>();
        for (int i = 0; i < project.spec().images().size(); i++) {
            List<SpecFile.Include> wanted = project.spec().images().get(i).include();
            List<Path> files = project.includes().get(i);
            var includes = new ArrayList<JobSpec.Include>();
            for (int j = 0; j < wanted.size(); j++) {
                Blob content = file(files.get(j));
                includes.add(
                        switch (wanted.get(j)) {
                            case SpecFile.Include.CaCertificates _ ->
                                    new JobSpec.Include(SpecFile.CA_BUNDLE, content, 0644);
                            case SpecFile.Include.ProjectFile(_, String to, int mode) ->
                                    new JobSpec.Include(to, content, mode);
                        });
            }
            all.add(includes);
        }
        return all;
    }

    private Blob file(Path file) throws IOException {
        try (var blob = blobs.incoming(MOST_INCLUDE_BYTES)) {
            java.nio.file.Files.copy(file, blob);
            return blob.commit();
        }
    }
}
