package rookery.coordinator.farm;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.model.MergeGraph;

/// A graph of packages with what each takes, for placement to be tried on.
///
/// @param nodes in merge order
record PackageGraph(String name, List<Node> nodes) {
    /// What links a Go program against all of them takes, on a usual machine.
    static final long GO_BUILD_MILLIS = 30_000;

    /// @param needs indexes of earlier nodes
    /// @param millis on a usual machine
    record Node(String cp, List<Integer> needs, long millis) {
        String cpv() {
            return cp + "-1";
        }
    }

    PackageGraph {
        nodes = List.copyOf(nodes);
    }

    MergeGraph merge(String chost) {
        var packages = new ArrayList<MergeGraph.Node>();
        for (Node node : nodes) {
            List<String> needs = node.needs().stream().map(i -> nodes.get(i).cpv()).toList();
            packages.add(
                    new MergeGraph.Node(
                            node.cpv(),
                            "0",
                            "rookery",
                            List.of(),
                            "ebuild",
                            new TreeMap<>(),
                            List.of(),
                            needs));
        }
        return new MergeGraph(chost, packages);
    }

    /// Like Portage's graphs: a few libraries that most others need, short ways, and times between
    /// seconds and a quarter of an hour, most of them short.
    static PackageGraph generated(int size, long seed) {
        var random = new Random(seed);
        var nodes = new ArrayList<Node>();
        for (int i = 0; i < size; i++) {
            var needs = new TreeSet<Integer>();
            int wanted = Math.min(i, random.nextInt(5));
            while (needs.size() < wanted) {
                double u = random.nextDouble();
                // Half are old and popular, half are neighbours.
                int need =
                        random.nextBoolean()
                                ? (int) (i * u * u * u)
                                : i - 1 - (int) (Math.min(i - 1, 40) * u);
                needs.add(Math.clamp(need, 0, i - 1));
                if (random.nextInt(20) == 0) wanted--;
            }
            double seconds = Math.clamp(StrictMath.exp(3.6 + random.nextGaussian()), 2, 900);
            nodes.add(
                    new Node(
                            "lib/p%04d".formatted(i),
                            List.copyOf(needs),
                            (long) (seconds * 1_000)));
        }
        return new PackageGraph("generated " + size + " #" + seed, nodes);
    }

    /// The merge graph of `examples/curl` as Portage resolved it, and what each package took in one
    /// build of it, four at a time on two cores that had other work too.
    static PackageGraph curl() {
        return new PackageGraph(
                "curl",
                List.of(
                        node("sys-libs/zlib", 14_997),
                        node("net-dns/c-ares", 41_478),
                        node("net-libs/nghttp2", 32_449),
                        node("dev-libs/openssl", 116_921),
                        node("net-misc/curl", 54_187, 0, 1, 2, 3)));
    }

    private static Node node(String cp, long millis, Integer... needs) {
        return new Node(cp, List.of(needs), millis);
    }
}
