package rookery.cli.spec;

import java.util.List;
import java.util.Optional;

/// The door of this package: text in, a spec or every reason against it out.
public final class SpecReader {
    /// Either a spec and no problems, or problems and no spec.
    public record Reading(Optional<SpecFile> spec, List<Problem> problems) {}

    private SpecReader() {}

    /// @param file the name that problems carry
    public static Reading read(String file, String text) {
        var problems = new Problems();
        Optional<Value.Fields> spec =
                Yaml.read(file, text, problems)
                        .flatMap(root ->
                                new Walker(file, problems)
                                        .read(
                                                root,
                                                Keys.SPEC,
                                                "version: 1 and so on, as docs/spec.md has it"))
                        .filter(Value.Fields.class::isInstance)
                        .map(Value.Fields.class::cast);
        spec.ifPresent(s -> Crosscheck.check(s, problems));
        return problems.isEmpty()
                ? new Reading(spec.map(Binder::bind), List.of())
                : new Reading(Optional.empty(), problems.sorted());
    }
}
