package rookery.agent.recipe;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import rookery.model.AgentFacts;
import rookery.model.Blame;
import rookery.model.JobSpec;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.model.StepIds;
import rookery.model.Target;
import rookery.model.Work;
import rookery.oci.Digest;

/// How Go programs are built and their modules fetched.
///
/// Go's caches look at commands and environment, never at `.a` and `.pc` files of the sysroot. So
/// the sysroot's digest stands in CGO_LDFLAGS, as a directory that is searched for libraries and
/// holds none.
final class GoRecipe {
    private static final String GO = Place.GOROOT.inside() + "/bin/go";
    private static final Duration CHECK = Duration.ofMinutes(5);
    private static final Duration MODULES = Duration.ofMinutes(20);
    private static final int BUILD_ID_HEX = 40;

    private static final Pattern BINARY = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}");
    private static final Pattern USER_VARIABLE =
            Pattern.compile(
                    "CGO_(C|CPP|CXX|F|LD)FLAGS(_ALLOW|_DISALLOW)?|GOEXPERIMENT|GOFIPS140|GODEBUG");

    /// Flags that would undo what the farm promises, or move the result; without their dashes.
    private static final List<String> OURS =
            List.of(
                    "o",
                    "C",
                    "n",
                    "ldflags",
                    "tags",
                    "trimpath",
                    "buildvcs",
                    "buildmode",
                    "linkshared",
                    "toolexec",
                    "pkgdir",
                    "compiler",
                    "json");

    /// What the farm gives anyway, and a spec may say too.
    private static final Pattern GIVEN = Pattern.compile("--?(trimpath|buildvcs=false)");

    /// Go's own defaults, which setting the variable would lose.
    private static final String C_FLAGS = "-O2 -g";

    private GoRecipe() {}

    static List<Stage> modules(Staged staged) {
        var env = Env.base();
        env.putAll(staged.network());
        env.put("GOPATH", "/build/go");
        env.put("GOMODCACHE", "/out/mod");
        env.put("GOCACHE", "/build/cache");
        // Checked by go.sum when the program is built, offline; the checksum database would add
        // nothing but a server that may be down.
        env.put("GOSUMDB", "off");
        env.put("GOFLAGS", "-mod=mod");
        hermetic(env);
        var mounts = Mounts.build(staged, List.of(Place.ETC, Place.GOROOT, Place.BUILD, Place.OUT));
        return List.of(
                new Stage(
                        "download",
                        new SandboxCommand(
                                List.of(GO, "mod", "download"),
                                env,
                                mounts,
                                "/build/src",
                                true,
                                "",
                                MODULES)));
    }

    static List<Stage> build(Order order, Work.GoBuild work, Staged staged, AgentFacts facts) {
        JobSpec.Build build = work.build();
        Target target = work.wanted().target();
        if (!BINARY.matcher(build.binary()).matches())
            throw spec(
                    build, "the binary's name '" + build.binary() + "' is not a plain file name");
        if (build.main().startsWith("-"))
            throw spec(build, "main '" + build.main() + "' begins with a dash");
        var env = environment(order, work, staged, facts);
        List<Mount> mounts = mounts(staged);
        var stages = new ArrayList<Stage>();
        if (!work.closure().isEmpty()) {
            stages.add(
                    new Stage(
                            "sysroot",
                            PortageRecipe.sysroot(work.portage(), target, work.closure(), mounts)));
        }
        List<String> flags = flags(build);
        var list = new ArrayList<>(List.of(GO, "list", "-deps", "-f", LIST));
        list.addAll(flags);
        list.addAll(List.of("--", build.main()));
        stages.add(new Stage("check", command(list, env, mounts, CHECK)));
        var argv = new ArrayList<>(List.of(GO, "build", "-trimpath", "-buildvcs=false"));
        argv.addAll(flags);
        argv.add("-ldflags");
        argv.add(
                LinkerFlags.join(
                        build.ldflags(), "0x" + order.key().hex().substring(0, BUILD_ID_HEX)));
        argv.addAll(List.of("-o", "/out/" + build.binary() + target.binarySuffix()));
        argv.addAll(List.of("--", build.main()));
        stages.add(new Stage("compile", command(argv, env, mounts, Limits.STEP)));
        return stages;
    }

    /// What the check prints where cgo is off.
    static final String CGO_OFF = "cgo-off";

    /// One line per package that has C in it, and one where cgo is off.
    private static final String LIST =
            "{{if not context.CgoEnabled}}"
                    + CGO_OFF
                    + "\n{{end}}{{if .CgoFiles}}cgo {{.ImportPath}}\n{{end}}";

    /// The directory in the sysroot whose name stands for everything in it.
    static String keyDirectory(Order order, Work.GoBuild work, AgentFacts facts) {
        var text = new StringBuilder();
        text.append("toolchain ").append(facts.toolchains().get(work.toolchain())).append('\n');
        text.append("host ").append(facts.hostTools()).append('\n');
        for (String cpv : work.closure()) {
            Outcome.Made made = order.inputs().get(packageStep(work, cpv));
            if (made == null)
                throw new RookeryException(
                        Blame.BUG, order.step() + " came without the package " + cpv);
            text.append(cpv).append(' ').append(made.identity()).append('\n');
        }
        return ".key/" + Digest.of(text.toString().getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static StepId packageStep(Work.GoBuild work, String cpv) {
        return StepIds.packageBuild(work.wanted().target().chost(), cpv);
    }

    private static SortedMap<String, String> environment(
            Order order, Work.GoBuild work, Staged staged, AgentFacts facts) {
        JobSpec.Build build = work.build();
        Target target = work.wanted().target();
        build.env().keySet().stream()
                .filter(name -> !USER_VARIABLE.matcher(name).matches())
                .findFirst()
                .ifPresent(name -> {
                    throw spec(
                            build,
                            "env sets "
                                    + name
                                    + ", which the farm sets itself or keeps out; only CGO_*FLAGS, GOEXPERIMENT, GOFIPS140 and GODEBUG are a build's own");
                });
        var env = Env.base();
        env.put("CGO_CFLAGS", C_FLAGS);
        env.put("CGO_CXXFLAGS", C_FLAGS);
        env.put("CGO_LDFLAGS", C_FLAGS);
        env.putAll(build.env());
        work.wanted()
                .level()
                .march()
                .ifPresent(march -> {
                    env.merge("CGO_CFLAGS", " -march=" + march, String::concat);
                    env.merge("CGO_CXXFLAGS", " -march=" + march, String::concat);
                });
        env.merge("CGO_LDFLAGS", " -L/sysroot/" + keyDirectory(order, work, facts), String::concat);
        String chost = target.chost();
        env.put("GOOS", target.os());
        env.put("GOARCH", target.architecture());
        env.put(target.levelVariable(), work.wanted().level().name());
        env.put("CGO_ENABLED", "1");
        env.put("CC", chost + "-gcc");
        env.put("CXX", chost + "-g++");
        env.put("AR", chost + "-ar");
        env.put("PKG_CONFIG", chost + "-pkg-config");
        env.put("ROOKERY_STATIC", "1");
        env.put("GOFLAGS", staged.vendored() ? "-mod=vendor" : "-mod=readonly");
        env.put("GOPROXY", staged.has(Place.MODULES) ? "file:///modules" : "off");
        env.put("GOSUMDB", "off");
        env.put("GOCACHE", Place.GOCACHE.inside());
        env.put("GOMODCACHE", "/build/mod");
        env.put("GOPATH", "/build/go");
        env.put("GOTMPDIR", Place.BUILD.inside());
        if (order.cores() > 0) env.put("GOMAXPROCS", Integer.toString(Recipe.cores(order, facts)));
        // Not the commit's: neither the step's key nor Go's cache knows that one.
        env.put("SOURCE_DATE_EPOCH", Long.toString(Env.PACKAGE_TIME));
        hermetic(env);
        return env;
    }

    private static void hermetic(SortedMap<String, String> env) {
        env.put("GOENV", "off");
        env.put("GOTOOLCHAIN", "local");
        env.put("GOVCS", "*:off");
        env.put("GOTELEMETRY", "off");
    }

    private static List<String> flags(JobSpec.Build build) {
        var flags = new ArrayList<String>();
        for (String flag : build.flags()) {
            if (GIVEN.matcher(flag).matches()) continue;
            String name = flag.replaceFirst("^--?", "").replaceFirst("=.*$", "");
            if (!flag.startsWith("-") || OURS.contains(name))
                throw spec(
                        build,
                        "the flag '"
                                + flag
                                + "' is not a build's own: "
                                + (flag.startsWith("-")
                                        ? "the farm sets -"
                                                + name
                                                + " itself (ldflags and tags have keys of their own)"
                                        : "flags begin with a dash and take their values after '='"));
            flags.add(flag);
        }
        if (!build.tags().isEmpty()) {
            flags.add("-tags");
            flags.add(String.join(",", build.tags()));
        }
        return flags;
    }

    private static List<Mount> mounts(Staged staged) {
        var places =
                new ArrayList<>(
                        List.of(
                                Place.ETC,
                                Place.PREFIX,
                                Place.VAR,
                                Place.ZIG,
                                Place.SYSROOT,
                                Place.BINPKGS,
                                Place.BUILD,
                                Place.SRC,
                                Place.GOCACHE,
                                Place.GOROOT,
                                Place.OUT));
        if (staged.has(Place.CONFIG)) places.add(Place.CONFIG);
        if (staged.has(Place.MODULES)) places.add(Place.MODULES);
        return Mounts.build(staged, places);
    }

    private static SandboxCommand command(
            List<String> argv, SortedMap<String, String> env, List<Mount> mounts, Duration limit) {
        return new SandboxCommand(
                argv, new TreeMap<>(env), mounts, Place.SRC.inside(), false, "", limit);
    }

    private static RookeryException spec(JobSpec.Build build, String what) {
        return new RookeryException(Blame.SPEC, "build '" + build.id() + "': " + what);
    }
}
