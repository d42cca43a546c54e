package rookery.agent.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import rookery.model.Failure;

/// What may be taken from a step's output directory: plain files that nothing else is a name of.
///
/// Only looked at once every process of the step is gone, so what was checked stays so.
public sealed interface Collected {

    record File(Path path, long sizeBytes) implements Collected {}

    record Missing() implements Collected {}

    /// There is something that is refused.
    record Refused(String why) implements Collected {}

    /// Looks at one file directly below the directory.
    static Collected of(Path directory, String name, long maxBytes) throws IOException {
        if (name.isEmpty() || name.contains("/") || name.equals(".") || name.equals(".."))
            throw new IllegalArgumentException("'" + name + "' is no plain file name");
        Path path = directory.resolve(name);
        BasicFileAttributes attributes;
        Object links;
        try {
            attributes =
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            links = Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return new Missing();
        }
        if (!attributes.isRegularFile())
            return new Refused(
                    "/out/" + name + " is not a regular file but a link, directory or device");
        if (!(links instanceof Integer count) || count != 1)
            return new Refused("/out/" + name + " has " + links + " names; a result has one");
        if (attributes.size() > maxBytes)
            return new Refused(
                    "/out/"
                            + name
                            + " has "
                            + attributes.size()
                            + " bytes; at most "
                            + maxBytes
                            + " are taken");
        return new File(path, attributes.size());
    }

    /// Why it cannot be taken; empty if it can.
    default Optional<Failure> failure(Failure.Kind kind, String what) {
        return switch (this) {
            case File _ -> Optional.empty();
            case Missing _ ->
                    Optional.of(new Failure(kind, what + " ended well but left no result"));
            case Refused(String why) -> Optional.of(new Failure(kind, what + ": " + why));
        };
    }
}
