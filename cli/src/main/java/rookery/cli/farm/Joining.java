package rookery.cli.farm;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import rookery.access.Channels;
import rookery.access.Identity;
import rookery.access.Join;
import rookery.access.JoinToken;
import rookery.access.Subject;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Where this user's identities lie, and how one comes to be: below the XDG configuration directory
/// one directory for each farm that this user joined, and one for each agent that this user runs.
public final class Joining {
    private static final int LONGEST_NAME = 63;

    private final Map<String, String> env;
    private final InstantSource clock;

    public Joining(Map<String, String> env, InstantSource clock) {
        this.env = env;
        this.clock = clock;
    }

    /// This user becomes known to a farm, or becomes so anew.
    ///
    /// @param name empty: as the token says, else the user's own where that will do
    /// @throws RookeryException as [Join#join] says
    public Identity client(String farm, Optional<String> token, String name) {
        URI address = Channels.address(farm);
        JoinToken known = parse(token, "`rookery join`");
        return join(address, known, name, env.getOrDefault("USER", ""), home("farms", address));
    }

    /// The agent of this name here: as it joined once, or joining now.
    ///
    /// @param directory of its identity; empty for the usual one
    public Identity agent(
            String farm, Optional<String> token, String name, Optional<Path> directory) {
        URI address = Channels.address(farm);
        Path place = directory.orElseGet(() -> home("agents", address));
        Optional<Identity> before = Identity.load(place, clock);
        if (before.isPresent() && before.get().farm().equals(address)) return before.get();
        if (before.isPresent() && token.isEmpty())
            throw new RookeryException(
                    Blame.SPEC,
                    "the identity in "
                            + place
                            + " is for "
                            + before.get().farm()
                            + ", not for "
                            + address
                            + "; give a token of that farm with --token, or name another directory with --identity");
        return join(address, parse(token, "`rookery agent --join`"), name, hostname(), place);
    }

    /// The token may leave the name open; then one is offered that fits.
    private Identity join(URI farm, JoinToken token, String name, String offer, Path directory) {
        try {
            return Join.join(farm, token, name, directory, clock);
        } catch (RookeryException e) {
            String usual = offered(offer);
            if (!name.isEmpty()
                    || usual.isEmpty()
                    || !String.valueOf(e.getMessage()).contains("leaves the name open")) throw e;
            return Join.join(farm, token, usual, directory, clock);
        }
    }

    private static String offered(String text) {
        String clean = text.replaceAll("[^A-Za-z0-9._-]", "-");
        String brief = clean.substring(0, Math.min(LONGEST_NAME, clean.length()));
        return Subject.isName(brief) ? brief : "";
    }

    /// This machine's name, as far as it can be a name.
    public static String hostname() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            return "";
        }
    }

    private static JoinToken parse(Optional<String> token, String who) {
        if (token.isEmpty())
            throw new RookeryException(
                    Blame.SPEC,
                    who
                            + " needs a token the first time; ask an admin for one (`rookery token create --role ROLE`) and give it with --token or in ROOKERY_TOKEN");
        try {
            return JoinToken.parse(token.get());
        } catch (IllegalArgumentException e) {
            throw new RookeryException(Blame.SPEC, String.valueOf(e.getMessage()), e);
        }
    }

    /// The identity for a farm: by its address, or the only one there is.
    ///
    /// @throws RookeryException with blame SPEC when there is none or it is not clear which
    public Identity pick(Optional<String> farm) {
        Optional<String> wanted =
                farm.or(() ->
                        Optional.ofNullable(env.get("ROOKERY_FARM")).filter(f -> !f.isEmpty()));
        if (wanted.isPresent()) {
            URI address = Channels.address(wanted.get());
            return Identity.load(home("farms", address), clock)
                    .orElseThrow(() ->
                            new RookeryException(
                                    Blame.SPEC,
                                    "this user has not joined "
                                            + address
                                            + "; ask its admin for a token, then: rookery join "
                                            + address
                                            + " --token TOKEN"));
        }
        List<Identity> all = joined();
        if (all.size() == 1) return all.getFirst();
        throw new RookeryException(
                Blame.SPEC,
                all.isEmpty()
                        ? "this user has joined no farm; ask a farm's admin for a token, then: rookery join URL --token TOKEN"
                        : "this user has joined "
                                + all.size()
                                + " farms; choose one with --farm or in ROOKERY_FARM: "
                                + all.stream()
                                        .map(i -> i.farm().toString())
                                        .collect(Collectors.joining(", ")));
    }

    private List<Identity> joined() {
        Path all = config().resolve("farms");
        var found = new ArrayList<Identity>();
        if (!Files.isDirectory(all)) return found;
        try (var places = Files.list(all)) {
            for (Path place : places.sorted().toList())
                Identity.load(place, clock).ifPresent(found::add);
        } catch (IOException e) {
            throw new RookeryException(Blame.HOST, all + " cannot be read: " + e, e);
        }
        return found;
    }

    private Path home(String kind, URI farm) {
        String host = farm.getHost().replaceAll("[^A-Za-z0-9.-]", "_");
        return config().resolve(kind).resolve(host + "_" + farm.getPort());
    }

    private Path config() {
        String set = env.getOrDefault("XDG_CONFIG_HOME", "");
        Path base =
                !set.isEmpty() && Path.of(set).isAbsolute()
                        ? Path.of(set)
                        : Path.of(env.getOrDefault("HOME", System.getProperty("user.home")))
                                .resolve(".config");
        return base.resolve("rookery");
    }
}
