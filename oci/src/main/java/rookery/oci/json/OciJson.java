package rookery.oci.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import rookery.oci.Annotations;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.Document;
import rookery.oci.ImageConfig;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.Printable;

/// The OCI documents as bytes. Members are written in the order of the image specification's own Go
/// types, absent ones left out, so the same value has the same digest everywhere and for ever.
public final class OciJson {
    private static final long SCHEMA_VERSION = 2;

    private OciJson() {}

    public static byte[] write(Document document) {
        return switch (document) {
            case Index index -> writeIndex(index);
            case Manifest manifest -> writeManifest(manifest);
        };
    }

    public static byte[] write(ImageConfig config) {
        var all = new Members();
        all.put("created", config.created().map(OciJson::time));
        all.put("architecture", Json.text(config.platform().architecture()));
        all.put("os", Json.text(config.platform().os()));
        all.put("variant", config.platform().variant().map(Json::text));
        var run = new Members();
        run.put("User", config.user().map(Json::text));
        run.putUnlessEmpty("Env", config.env());
        run.putUnlessEmpty("Entrypoint", config.entrypoint());
        run.putUnlessEmpty("Cmd", config.cmd());
        run.put("WorkingDir", config.workingDir().map(Json::text));
        run.putUnlessEmpty("Labels", config.labels());
        all.put("config", run.json());
        var rootfs = new Members();
        rootfs.put("type", Json.text("layers"));
        rootfs.put(
                "diff_ids", Json.texts(config.diffIds().stream().map(Digest::toString).toList()));
        all.put("rootfs", rootfs.json());
        if (!config.history().isEmpty()) {
            all.put("history", new Json.Arr(config.history().stream().map(OciJson::json).toList()));
        }
        return all.json().bytes();
    }

    /// Reads a manifest or an index. `contentType` is what its bearer (a descriptor, an HTTP
    /// header) calls it; the document must say the same of itself, and have the members of that
    /// kind only.
    public static Document read(byte[] bytes, String contentType) {
        var top = new Members.Reader("", Json.parse(bytes));
        if (MediaType.isIndex(contentType)) {
            return readIndex(top, contentType);
        }
        if (MediaType.isManifest(contentType)) {
            return readManifest(top, contentType);
        }
        throw new MalformedDocumentException(
                "neither an image manifest nor an index, but '"
                        + Printable.clip(contentType)
                        + "'");
    }

    public static ImageConfig readConfig(byte[] bytes) {
        var top = new Members.Reader("", Json.parse(bytes));
        var run = top.object("config");
        var rootfs = top.object("rootfs").orElseThrow(() -> top.missing("rootfs"));
        return top.check(() ->
                new ImageConfig(
                        platform(top),
                        top.text("created").map(t -> instant(top, t)),
                        run.flatMap(r -> r.text("User")).filter(u -> !u.isEmpty()),
                        run.map(r -> r.texts("Env")).orElse(List.of()),
                        run.map(r -> r.texts("Entrypoint")).orElse(List.of()),
                        run.map(r -> r.texts("Cmd")).orElse(List.of()),
                        run.flatMap(r -> r.text("WorkingDir")).filter(d -> !d.isEmpty()),
                        run.map(r -> r.textMap("Labels")).orElse(Members.NO_TEXTS),
                        rootfs.texts("diff_ids").stream().map(Digest::parse).toList(),
                        top.objects("history").stream().map(OciJson::history).toList()));
    }

    /// An image layout's `index.json`, which unlike every other document often lacks its mediaType.
    public static Index readLayoutIndex(byte[] bytes) {
        var top = new Members.Reader("", Json.parse(bytes));
        return top.text("mediaType").isPresent()
                ? readIndex(top, MediaType.INDEX)
                : indexMembers(top);
    }

    private static byte[] writeManifest(Manifest manifest) {
        var all = header(MediaType.MANIFEST, manifest.artifactType());
        all.put("config", json(manifest.config()));
        all.put("layers", new Json.Arr(manifest.layers().stream().map(OciJson::json).toList()));
        all.put("subject", manifest.subject().map(OciJson::json));
        all.putUnlessEmpty("annotations", manifest.annotations().values());
        return all.json().bytes();
    }

