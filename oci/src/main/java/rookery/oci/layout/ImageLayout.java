package rookery.oci.layout;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Index;
import rookery.oci.Printable;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.json.OciJson;

/// An OCI image layout directory as a blob store.
///
/// ```
/// oci-layout  index.json  blobs/sha256/<hex>     what every OCI tool knows
/// .incoming/<random or given name>               blobs being written
/// .damaged/<hex>.<random>                        blobs set aside
/// ```
///
/// A blob comes in by writing to `.incoming`, forcing it to the disk and renaming it; so under
/// `blobs/` there are only complete blobs, whatever died when. Two writers of the same blob both
/// succeed.
///
/// A blob's modification time says when somebody last said that it is needed: when it was stored,
/// stored again, or touched. [#delete(Digest, Instant)] believes it, so whoever is about to rely on
/// a stored blob touches it first and then cannot lose it. All of this holds among the threads that
/// share one `ImageLayout`; two processes that collect on one directory need a lock of their own.
public final class ImageLayout {
    /// Bytes allowed for a blob where the caller names no limit.
    public static final long MAX_BLOB_BYTES = 64L << 30;

    private static final byte[] MARKER =
            "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8);
    private static final int MAX_MARKER_BYTES = 4096;
    private static final int LOCKS = 64;
    private static final Pattern INCOMING_NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    private final Path root;
    private final Path blobs;
    private final Path incoming;
    private final Path damaged;

    /// Storing, touching and collecting one blob exclude each other; a lock for each digest would
    /// be one too many.
    private final Object[] locks = new Object[LOCKS];

    private ImageLayout(Path root) {
        this.root = root;
        this.blobs = root.resolve("blobs").resolve("sha256");
        this.incoming = root.resolve(".incoming");
        this.damaged = root.resolve(".damaged");
        Arrays.setAll(locks, _ -> new Object());
    }

    /// Opens the layout, making an empty one where there is none yet.
    public static ImageLayout create(Path root) throws IOException {
        var layout = new ImageLayout(root);
        Files.createDirectories(layout.blobs);
        if (!Files.exists(root.resolve("index.json"))) {
            Durable.write(root.resolve("index.json"), OciJson.write(Index.of(List.of())));
        }
        // The marker comes last: a directory that has it is whole.
        if (!Files.exists(root.resolve("oci-layout"))) {
            Durable.write(root.resolve("oci-layout"), MARKER);
        }
        return open(root);
    }

    /// Opens an existing layout; throws where there is none, or one of another version.
    public static ImageLayout open(Path root) throws IOException {
        Path marker = root.resolve("oci-layout");
        try (InputStream in = Files.newInputStream(marker)) {
            Json found = Json.parse(in.readNBytes(MAX_MARKER_BYTES));
            boolean known =
                    found instanceof Json.Obj fields
                            && fields.get("imageLayoutVersion")
                                    .filter(Json.text("1.0.0")::equals)
                                    .isPresent();
            if (!known) {
                throw new IOException(marker + " names no image layout of version 1.0.0");
            }
        } catch (NoSuchFileException e) {
            throw new IOException(root + " is not an OCI image layout: it has no oci-layout", e);
        } catch (MalformedDocumentException e) {
            throw new IOException(marker + ": " + e.getMessage(), e);
        }
        return new ImageLayout(root);
    }

    public Path root() {
        return root;
    }

    /// Starts a blob whose digest is not known yet.
    public Incoming incoming() throws IOException {
        return incoming(MAX_BLOB_BYTES);
    }

    /// Starts a blob that may have at most so many bytes.
    public Incoming incoming(long maxBytes) throws IOException {
        Files.createDirectories(incoming);
        return Incoming.begin(this, incoming.resolve(Durable.uniqueName()), maxBytes);
    }

    /// Starts a blob whose bytes outlive this process under a name: [Incoming#park] keeps them and
    /// [#resume] finds them again.
    public Incoming incoming(String name, long maxBytes) throws IOException {
        Files.createDirectories(incoming);
        return Incoming.begin(this, named(name), maxBytes);
    }

    /// Goes on with a blob of this name that was not finished, if there is one. What is there is
    /// read once, to hash it.
    public Optional<Incoming> resume(String name, long maxBytes) throws IOException {
        Path file = named(name);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(Incoming.resume(this, file, maxBytes))
                : Optional.empty();
    }

