package rookery.oci.registry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.oci.Digest;
import rookery.oci.Printable;
import rookery.oci.Tag;

/// `host[:port]/repository[:tag][@digest]`. The host is never guessed: `alpine` alone is refused,
/// because what it means differs between tools.
public record Reference(
        String host,
        Optional<Integer> port,
        String repository,
        Optional<String> tag,
        Optional<Digest> digest) {
    private static final int MAX_CHARS = 512;
    private static final int MAX_REPOSITORY_CHARS = 255;
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern HOST =
            Pattern.compile(LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-f:.]{2,45}\\]");
    private static final String PART = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY = Pattern.compile(PART + "(?:/" + PART + ")*");
    private static final Pattern WHOLE =
            Pattern.compile(
                    "(?<host>\\[[^\\]/]*\\]|[^/:@]+)(?::(?<port>[1-9][0-9]{0,4}))?"
                            + "/(?<repository>[^:@]+)(?::(?<tag>[^@]*))?(?:@(?<digest>.*))?");

    public Reference {
        if (!HOST.matcher(host).matches() || host.length() > 253) {
            throw new IllegalArgumentException(
                    "'" + Printable.clip(host) + "' is no registry's host name");
        }
        if (port.isPresent() && (port.get() < 1 || port.get() > 65_535)) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port.get());
        }
        if (repository.length() > MAX_REPOSITORY_CHARS
                || !REPOSITORY.matcher(repository).matches()) {
            throw new IllegalArgumentException(
                    "a repository is lower-case words with . _ - between them and / between parts;"
                            + " found '"
                            + Printable.clip(repository)
                            + "'");
        }
        tag.ifPresent(Tag::check);
    }

    public static Reference parse(String text) {
        Matcher parts = WHOLE.matcher(text);
        if (text.length() > MAX_CHARS || !parts.matches() || !namesHost(parts)) {
            throw new IllegalArgumentException(
                    "an image is host[:port]/repository[:tag], such as ghcr.io/acme/app:1.0 (for"
                            + " Docker Hub docker.io/acme/app); found '"
                            + Printable.clip(text)
                            + "'");
        }
        return new Reference(
                parts.group("host"),
                Optional.ofNullable(parts.group("port")).map(Integer::valueOf),
                parts.group("repository"),
                Optional.ofNullable(parts.group("tag")),
                Optional.ofNullable(parts.group("digest")).map(Digest::parse));
    }

    /// Docker's rule to tell a host from the first part of a repository.
    private static boolean namesHost(Matcher parts) {
        String host = parts.group("host");
        return host.contains(".")
                || host.startsWith("[")
                || host.equals("localhost")
                || parts.group("port") != null;
    }

    /// Host and port, as credential files name it.
    public String authority() {
        return host + port.map(p -> ":" + p).orElse("");
    }

    /// The repository alone.
    public Reference bare() {
        return new Reference(host, port, repository, Optional.empty(), Optional.empty());
    }

    public Reference withTag(String to) {
        return new Reference(host, port, repository, Optional.of(to), Optional.empty());
    }

    public Reference withDigest(Digest to) {
        return new Reference(host, port, repository, Optional.empty(), Optional.of(to));
    }

    @Override
    public String toString() {
        return authority()
                + "/"
                + repository
                + tag.map(t -> ":" + t).orElse("")
                + digest.map(d -> "@" + d).orElse("");
    }
}