    private static byte[] writeIndex(Index index) {
        var all = header(MediaType.INDEX, index.artifactType());
        all.put("manifests", new Json.Arr(index.manifests().stream().map(OciJson::json).toList()));
        all.put("subject", index.subject().map(OciJson::json));
        all.putUnlessEmpty("annotations", index.annotations().values());
        return all.json().bytes();
    }

    private static Members header(String mediaType, Optional<String> artifactType) {
        var all = new Members();
        all.put("schemaVersion", Json.number(SCHEMA_VERSION));
        all.put("mediaType", Json.text(mediaType));
        all.put("artifactType", artifactType.map(Json::text));
        return all;
    }

    private static Json json(Descriptor descriptor) {
        var all = new Members();
        all.put("mediaType", Json.text(descriptor.mediaType()));
        all.put("digest", Json.text(descriptor.digest().toString()));
        all.put("size", Json.number(descriptor.sizeBytes()));
        all.putUnlessEmpty("annotations", descriptor.annotations().values());
        all.put("platform", descriptor.platform().map(OciJson::json));
        all.put("artifactType", descriptor.artifactType().map(Json::text));
        return all.json();
    }

    private static Json json(Platform platform) {
        var all = new Members();
        all.put("architecture", Json.text(platform.architecture()));
        all.put("os", Json.text(platform.os()));
        all.put("variant", platform.variant().map(Json::text));
        return all.json();
    }

    private static Json json(ImageConfig.History history) {
        var all = new Members();
        all.put("created", history.created().map(OciJson::time));
        all.put("created_by", history.createdBy().map(Json::text));
        all.put(
                "empty_layer",
                history.emptyLayer() ? Optional.of(new Json.Bool(true)) : Optional.empty());
        return all.json();
    }

    private static Json time(Instant time) {
        return Json.text(DateTimeFormatter.ISO_INSTANT.format(time));
    }

    private static Instant instant(Members.Reader at, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw at.wrong("'" + Printable.clip(text) + "' is no time of RFC 3339", e);
        }
    }

    private static Index readIndex(Members.Reader top, String contentType) {
        top.mustBe(SCHEMA_VERSION, contentType);
        return indexMembers(top);
    }

    private static Index indexMembers(Members.Reader top) {
        top.mustLack("layers", "an index");
        top.mustLack("config", "an index");
        if (!top.has("manifests")) {
            throw top.missing("manifests");
        }
        return top.check(() ->
                new Index(
                        top.text("artifactType"),
                        top.objects("manifests").stream().map(OciJson::descriptor).toList(),
                        top.object("subject").map(OciJson::descriptor),
                        annotations(top)));
    }

    private static Manifest readManifest(Members.Reader top, String contentType) {
        top.mustBe(SCHEMA_VERSION, contentType);
        top.mustLack("manifests", "an image manifest");
        if (!top.has("layers")) {
            throw top.missing("layers");
        }
        var config = top.object("config").orElseThrow(() -> top.missing("config"));
        return top.check(() ->
                new Manifest(
                        top.text("artifactType"),
                        descriptor(config),
                        top.objects("layers").stream().map(OciJson::descriptor).toList(),
                        top.object("subject").map(OciJson::descriptor),
                        annotations(top)));
    }

    private static Descriptor descriptor(Members.Reader at) {
        return at.check(() ->
                new Descriptor(
                        at.requiredText("mediaType"),
                        Digest.parse(at.requiredText("digest")),
                        at.requiredLong("size"),
                        at.object("platform").map(OciJson::platform),
                        at.text("artifactType"),
                        annotations(at)));
    }

    private static Platform platform(Members.Reader at) {
        return at.check(() ->
                new Platform(
                        at.requiredText("os"),
                        at.requiredText("architecture"),
                        at.text("variant").filter(v -> !v.isEmpty())));
    }

    private static ImageConfig.History history(Members.Reader at) {
        return new ImageConfig.History(
                at.text("created").map(t -> instant(at, t)),
                at.text("created_by"),
                at.flag("empty_layer"));
    }

    private static Annotations annotations(Members.Reader at) {
        return Annotations.of(at.textMap("annotations"));
    }
}