    private Path named(String name) {
        if (!INCOMING_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "an incoming blob's name is letters, digits, _ and -, not '"
                            + Printable.clip(name)
                            + "'");
        }
        return incoming.resolve(name);
    }

    /// Stores the rest of the stream, which is not closed.
    public Blob put(InputStream in) throws IOException {
        try (var blob = incoming()) {
            in.transferTo(blob);
            return blob.commit();
        }
    }

    /// Stores the rest of the stream if it has this digest and at most so many bytes; throws
    /// [WrongDigestException] or [TooLargeException] otherwise, with nothing stored.
    public Blob put(InputStream in, Digest expected, long maxBytes) throws IOException {
        try (var blob = incoming(maxBytes)) {
            in.transferTo(blob);
            return blob.commit(expected);
        }
    }

    public Blob put(byte[] bytes) throws IOException {
        try (var blob = incoming()) {
            blob.write(bytes);
            return blob.commit();
        }
    }

    /// Stores a copy of the file.
    public Blob put(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return put(in);
        }
    }

    /// The blob's file, if the store has it. Its bytes are not checked here; [#open] does.
    public Optional<Path> find(Digest digest) {
        Path file = file(digest);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    public boolean has(Digest digest) {
        return find(digest).isPresent();
    }

    /// The blob's length in bytes, if the store has it.
    public OptionalLong size(Digest digest) throws IOException {
        try {
            return OptionalLong.of(Files.size(file(digest)));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    /// A stream that throws [DamagedBlobException] in place of its end if the bytes do not have the
    /// digest: act on what was read only after the end was reached. [NoSuchFileException] where the
    /// store lacks the blob.
    public InputStream open(Digest digest) throws IOException {
        Object identity = identity(digest);
        var file = Files.newInputStream(file(digest));
        return new BufferedInputStream(
                new VerifiedInput(this, digest, identity, file), Sha256.BUFFER_BYTES);
    }

    /// All bytes of a small blob, checked.
    public byte[] read(Digest digest, int maxBytes) throws IOException {
        long size = Files.size(file(digest));
        if (size > maxBytes) {
            throw new TooLargeException(digest.toString(), maxBytes);
        }
        try (InputStream in = open(digest)) {
            return in.readAllBytes();
        }
    }

    /// Reads the whole blob and throws [DamagedBlobException] unless it has its digest.
    public Blob verify(Digest digest) throws IOException {
        try (InputStream in = open(digest)) {
            return Sha256.of(in);
        }
    }

    /// Says that a blob is needed from now on; false if it is not there. See the class about what
    /// this promises.
    public boolean touch(Digest digest, Instant now) throws IOException {
        synchronized (lock(digest)) {
            try {
                Files.setLastModifiedTime(file(digest), FileTime.from(now));
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    /// Forgets a blob; true if it was there. Whether anybody still needs it is the caller's to
    /// know.
    public boolean delete(Digest digest) throws IOException {
        synchronized (lock(digest)) {
            return Files.deleteIfExists(file(digest));
        }
    }

    /// Forgets a blob that was neither stored nor touched since; true if it is gone by this.
    public boolean delete(Digest digest, Instant untouchedSince) throws IOException {
        synchronized (lock(digest)) {
            try {
                FileTime touched = Files.getLastModifiedTime(file(digest));
                return touched.toInstant().isBefore(untouchedSince)
                        && Files.deleteIfExists(file(digest));
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    /// A blob as it lies there.
    ///
    /// @param touchedAt when it was last stored or touched
    public record Stored(Blob blob, Instant touchedAt) {}

    /// Every stored blob, in no order. Not checked.
    public List<Stored> list() throws IOException {
        var all = new ArrayList<Stored>();
        try (var files = Files.newDirectoryStream(blobs)) {
            for (Path file : files) {
                Digest digest;
                BasicFileAttributes facts;
                try {
                    digest = new Digest(String.valueOf(file.getFileName()));
                    facts =
                            Files.readAttributes(
                                    file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                } catch (IllegalArgumentException | NoSuchFileException e) {
                    continue; // somebody else's file, or one that just went
                }
                if (facts.isRegularFile()) {
                    all.add(
                            new Stored(
                                    new Blob(digest, facts.size()),
                                    facts.lastModifiedTime().toInstant()));
                }
            }
        }
        return all;
    }

    /// Deletes what died writers left behind: unfinished blobs last written before this time.
    /// Returns how many. Choose a time before every writer that may still be alive.
    public int sweep(Instant before) throws IOException {
        return sweep(incoming, before);
    }

    /// Deletes blobs that were set aside before this time. Returns how many.
    public int sweepDamaged(Instant before) throws IOException {
        return sweep(damaged, before);
    }

    private static int sweep(Path directory, Instant before) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        int swept = 0;
        try (var files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).compareTo(FileTime.from(before)) < 0
                        && Files.deleteIfExists(file)) {
                    swept++;
                }
            }
        }
        return swept;
    }

    /// Writes a separate, complete layout that has this manifest or index under these tags, with
    /// exactly the blobs that it needs. An earlier layout at the target is replaced; anything else
    /// there is refused. See [Export] for what a crash can leave.
    public void export(Digest index, List<String> tags, Path target) throws IOException {
        new Export(this, index, tags).writeTo(target);
    }

    /// Called by [Incoming]: the temporary file is complete and forced. A blob that is there
    /// already is replaced: these bytes were hashed a moment ago, and those may be damaged.
    void accept(Path temporary, Blob blob) throws IOException {
        synchronized (lock(blob.digest())) {
            Durable.rename(temporary, file(blob.digest()));
        }
    }

    /// What tells the file that has a blob's name now from one that takes its place.
    Object identity(Digest digest) throws IOException {
        Object key = Files.readAttributes(file(digest), BasicFileAttributes.class).fileKey();
        return key == null ? digest : key; // null on file systems without inodes
    }

    /// Moves a damaged blob out of the way, unless a fresh copy has taken its place since it was
    /// opened. Two readers may notice at once; one of them moves it.
    Path setAside(Digest digest, Object identity) throws IOException {
        Files.createDirectories(damaged);
        Path to = damaged.resolve(digest.hex() + "." + Durable.uniqueName());
        synchronized (lock(digest)) {
            try {
                if (!identity(digest).equals(identity)) {
                    return damaged;
                }
                Durable.rename(file(digest), to);
            } catch (NoSuchFileException e) {
                return damaged;
            }
        }
        // From now on its time says when it was set aside.
        Files.setLastModifiedTime(to, FileTime.fromMillis(System.currentTimeMillis()));
        return to;
    }

    private Object lock(Digest digest) {
        return locks[Math.floorMod(digest.hashCode(), LOCKS)];
    }

    private Path file(Digest digest) {
        return blobs.resolve(digest.hex());
    }
}
