package rookery.deploy.chaos;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.archive.Limits;
import rookery.oci.archive.TarReader;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.v1.Made;

/// Looks at what a stopped coordinator left on its disk, and says what is wrong with it.
final class Judge {
    private static final int SMALL = 4 << 20;

    private final Path state;
    private final List<Customers.Ordered> ordered;
    private final List<Path> agentsWords;
    private final Tally tally;
    private final List<String> wrong = new ArrayList<>();

    /// @param agentsWords what the agents said on stderr
    Judge(Path state, List<Customers.Ordered> ordered, List<Path> agentsWords, Tally tally) {
        this.state = state;
        this.ordered = ordered;
        this.agentsWords = agentsWords;
        this.tally = tally;
    }

    List<String> judge() throws IOException, SQLException {
        try (Connection connection = Ledger.connect(state.resolve("farm.db"))) {
            lost(connection);
            List<Ledger.Change> changes = Ledger.read(connection);
            accepted(changes);
            logs(changes);
            indexes(connection);
        }
        return List.copyOf(wrong);
    }

    /// Every job that somebody was told of is there, once, and done. Request ids are kept with
    /// their requester before them.
    private void lost(Connection connection) throws SQLException {
        var found = new HashMap<String, String>();
        try (var query = connection.createStatement();
                ResultSet in = query.executeQuery("select request_id, id, status from job")) {
            while (in.next())
                found.put(
                        in.getString(1).replaceFirst("^.*/", ""),
                        in.getString(2) + " " + in.getString(3));
        }
        for (Customers.Ordered job : ordered) {
            String is = found.remove(job.request());
            if (!(job.job().value() + " done").equals(is))
                wrong.add("lost: " + job.request() + " as " + job.job() + " is " + is);
        }
        if (!found.isEmpty()) wrong.add("jobs that nobody was told of: " + found);
    }

    /// No step is done twice, nothing that is done changes, no number is lent twice, and what is
    /// accepted was made under the lease that was in force.
    private void accepted(List<Ledger.Change> changes) throws IOException {
        var done = new HashSet<String>();
        var lent = new HashSet<Long>();
        for (Ledger.Change change : changes) {
            String step = change.job() + " " + change.step();
            if (change.from().equals("done"))
                wrong.add("done and then " + change.to() + ": " + step);
            if (change.to().equals("done")) {
                if (!done.add(step)) wrong.add("accepted twice: " + step);
                if (change.from().equals("leased")) {
                    tally.count("result accepted from an agent");
                    long by = madeUnder(change);
                    if (by != change.oldLease())
                        wrong.add(
                                step
                                        + " was lent under "
                                        + change.oldLease()
                                        + " and accepted from "
                                        + by);
                }
            }
            if (change.to().equals("leased")) {
                tally.count("lease given");
                if (!lent.add(change.newLease()))
                    wrong.add("lent twice: " + change.newLease() + " for " + step);
            }
        }
    }

    private static long madeUnder(Ledger.Change change) throws IOException {
        return Long.parseLong(
                Made.parseFrom(change.made()).getNotesOrDefault(QuickHands.LEASE, "0"));
    }

    private void logs(List<Ledger.Change> changes) throws IOException {
        Set<String> late = leasesSaidOf("log=late");
        Set<String> cut = leasesSaidOf("log=cut why=No space left");
        for (Ledger.Change change : changes) {
            if (!change.to().equals("done") || !change.from().equals("leased")) continue;
            Path file =
                    state.resolve("logs")
                            .resolve(change.job())
                            .resolve(change.step().replace('/', '~') + ".log");
            String is = Files.exists(file) ? Files.readString(file) : "";
            if (is.equals(QuickHands.log(change.step(), change.oldLease()))) {
                tally.count("log complete to the byte");
            } else if (late.contains("l" + change.oldLease())) {
                tally.count("log late by its agent's own word, and then lost");
            } else if (cut.contains("l" + change.oldLease())) {
                tally.count("log cut by its agent's own word, on a full disk");
            } else {
                wrong.add(
                        "log of "
                                + change.job()
                                + " "
                                + change.step()
                                + " under "
                                + change.oldLease()
                                + " has "
                                + is.length()
                                + " bytes: "
                                + is.lines().limit(1).collect(Collectors.joining()));
            }
        }
    }

    /// Leases of whose logs an agent said itself that they would not be whole.
    private Set<String> leasesSaidOf(String said) throws IOException {
        var leases = new TreeSet<String>();
        for (Path words : agentsWords) {
            try (var lines = Files.lines(words)) {
                lines.filter(l -> l.contains(said))
                        .forEach(l -> leases.add(l.replaceAll(".*lease=(\\S+).*", "$1")));
            }
        }
        return leases;
    }

    /// Every index holds exactly the programs that its job's source makes.
    private void indexes(Connection connection) throws SQLException, IOException {
        Map<String, Digest> sources =
                ordered.stream()
                        .collect(Collectors.toMap(o -> o.job().value(), Customers.Ordered::source));
        ImageLayout layout = ImageLayout.open(state.resolve("blobs"));
        try (var query = connection.createStatement();
                ResultSet in =
                        query.executeQuery(
                                "select job, made from step where id like 'assemble%' and state = 'done'")) {
            while (in.next()) {
                Digest source = sources.get(in.getString(1));
                if (source == null) continue;
                String digest = Made.parseFrom(in.getBytes(2)).getBlobsOrThrow("index").getDigest();
                index(layout, in.getString(1), Digest.parse(digest), source);
            }
        }
    }

    private void index(ImageLayout layout, String job, Digest digest, Digest source)
            throws IOException {
        var read = (Index) OciJson.read(layout.read(digest, SMALL), MediaType.INDEX);
        var platforms = new TreeSet<>(read.platforms().stream().map(Platform::toString).toList());
        var wanted = new TreeSet<>(Customers.PLATFORMS.stream().map(Platform::toString).toList());
        if (!platforms.equals(wanted)) wrong.add("the index of " + job + " has " + platforms);
        for (Descriptor each : read.manifests()) {
            Platform platform = each.platform().orElseThrow();
            var manifest =
                    (Manifest) OciJson.read(layout.read(each.digest(), SMALL), MediaType.MANIFEST);
            byte[] layer = layout.read(manifest.layers().getFirst().digest(), SMALL);
            var found = new HashMap<String, Digest>();
            try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(layer))) {
                TarReader.read(
                        unpacked,
                        Limits.ORDINARY,
                        (entry, _, content) ->
                                found.put(entry.name(), Digest.of(content.readAllBytes())));
            }
            Digest expected = Digest.of(QuickHands.program(platform, source));
            if (!expected.equals(found.get("app")))
                wrong.add("the image of " + job + " for " + platform + " holds " + found);
        }
        tally.count("index right to the byte");
    }
}
