package rookery.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import rookery.oci.Blob;
import rookery.oci.Platform;

/// Everything that one job asks for, with nothing left to look up: templates are filled in,
/// directories are blobs, overrides are merged by [Build#on]. Made from `rookery.yaml` by the
/// command line, carried over the wire, saved.
///
/// @param project the name people know it by
/// @param platforms in the order of [Target#order]
public record JobSpec(
        String project,
        Source source,
        List<Build> builds,
        Portage portage,
        List<Wanted> platforms,
        Toolchain toolchain,
        Verify verify,
        List<Image> images,
        FarmOptions farm) {

    public JobSpec {
        builds = bounded("builds", builds);
        platforms = bounded("platforms", platforms);
        images = bounded("images", images);
        if (builds.isEmpty())
            throw new IllegalArgumentException("a job builds at least one program");
        if (platforms.isEmpty())
            throw new IllegalArgumentException("a job is for at least one platform");
    }

    /// The job's own files.
    ///
    /// @param tree a normalised tar of the source directory
    /// @param modules a normalised tar of `go.mod` and `go.sum` alone: what decides which modules
    ///   are fetched; empty where modules are vendored or there are none to fetch
    /// @param commitTime of the commit; the epoch where there is no git
    public record Source(
            Blob tree, Optional<Blob> modules, String version, String commit, Instant commitTime) {}

    /// One Go program.
    ///
    /// @param main the package to build, as `.` or `./cmd/x`
    /// @param binary the file's name without `.exe`
    /// @param env from the allow-list only
    public record Build(
            String id,
            String main,
            String binary,
            List<String> flags,
            List<String> ldflags,
            List<String> tags,
            SortedMap<String, String> env,
            SortedMap<Platform, Overrides> overrides) {
        public Build {
            flags = List.copyOf(flags);
            ldflags = List.copyOf(ldflags);
            tags = List.copyOf(tags);
            env = sorted(env);
            overrides = Collections.unmodifiableSortedMap(new TreeMap<>(overrides));
        }

        /// What is built on one platform: lists given there replace the general ones, variables are
        /// added to them.
        public Build on(Platform platform) {
            Overrides here = overrides.get(platform);
            if (here == null)
                return new Build(id, main, binary, flags, ldflags, tags, env, new TreeMap<>());
            SortedMap<String, String> merged = new TreeMap<>(env);
            merged.putAll(here.env);
            return new Build(
                    id,
                    main,
                    binary,
                    here.flags.orElse(flags),
                    here.ldflags.orElse(ldflags),
                    here.tags.orElse(tags),
                    merged,
                    new TreeMap<>());
        }
    }

    /// What differs on one platform.
    public record Overrides(
            Optional<List<String>> flags,
            Optional<List<String>> ldflags,
            Optional<List<String>> tags,
            SortedMap<String, String> env) {
        public Overrides {
            env = sorted(env);
        }
    }

    /// The C libraries, in Portage's words.
    ///
    /// @param packages atoms
    /// @param use for every package, as in `USE=` (a leading `-` turns a flag off)
    /// @param repos highest priority last
    /// @param config a normalised tar of an `/etc/portage`-shaped directory
    public record Portage(
            List<String> packages, List<String> use, List<Repo> repos, Optional<Blob> config) {
        public Portage {
            packages = List.copyOf(packages);
            use = List.copyOf(use);
            repos = List.copyOf(repos);
            if (packages.size() > Limits.PACKAGES)
                throw new IllegalArgumentException(
                        "a spec names at most " + Limits.PACKAGES + " packages");
        }
    }

    /// An ebuild repository: one that every agent brings (`rookery`), or a normalised tar of a
    /// directory.
    public record Repo(String name, Optional<Blob> tree) {}

    /// A platform that is asked for.
    ///
    /// @param required whether the images wait for it and the job fails with it
    /// @param level one of the target's
    public record Wanted(Target target, Target.Level level, boolean required) {

        /// With the level's variant, as it stands in an index.
        public Platform platform() {
            return new Platform(target.os(), target.architecture(), level.variant());
        }
    }

    /// What every binary must prove.
    ///
    /// @param policy the inspector's word (`static`, `scratch`, `hardened`), or the whole text of a
    ///   file of its rules, so that a change of a rule is another verification
    public record Verify(String policy, List<RunCheck> run) {
        public Verify {
            if (policy.length() > Limits.POLICY_CHARACTERS) {
                throw new IllegalArgumentException(
                        "a policy of "
                                + policy.length()
                                + " characters; at most "
                                + Limits.POLICY_CHARACTERS
                                + " are taken");
            }
            run = bounded("run commands", run);
        }
    }

    /// A command that every binary must pass in an empty root.
    ///
    /// @param stdout what its output must contain; empty asks for nothing
    public record RunCheck(List<String> args, String stdout, Duration timeLimit) {
        public RunCheck {
            args = List.copyOf(args);
            if (timeLimit.isNegative()
                    || timeLimit.isZero()
                    || timeLimit.compareTo(Limits.RUN) > 0) {
                throw new IllegalArgumentException(
                        "a run's time limit lies between 1s and "
                                + Limits.RUN
                                + ", not "
                                + timeLimit);
            }
        }
    }

    /// One multi-arch image.
    ///
    /// @param from a build's id
    /// @param repository `host/name`, without a tag
    /// @param entrypoint empty: the binary itself
    public record Image(
            String from,
            String repository,
            List<String> tags,
            List<String> entrypoint,
            SortedMap<String, String> labels,
            List<Include> include) {
        public Image {
            tags = List.copyOf(tags);
            entrypoint = List.copyOf(entrypoint);
            labels = sorted(labels);
            include = List.copyOf(include);
        }
    }

    /// A file that lies in an image beside the binary.
    ///
    /// @param path absolute in the image, as `/etc/ssl/certs/ca-certificates.crt`
    public record Include(String path, Blob content, int mode) {}

    /// How the farm treats the job.
    ///
    /// @param trustDomain results are shared within it only
    /// @param priority higher goes first, 0 is usual
    /// @param labels an agent must have all of them
    public record FarmOptions(
            String project, String trustDomain, int priority, SortedSet<String> labels) {
        private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

        public FarmOptions {
            checkTrustDomain(trustDomain);
            labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
        }

        /// It becomes a directory's name on agents, and two domains must never share one.
        static void checkTrustDomain(String name) {
            if (!TRUST_DOMAIN.matcher(name).matches())
                throw new IllegalArgumentException(
                        "a trust domain is 1 to 63 lower-case letters, digits, - and _, not '"
                                + name
                                + "'");
        }
    }

    private static SortedMap<String, String> sorted(SortedMap<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    private static <T> List<T> bounded(String what, List<T> list) {
        if (list.size() > Limits.SPEC_ITEMS)
            throw new IllegalArgumentException(
                    "a spec has at most " + Limits.SPEC_ITEMS + " " + what);
        return List.copyOf(list);
    }
}
