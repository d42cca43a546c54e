package rookery.sim;

import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.AgentId;
import rookery.model.Failure;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.Work;
import rookery.oci.Blob;

/// What agents' machines make of their orders, and how that goes wrong.
final class Hands {
    private final World world;
    private final Blobs blobs;
    private final Oracle oracle;

    Hands(World world, Blobs blobs, Oracle oracle) {
        this.world = world;
        this.blobs = blobs;
        this.oracle = oracle;
    }

    long takesMs(Order order) {
        return 50
                + world.some(
                        switch (order.work()) {
                            case Work.PackageBuild _ -> 120_000;
                            case Work.GoBuild _ -> 60_000;
                            case Work.Modules _, Work.Fetch _, Work.Resolve _, Work.Run _ -> 5_000;
                        });
    }

    /// A step that exhausts the machine takes its agent with it.
    boolean killsItsAgent(Order order) {
        boolean kills = world.strikes(Fault.AGENT_KILLED_BY_STEP, 400);
        if (kills) oracle.excuse(order, "a step killed its agent");
        return kills;
    }

    Outcome make(Order order, AgentId by) {
        if (world.strikes(Fault.HOST_FAILURE, 60)) return broke(order, Failure.Kind.HOST);
        if (world.strikes(Fault.UPSTREAM_FAILURE, 60)) return broke(order, Failure.Kind.UPSTREAM);
        if (world.strikes(Fault.UPLOAD_CUT, 60)) return broke(order, Failure.Kind.HOST);
        for (Outcome.Made input : order.inputs().values())
            if (!input.blobs().values().stream().allMatch(blobs::isWhole))
                return new Outcome.Broke(
                        new Failure(Failure.Kind.INPUT_LOST, "an input is not there"));
        String maker = by + " under " + order.lease();
        return switch (order.work()) {
            case Work.Modules _ -> made(order, "modules", new Content.Made("modules", "go", maker));
            case Work.Resolve w -> made(order, "graph", new Content.Graph(w.target().chost()));
            case Work.Fetch w ->
                    made(order, "distfile", new Content.Made("distfile", w.distfile().name(), ""));
            case Work.PackageBuild w ->
                    made(order, "gpkg", new Content.Made("gpkg", w.node().cpv(), maker));
            case Work.GoBuild w -> {
                boolean isStatic = !world.strikes(Fault.DYNAMIC_BINARY, 60);
                if (!isStatic) oracle.excuse(order, "a binary is dynamic");
                yield made(
                        order,
                        "binary",
                        new Content.Binary(w.wanted().platform(), isStatic, maker));
            }
            case Work.Run _ -> made(order, "stdout", new Content.Made("stdout", "run", ""));
        };
    }

    private Outcome made(Order order, String role, Content content) {
        SortedMap<String, Blob> made = new TreeMap<>();
        if (world.strikes(Fault.WRONG_RESULT, 300)) {
            oracle.excuse(order, "an agent sent nonsense");
            made.put("nonsense", blobs.put(content));
            return new Outcome.Made(made, content.blob().digest(), new TreeMap<>());
        }
        if (world.strikes(Fault.UPLOAD_NEVER_ARRIVES, 300)) {
            oracle.excuse(order, "an agent named a blob that it never sent");
            oracle.neverSent(content.blob());
            made.put(role, content.blob());
        } else {
            made.put(role, blobs.put(content));
        }
        return new Outcome.Made(made, content.blob().digest(), new TreeMap<>());
    }

    private Outcome broke(Order order, Failure.Kind kind) {
        oracle.excuse(order, "a machine or server failed");
        return new Outcome.Broke(new Failure(kind, "it does not work here"));
    }
}
