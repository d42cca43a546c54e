package rookery.agent.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import rookery.model.AgentFacts;
import rookery.model.JobSpec;
import rookery.model.Order;
import rookery.model.Target;
import rookery.model.Work;

/// The door: what is run for an order.
public final class Recipe {
    /// A line of what a Go build's stage `check` prints: cgo is off, and what has C in it would be
    /// left out.
    public static final String CGO_OFF = GoRecipe.CGO_OFF;

    private Recipe() {}

    /// The commands of an order, in order. A fetch has none: source archives are got by the agent's
    /// own client.
    ///
    /// @throws rookery.model.RookeryException with blame SPEC where the job asks for what a build
    ///   may not have, BUG where something was not staged
    public static List<Stage> stages(Order order, Staged staged, AgentFacts facts) {
        return switch (order.work()) {
            case Work.Modules _ -> GoRecipe.modules(staged);
            case Work.Resolve work -> PortageRecipe.resolve(work, staged);
            case Work.Fetch _ -> List.of();
            case Work.PackageBuild work -> PortageRecipe.build(work, staged, cores(order, facts));
            case Work.GoBuild work -> GoRecipe.build(order, work, staged, facts);
            case Work.Run work -> run(work, staged);
        };
    }

    /// How many cores a step may use: what it was given, of those that there are.
    static int cores(Order order, AgentFacts facts) {
        int all = Math.max(1, facts.cores());
        return order.cores() == 0 ? all : Math.min(order.cores(), all);
    }

    /// The directory below the sysroot that a Go build expects to be there, besides what packages
    /// bring.
    public static String keyDirectory(Order order, Work.GoBuild work, AgentFacts facts) {
        return GoRecipe.keyDirectory(order, work, facts);
    }

    /// Makes the toolchain's Prefix out of [Place#SETUP] and [Place#WHEELS].
    public static Stage prefix(Staged staged) {
        return PortageRecipe.prefix(staged);
    }

    /// Fills the C compiler's cache for a CHOST.
    public static Stage warm(Target target, Staged staged) {
        return PortageRecipe.warm(target, staged);
    }

    /// One command per check, in a root that holds the program and nothing else; for a foreign CPU
    /// also the emulator, so that the machine needs no binfmt registration.
    private static List<Stage> run(Work.Run work, Staged staged) {
        Target target = work.wanted().target();
        String program = Place.BINARY.inside() + work.binaryName() + target.binarySuffix();
        var mounts = new ArrayList<Mount>();
        mounts.add(new Mount.Bind(staged.at(Place.BINARY), program, false));
        if (staged.has(Place.EMULATOR)) mounts.add(Mounts.bind(Place.EMULATOR, staged));
        var stages = new ArrayList<Stage>();
        for (JobSpec.RunCheck check : work.checks()) {
            var argv = new ArrayList<String>();
            if (staged.has(Place.EMULATOR)) argv.add(Place.EMULATOR.inside());
            argv.add(program);
            argv.addAll(check.args());
            stages.add(
                    new Stage(
                            "run",
                            new SandboxCommand(
                                    argv,
                                    new TreeMap<>(),
                                    mounts,
                                    "/",
                                    false,
                                    "",
                                    check.timeLimit())));
        }
        return stages;
    }
}
