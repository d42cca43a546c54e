package rookery.agent.recipe;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.JobSpec;
import rookery.model.Limits;
import rookery.model.Target;
import rookery.model.Work;
import rookery.oci.json.Json;

/// How Portage is asked and told. The scripts are the toolchain's own and part of its identity.
final class PortageRecipe {
    private static final String SCRIPTS = "/prefix/usr/libexec/rookery/";
    private static final Duration RESOLVE = Duration.ofMinutes(20);
    private static final Duration PREFIX = Duration.ofMinutes(15);
    private static final Duration WARM = Duration.ofMinutes(60);
    private static final Duration SYSROOT = Duration.ofMinutes(60);

    private static final List<Place> PORTAGE =
            List.of(
                    Place.ETC,
                    Place.PREFIX,
                    Place.VAR,
                    Place.ZIG,
                    Place.SYSROOT,
                    Place.BINPKGS,
                    Place.DISTFILES,
                    Place.BUILD,
                    Place.OUT);

    private PortageRecipe() {}

    static List<Stage> resolve(Work.Resolve work, Staged staged) {
        var request = new LinkedHashMap<String, Json>();
        request.put("chost", Json.text(work.target().chost()));
        request.put("packages", Json.texts(work.portage().packages()));
        request.put("use", Json.texts(work.portage().use()));
        request.put("repos", Json.texts(names(work.portage())));
        String stdin = new String(new Json.Obj(request).bytes(), StandardCharsets.UTF_8);
        return List.of(
                new Stage(
                        "resolve",
                        command(
                                List.of(SCRIPTS + "resolve"),
                                Env.base(),
                                mounts(staged),
                                stdin,
                                RESOLVE)));
    }

    static List<Stage> build(Work.PackageBuild work, Staged staged, int cores) {
        var env = environment(work.portage(), work.closure());
        env.put("ROOKERY_JOBS", Integer.toString(cores));
        env.put("SOURCE_DATE_EPOCH", Long.toString(Env.PACKAGE_TIME));
        return List.of(
                new Stage(
                        "compile",
                        command(
                                List.of(
                                        SCRIPTS + "package",
                                        work.target().chost(),
                                        work.node().cpv()),
                                env,
                                mounts(staged),
                                "",
                                Limits.STEP)));
    }

    /// Fills the sysroot with exactly these packages.
    static SandboxCommand sysroot(
            JobSpec.Portage portage, Target target, List<String> closure, List<Mount> mounts) {
        return command(
                List.of(SCRIPTS + "sysroot", target.chost()),
                environment(portage, closure),
                mounts,
                "",
                SYSROOT);
    }

    /// Makes the Prefix. The trusted set-up: nothing of a job is in sight.
    static Stage prefix(Staged staged) {
        var mounts = new ArrayList<>(Mounts.build(staged, List.of(Place.ETC)));
        // Writable only here, where it is made.
        mounts.add(new Mount.Bind(staged.at(Place.PREFIX), Place.PREFIX.inside(), true));
        for (Place place : List.of(Place.SETUP, Place.WHEELS, Place.BUILD)) {
            mounts.add(Mounts.bind(place, staged));
        }
        return new Stage(
                "prefix",
                command(
                        List.of("/bin/sh", "/setup/setup-prefix.sh"),
                        Env.base(),
                        mounts,
                        "",
                        PREFIX));
    }

    /// Fills the C compiler's cache for one CHOST.
    static Stage warm(Target target, Staged staged) {
        var mounts =
                Mounts.build(
                        staged,
                        List.of(Place.ETC, Place.PREFIX, Place.ZIG, Place.SYSROOT, Place.BUILD));
        return new Stage(
                "warm",
                command(List.of(SCRIPTS + "warm", target.chost()), Env.base(), mounts, "", WARM));
    }

    private static SortedMap<String, String> environment(
            JobSpec.Portage portage, List<String> closure) {
        var env = Env.base();
        env.put("ROOKERY_USE", String.join(" ", portage.use()));
        env.put("ROOKERY_REPOS", String.join(" ", names(portage)));
        env.put("ROOKERY_DEPS", String.join(" ", closure));
        return env;
    }

    private static List<String> names(JobSpec.Portage portage) {
        return portage.repos().stream().map(JobSpec.Repo::name).toList();
    }

    private static List<Mount> mounts(Staged staged) {
        var places = new ArrayList<>(PORTAGE);
        if (staged.has(Place.CONFIG)) places.add(Place.CONFIG);
        return Mounts.build(staged, places);
    }

    private static SandboxCommand command(
            List<String> argv,
            SortedMap<String, String> env,
            List<Mount> mounts,
            String stdin,
            Duration limit) {
        return new SandboxCommand(
                argv, new TreeMap<>(env), mounts, Place.BUILD.inside(), false, stdin, limit);
    }
}
