package rookery.elf.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `./rookery bench elf [TREE]`: how fast the inspector is, beside other tools on the same files in
/// the same run, and whether it is as fast as it is meant to be.
///
/// Warm, and in turns, since a machine that is busy with something else is so for a while: each
/// figure is the best and the middle of its rounds, and what the bare reading of 64 bytes of each
/// file took in all rounds tells how quiet the machine was.
final class Bench {
    private static final int FEWEST_FILES = 2_000;
    private static final int ROUNDS = 7;
    private static final int SLOW_ROUNDS = 2;

    private Bench() {}

    /// @param args what to measure (`elf`), and the tree
    public static void main(String[] args) throws IOException {
        if (args.length < 1 || args.length > 2 || !args[0].equals("elf")) {
            System.err.println("rookery: bench takes: elf [TREE]");
            System.exit(2);
        }
        Locale.setDefault(Locale.ROOT);
        Path root = Path.of(args.length == 2 ? args[1] : "/usr").toAbsolutePath();
        Path work = Path.of(BenchPeers.variable("BENCH_DIR"));
        BenchTree tree = BenchTree.of(root, work);
        say(
                "%d ELF files of %s, %d MB, linked into a tree of their own; %d processors, load %.1f"
                        .formatted(
                                tree.files().size(),
                                root,
                                tree.bytes() / 1_000_000,
                                processors(),
                                load()));
        if (load() > processors()) {
            say("The machine is busy: wall times are those of a share of it, CPU times tell more.");
        }
        if (tree.files().size() < FEWEST_FILES) {
            say("fewer than %d: the aims below are meant for more".formatted(FEWEST_FILES));
        }
        var aims = new BenchAims();
        inProcess(tree, aims);
        commands(new BenchPeers(work, tree), aims);
        deep(tree, aims);
        symbols(new BenchPeers(work, tree), aims);
        say("load %.1f".formatted(load()));
        aims.print();
    }

    private static void inProcess(BenchTree tree, BenchAims aims) throws IOException {
        say("");
        say("Verdict pass, in a JVM that is warm:");
        var passes = new BenchPasses(tree.files());
        passes.warmUp();
        for (int round = 0; round < ROUNDS; round++) {
            passes.round();
        }
        int files = tree.files().size();
        line("64 bytes of each file, one thread (floor)", passes.floor());
        line("verdict pass, one thread", passes.one());
        line("verdict pass, %d threads".formatted(processors()), passes.all());
        double micros = passes.cpuSeconds().best() / files * 1e6;
        say(
                "  one thread: %.1f us of CPU a file, %.1f reads and %.1f KB a file; the first 4 KiB tell static from dynamic for %d of %d"
                        .formatted(
                                micros,
                                passes.readsPerFile(),
                                passes.bytesPerFile() / 1e3,
                                passes.decidedByFirstRead(),
                                files));
        say(
                "  noise: the floor took %.3f to %.3f s, %.1f times its best"
                        .formatted(
                                passes.floor().best(),
                                passes.floor().worst(),
                                passes.floor().worst() / passes.floor().best()));
        aims.atMost("verdict pass, steady state", passes.all().best(), 0.10, "s for the tree");
        aims.atMost("verdict pass, one thread", micros, 25, "us of CPU a file");
        aims.atLeast(
                "one 4 KiB read decides static or dynamic",
                100.0 * passes.decidedByFirstRead() / files,
                99,
                "% of the files");
    }

    private static void commands(BenchPeers peers, BenchAims aims) throws IOException {
        say("");
        say("Whole commands over the same tree, output thrown away (wall: best and middle):");
        BenchPeers.Peer ours = peers.ours();
        List<BenchPeers.Peer> fast = peers.fast();
        List<BenchPeers.Peer> slow = peers.slow();
        for (int round = 0; round < ROUNDS; round++) {
            ours.run();
            for (BenchPeers.Peer peer : fast) {
                peer.run();
            }
            for (BenchPeers.Peer peer : round < SLOW_ROUNDS ? slow : List.<BenchPeers.Peer>of()) {
                peer.run();
            }
        }
        peer(ours, ours);
        for (BenchPeers.Peer peer : fast) {
            peer(peer, ours);
        }
        for (BenchPeers.Peer peer : slow) {
            peer(peer, ours);
        }
        BenchPeers.Peer readelf = fast.getFirst();
        aims.atMost("whole command", ours.wall().best(), 0.55, "s");
        aims.atMost(
                "whole command against readelf in batches of 64",
                ours.wall().best() / readelf.wall().best(),
                1,
                "of its time");
        aims.atMost("memory of the whole command", ours.peakMegabytes(), 96, "MB");
    }

    private static void peer(BenchPeers.Peer peer, BenchPeers.Peer ours) {
        say(
                "  %-34s %7.3f %7.3f s wall  %7.3f s CPU  %5.0f MB  %6.2f times ours"
                        .formatted(
                                peer.name(),
                                peer.wall().best(),
                                peer.wall().middle(),
                                peer.cpu().best(),
                                peer.peakMegabytes(),
                                peer.wall().best() / ours.wall().best()));
    }

    private static void deep(BenchTree tree, BenchAims aims) throws IOException {
        say("");
        var deep = new BenchDeep(tree.files());
        deep.measure(ROUNDS);
        say(
                "Deep pass over %d files of 1 to 32 MB, %d MB in all:"
                        .formatted(deep.count(), deep.megabytes()));
        line("SHA-256 of the same bytes (floor)", deep.hash());
        line("deep pass", deep.pass());
        say("  %.0f MB/s; SHA-256 %.0f MB/s".formatted(deep.passSpeed(), deep.hashSpeed()));
        aims.atLeast(
                "deep pass against SHA-256",
                deep.passSpeed() / deep.hashSpeed(),
                0.5,
                "of its speed");
    }

    private static void symbols(BenchPeers peers, BenchAims aims) throws IOException {
        say("");
        Path library = peers.library();
        var symbols = new BenchSymbols(library);
        symbols.measure(2 * ROUNDS);
        say(
                "All %d symbols of a library of %d MB:"
                        .formatted(symbols.count(), Files.size(library) / 1_000_000));
        line("ours, warm", symbols.time());
        for (BenchPeers.Peer peer : peers.symbols(library)) {
            for (int round = 0; round < 3; round++) {
                peer.run();
            }
            say(
                    "  %-42s %7.3f %7.3f s"
                            .formatted(peer.name(), peer.wall().best(), peer.wall().middle()));
        }
        aims.atMost(
                "symbols of a library of 200 MB, steady state", symbols.time().best(), 0.15, "s");
    }

    private static void line(String what, BenchTimes times) {
        say("  %-42s %7.3f %7.3f s".formatted(what, times.best(), times.middle()));
    }

    static void say(String line) {
        System.out.println(line);
    }

    static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static double load() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    }
}
