package rookery.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import rookery.cli.pack.Project;
import rookery.cli.spec.Problem;
import rookery.cli.spec.Problems;
import rookery.cli.spec.SpecReader;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.json.Json;

/// A spec file and the project around it, as `check` and `build` read them.
///
/// @param file as the user named it, which is also how problems name it
/// @param project empty when there are problems
record SpecSource(Path file, Optional<Project> project, List<Problem> problems) {
    static final String USUAL_NAME = "rookery.yaml";

    private static final int MAX_BYTES = 2 << 20;

    /// @throws RookeryException with blame SPEC when there is no file to read
    static SpecSource read(Path directory, Path file) {
        Path path = directory.resolve(file);
        SpecReader.Reading reading = SpecReader.read(file.toString(), text(path, file));
        if (reading.spec().isEmpty())
            return new SpecSource(file, Optional.empty(), reading.problems());
        var problems = new Problems();
        Path root = path.toAbsolutePath().getParent();
        Optional<Project> project =
                Project.find(reading.spec().get(), root == null ? directory : root, problems);
        return new SpecSource(file, project, problems.sorted());
    }

    /// For `--output json`.
    static Json json(List<Problem> problems) {
        return new Json.Arr(
                problems.stream()
                        .map(p -> {
                            var out = new LinkedHashMap<String, Json>();
                            out.put("file", Json.text(p.at().file()));
                            out.put("line", Json.number(p.at().line()));
                            out.put("column", Json.number(p.at().column()));
                            out.put("found", Json.text(p.found()));
                            out.put("remedy", Json.text(p.remedy()));
                            return (Json) new Json.Obj(out);
                        })
                        .toList());
    }

    private static String text(Path path, Path asNamed) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (NoSuchFileException e) {
            throw new RookeryException(
                    Blame.SPEC,
                    "there is no "
                            + asNamed
                            + " here; write one (docs/spec.md begins with an example), or name"
                            + " another file with -f",
                    e);
        } catch (CharacterCodingException e) {
            throw new RookeryException(
                    Blame.SPEC, asNamed + " is not UTF-8 text; save it as such", e);
        } catch (IOException e) {
            throw new RookeryException(Blame.SPEC, asNamed + " cannot be read: " + e, e);
        }
    }
}
