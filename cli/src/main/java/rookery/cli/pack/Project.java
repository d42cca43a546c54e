package rookery.cli.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.cli.spec.Located;
import rookery.cli.spec.Position;
import rookery.cli.spec.Problems;
import rookery.cli.spec.SpecFile;
import rookery.elf.Rules;
import rookery.model.Blame;
import rookery.model.Limits;
import rookery.model.RookeryException;

/// Everything on the disk that a spec names, found and looked at.
///
/// @param spec with the text of its rules file for a policy, where it names one
/// @param repos directories of the repositories that have a path
/// @param includes the files of each image, in the spec's order
public record Project(
        SpecFile spec,
        Path root,
        Path source,
        SortedMap<String, Path> repos,
        Optional<Path> config,
        List<List<Path>> includes) {
    private static final int MAX_GO_MOD = 1 << 20;

    /// Where the CA bundle lies on one distribution or another.
    private static final List<Path> CA_BUNDLES =
            List.of(
                    Path.of(SpecFile.CA_BUNDLE),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
                    Path.of("/etc/ssl/ca-bundle.pem"),
                    Path.of("/etc/ssl/cert.pem"));

    /// The same project for a spec that asks for less.
    public Project with(SpecFile narrowed) {
        return new Project(narrowed, root, source, repos, config, includes);
    }

    /// Looks at everything; what is not as it should be is among the problems, and then there is no
    /// project.
    ///
    /// @param root the directory that holds the spec
    public static Optional<Project> find(SpecFile spec, Path root, Problems problems) {
        ProjectFiles files;
        try {
            files = new ProjectFiles(root.toRealPath(), problems);
        } catch (IOException e) {
            throw new RookeryException(Blame.SPEC, root + " cannot be read: " + e.getMessage(), e);
        }
        Optional<Path> source = files.directory(spec.source());
        source.ifPresent(s -> goSource(spec, s, problems));
        SortedMap<String, Path> repos = new TreeMap<>();
        for (SpecFile.Repo repo : spec.portage().repos()) {
            repo.path()
                    .ifPresent(located ->
                            files.directory(located)
                                    .filter(d -> isRepo(repo.name(), located, d, problems))
                                    .ifPresent(d -> repos.put(repo.name(), d)));
        }
        Optional<Path> config = spec.portage().config().flatMap(files::directory);
        SpecFile resolved =
                spec.rules()
                        .flatMap(at -> rules(at, files, problems))
                        .map(spec::withPolicy)
                        .orElse(spec);
        var includes = new ArrayList<List<Path>>();
        for (SpecFile.Image image : spec.images()) {
            includes.add(
                    image.include().stream()
                            .flatMap(i -> include(i, files, problems).stream())
                            .toList());
        }
        return problems.isEmpty()
                ? Optional.of(
                        new Project(
                                resolved,
                                files.root(),
                                source.orElseThrow(),
                                repos,
                                config,
                                includes))
                : Optional.empty();
    }

    /// The text of a small file of the project.
    static Optional<String> text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_GO_MOD), StandardCharsets.UTF_8));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static void goSource(SpecFile spec, Path source, Problems problems) {
        if (!Files.isRegularFile(source.resolve("go.mod"))) {
            problems.add(
                    spec.source().at(),
                    "the source " + ProjectFiles.quoted(spec.source()) + " has no go.mod",
                    "name the module's directory under source:, or run go mod init there");
            return;
        }
        for (SpecFile.Program program : spec.programs()) {
            Path main = source.resolve(program.build().main()).normalize();
            if (!hasGoFiles(main)) {
                problems.add(
                        program.mainAt(),
                        "there is no Go package " + program.build().main() + " in the source",
                        "looked for .go files in " + main);
            }
        }
    }

    private static boolean hasGoFiles(Path directory) {
        try (var files = Files.newDirectoryStream(directory, "*.go")) {
            for (Path file : files) {
                if (!file.toString().endsWith("_test.go")) return true;
            }
            return false;
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean isRepo(String name, Located at, Path directory, Problems problems) {
        Path nameFile = directory.resolve("profiles/repo_name");
        if (!Files.exists(directory.resolve("metadata/layout.conf")) && !Files.exists(nameFile)) {
            problems.add(
                    at.at(),
                    ProjectFiles.quoted(at) + " is no ebuild repository",
                    "it needs metadata/layout.conf and profiles/repo_name");
            return false;
        }
        Optional<String> own = text(nameFile).map(String::strip);
        if (own.isPresent() && !own.get().equals(name)) {
            problems.add(
                    at.at(),
                    "the repository "
                            + ProjectFiles.quoted(at)
                            + " calls itself '"
                            + rookery.oci.Printable.clip(own.get())
                            + "' in profiles/repo_name, not '"
                            + name
                            + "'",
                    "use the same name in both places");
            return false;
        }
        return true;
    }

    /// The text of a rules file that the gate will understand.
    private static Optional<String> rules(Located at, ProjectFiles files, Problems problems) {
        Optional<String> text = files.file(at).flatMap(Project::text);
        try {
            text.ifPresent(Rules::parse);
        } catch (IllegalArgumentException e) {
            problems.add(
                    at.at(),
                    "the rules in " + ProjectFiles.quoted(at) + ": " + e.getMessage(),
                    "see docs/inspect.md, and try them with rookery inspect --policy " + at.text());
            return Optional.empty();
        }
        if (text.isPresent() && text.get().length() > Limits.POLICY_CHARACTERS) {
            problems.add(
                    at.at(),
                    ProjectFiles.quoted(at) + " is too long for a file of rules",
                    "use at most " + Limits.POLICY_CHARACTERS + " characters");
        }
        return text;
    }

    private static Optional<Path> include(
            SpecFile.Include include, ProjectFiles files, Problems problems) {
        return switch (include) {
            case SpecFile.Include.ProjectFile(var path, _, _) -> files.file(path);
            case SpecFile.Include.CaCertificates(Position at) -> {
                Optional<Path> found = CA_BUNDLES.stream().filter(Files::isRegularFile).findFirst();
                if (found.isEmpty())
                    problems.add(
                            at,
                            "this machine has no CA bundle to include",
                            "install the package ca-certificates");
                yield found;
            }
        };
    }
}
