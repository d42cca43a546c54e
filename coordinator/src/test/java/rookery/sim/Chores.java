package rookery.sim;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.coordinator.Given;
import rookery.coordinator.farm.Effect;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.StepState;
import rookery.model.Failure;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.StepIds;
import rookery.model.Target;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Platform;

/// The coordinator's own work: looking results up, reading graphs, verifying, assembling and
/// pushing. Ends with the process that began it.
final class Chores {
    private static final List<Target> TARGETS = List.of(Given.AMD64, Given.ARM64, Given.RISCV64);

    private final World world;
    private final Disk disk;
    private final Blobs blobs;
    private final Registry registry;
    private final Oracle oracle;
    private final SimCoordinator coordinator;

    Chores(
            World world,
            Disk disk,
            Blobs blobs,
            Registry registry,
            Oracle oracle,
            SimCoordinator coordinator) {
        this.world = world;
        this.disk = disk;
        this.blobs = blobs;
        this.registry = registry;
        this.oracle = oracle;
        this.coordinator = coordinator;
    }

    void start(Effect effect) {
        int life = coordinator.life();
        switch (effect) {
            case Effect.Recall e -> later(life, 200, () -> recall(e));
            case Effect.ReadGraph e -> later(life, 500, () -> readGraph(e));
            case Effect.Execute e -> later(life, 2_000, () -> execute(life, e));
        }
    }

    private void later(int life, long boundMs, Runnable what) {
        world.after(
                1 + world.some(boundMs),
                () -> {
                    if (coordinator.life() == life && coordinator.isUp()) what.run();
                });
    }

    private void say(Event event) {
        coordinator.post(event, _ -> {});
    }

    private void recall(Effect.Recall e) {
        Optional<Outcome.Made> known = disk.recall(e.keys()).filter(this::isWhole);
        known.ifPresent(oracle::recalled);
        SortedSet<StepId> lost = new TreeSet<>();
        e.inputs()
                .forEach((step, made) -> {
                    if (!isWhole(made)) lost.add(step);
                });
        say(
                known.isPresent() || lost.isEmpty()
                        ? new Event.Recalled(world.clock(), e.step(), known)
                        : new Event.InputsLost(world.clock(), e.step(), lost));
    }

    private boolean isWhole(Outcome.Made made) {
        return made.blobs().values().stream().allMatch(blobs::isWhole);
    }

    private void readGraph(Effect.ReadGraph e) {
        Event.Graph graph =
                blobs.read(e.graph()).orElse(null) instanceof Content.Graph(String chost)
                        ? new Event.Graph.Read(Given.graph(target(chost)))
                        : new Event.Graph.Refused(
                                Failure.Kind.INPUT_LOST, "the graph is not there");
        say(new Event.Planned(world.clock(), e.step(), graph));
    }

    private static Target target(String chost) {
        return TARGETS.stream().filter(t -> t.chost().equals(chost)).findFirst().orElseThrow();
    }

    private void execute(int life, Effect.Execute e) {
        switch (e.work()) {
            case Work.Verify w -> ran(e, verify(e, w));
            case Work.Assemble w -> ran(e, assemble(e, w));
            case Work.Publish w -> push(life, e, w, 4);
        }
    }

    private void ran(Effect.Execute e, Outcome outcome) {
        say(new Event.Ran(world.clock(), e.step(), e.attempt(), outcome));
    }

    private Outcome verify(Effect.Execute e, Work.Verify work) {
        Blob binary = e.inputs().values().iterator().next().blob("binary");
        Optional<Content> content = blobs.read(binary);
        if (content.isEmpty()) return broke(Failure.Kind.INPUT_LOST, "the binary is not there");
        Platform platform = work.wanted().platform();
        if (!(content.get() instanceof Content.Binary(Platform built, boolean isStatic, _))
                || !isStatic
                || !built.equals(platform)) {
            if (content.get() instanceof Content.Binary(_, boolean claims, _) && !claims)
                oracle.excuse(e.step().job(), "its binary is dynamic");
            return broke(Failure.Kind.NOT_STATIC, "the gate refused it");
        }
        oracle.verified(binary.digest(), platform);
        return made("binary", binary);
    }

    private Outcome assemble(Effect.Execute e, Work.Assemble work) {
        var binaries = new TreeMap<Platform, Blob>(Target.order());
        for (Platform platform : work.platforms()) {
            Outcome.Made verified = e.inputs().get(StepIds.verify(work.image().from(), platform));
            boolean ran =
                    !work.runs()
                            || e.inputs().containsKey(StepIds.run(work.image().from(), platform));
            if (verified == null || !ran) continue;
            Blob binary = verified.blob("binary");
            if (blobs.read(binary).isEmpty())
                return broke(Failure.Kind.INPUT_LOST, "a verified binary is not there");
            binaries.put(platform, binary);
        }
        if (binaries.isEmpty()) return broke(Failure.Kind.BUILD, "no platform was built");
        return made("index", blobs.put(new Content.Index(binaries)));
    }

    /// Blobs, manifests, the index, and the tag last: a push that ends before has shown nothing.
    private void push(int life, Effect.Execute e, Work.Publish work, int stages) {
        boolean wanted =
                coordinator.farm().find(e.step().job()).isPresent()
                        && coordinator.farm().job(e.step().job()).row(e.step().step()).state()
                                instanceof StepState.Running(int attempt, _)
                        && attempt == e.attempt();
        if (!wanted) return;
        Blob index = e.inputs().values().iterator().next().blob("index");
        if (world.strikes(Fault.REGISTRY_FAILURE, 20)) {
            oracle.excuse(e.step().job(), "the registry failed");
            ran(e, broke(Failure.Kind.UPSTREAM, "503"));
            return;
        }
        if (stages > 0) {
            later(life, 3_000, () -> push(life, e, work, stages - 1));
            return;
        }
        if (!(blobs.read(index).orElse(null) instanceof Content.Index(var binaries))) {
            ran(e, broke(Failure.Kind.INPUT_LOST, "the index is not there"));
            return;
        }
        for (String tag : work.image().tags()) {
            String name = work.image().repository() + ":" + tag;
            List<String> platforms = Content.platforms(binaries);
            if (!work.allowDrop() && !platforms.containsAll(registry.platforms(name))) {
                oracle.excuse(e.step().job(), "the tag would have lost a platform");
                ran(e, broke(Failure.Kind.SPEC, "the tag would lose a platform"));
                return;
            }
            oracle.published(e.step().job(), binaries);
            registry.move(name, platforms);
            // The registry has it, but nobody comes to know.
            if (world.strikes(Fault.PUSH_CUT, 10)) {
                oracle.excuse(e.step().job(), "the registry's answer was lost");
                ran(e, broke(Failure.Kind.UPSTREAM, "the connection was cut"));
                return;
            }
        }
        ran(e, made("index", index));
    }

    private static Outcome made(String role, Blob blob) {
        var blobs = new TreeMap<String, Blob>();
        blobs.put(role, blob);
        return new Outcome.Made(blobs, blob.digest(), new TreeMap<>());
    }

    private static Outcome broke(Failure.Kind kind, String why) {
        return new Outcome.Broke(new Failure(kind, why));
    }
}
