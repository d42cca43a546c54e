package rookery.elf.files;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import rookery.elf.Inspection;
import rookery.elf.Report;
import rookery.elf.Tools;
import rookery.elf.bytes.Source;

/// Compares ELF files and archives with what readelf and eu-readelf print of them, fact by fact:
/// header, sections, segments, dynamic section, wanted versions, symbols with their versions,
/// notes; members and symbol indexes of archives.
///
/// As a program (`./rookery corpus TREE…`) it takes every file of whole trees. Exit codes: 0 all
/// differences are explained, 1 some are not, 2 there is nothing to compare.
final class Corpus {
    private static final int FILES_PER_RUN = 40;
    private static final long BYTES_PER_RUN = 64 << 20;

    /// Unexplained differences that are printed; more are only counted.
    private static final int MAX_PRINTED = 100;

    private Corpus() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Path> roots = Stream.of(arguments).map(a -> Path.of(a).toAbsolutePath()).toList();
        Trees trees = Trees.below(roots, Long.MAX_VALUE);
        System.out.printf(
                "%s: %,d ELF files, %,d archives%n",
                String.join(" ", arguments), trees.elf().size(), trees.archives().size());
        if (trees.elf().isEmpty() && trees.archives().isEmpty()) {
            System.exit(2);
        }
        boolean differ = false;
        Path dir = Files.createTempDirectory("corpus");
        try {
            for (Tool tool : Tool.values()) {
                long start = System.nanoTime();
                Differences found = compare(new Tools(dir), tool, trees);
                found.unexplained().stream().limit(MAX_PRINTED).forEach(System.out::println);
                System.out.println(
                        found.summary(tool)
                                + "; %.1f s".formatted((System.nanoTime() - start) / 1e9));
                found.explained().forEach(line -> System.out.println("  " + line));
                differ |= !found.unexplained().isEmpty();
            }
        } finally {
            Files.delete(dir);
        }
        System.exit(differ ? 1 : 0);
    }

    /// The ELF files of one tree.
    static List<Path> elfFiles(Path root, long maxBytes) throws IOException {
        return Trees.below(List.of(root), maxBytes).elf();
    }

    /// Runs the tool on batches of the files, as many at once as there are processors.
    static Differences compare(Tools tools, Tool tool, Trees trees)
            throws IOException, InterruptedException {
        var all = new Differences();
        try (ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<Differences>> running = new ArrayList<>();
            for (List<Path> batch : batches(trees.elf())) {
                running.add(workers.submit(() -> files(tools, tool, batch)));
            }
            for (List<Path> batch : batches(trees.archives())) {
                running.add(workers.submit(() -> archives(tools, tool, batch)));
            }
            for (Future<Differences> one : running) {
                all.add(one.get());
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a comparison stopped", e);
        }
        return all;
    }

    private static List<List<Path>> batches(List<Path> files) throws IOException {
        List<List<Path>> batches = new ArrayList<>();
        List<Path> batch = new ArrayList<>();
        long bytes = 0;
        for (Path file : files) {
            batch.add(file);
            bytes += Files.size(file);
            if (batch.size() == FILES_PER_RUN || bytes > BYTES_PER_RUN) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    private static Differences files(Tools tools, Tool tool, List<Path> batch) throws IOException {
        var differences = new Differences();
        Map<Path, List<Printed>> outputs = run(tools, tool, batch, false);
        for (Path file : batch) {
            differences.countFile();
            Facts ours = Inspector.read(file, OurFacts::of);
            List<Printed> printed = outputs.getOrDefault(file, List.of());
            Facts theirs = printed.isEmpty() ? new Facts() : printed.getFirst().facts();
            differences.compare(tool, file.toString(), ours, theirs);
        }
        return differences;
    }

    private static Differences archives(Tools tools, Tool tool, List<Path> batch)
            throws IOException {
        var differences = new Differences();
        Map<Path, List<Printed>> outputs = run(tools, tool, batch, true);
        for (Path archive : batch) {
            differences.countFile();
            Members ours = Inspector.read(archive, Corpus::members);
            List<Printed> theirs =
                    outputs.getOrDefault(archive, List.of()).stream()
                            .filter(p -> !p.facts().isEmpty())
                            .toList();
            differences.compareMembers(tool, archive.toString(), ours, theirs);
        }
        return differences;
    }

    /// What was said about a file, or about a member of it.
    ///
    /// @param member empty for the file itself
    record Printed(String member, Facts facts) {}

    /// The archive's index, then those of its members that are ELF files.
    ///
    /// @param others it has members that are not
    record Members(List<Printed> elf, boolean others) {}

    private static Members members(Source archive) {
        boolean[] others = {false};
        List<Printed> all = new ArrayList<>();
        Report report = Inspection.of(archive, Inspection.Depth.VERDICT);
        if (report.facts() instanceof Report.Ar(var file)) {
            file.index()
                    .ifPresent(index -> {
                        var facts = new Facts();
                        facts.add(Facts.Kind.INDEX, "symbols " + index.symbols());
                        all.add(new Printed("", facts));
                    });
        }
        Inspection.members(
                archive,
                Inspection.Depth.VERDICT,
                (member, source, what) -> {
                    if (what.facts() instanceof Report.Elf) {
                        // One read for each member: they are small, and many.
                        MemorySegment bytes = source.slice(0, source.sizeBytes());
                        all.add(new Printed(member.name(), OurFacts.of(Source.of(bytes))));
                    } else {
                        others[0] = true;
                    }
                });
        return new Members(all, others[0]);
    }

    private static Map<Path, List<Printed>> run(
            Tools tools, Tool tool, List<Path> batch, boolean archives) {
        List<String> command = new ArrayList<>(tool.command(archives));
        // With one file only, the tools do not print its name.
        command.add("/dev/null");
        Map<String, Path> names = new LinkedHashMap<>();
        for (Path file : batch) {
            command.add(file.toString());
            names.put(file.toString(), file);
        }
        Map<Path, List<Printed>> outputs = new LinkedHashMap<>();
        TheirFacts current = new TheirFacts(tool);
        for (String line :
                (Iterable<String>)
                        tools.runWhateverItReturns(Map.of(), command).lines()::iterator) {
            String name = tool.headed(line);
            String file = owner(name, names);
            if (!file.isEmpty()) {
                current = new TheirFacts(tool);
                outputs.computeIfAbsent(names.get(file), _ -> new ArrayList<>())
                        .add(new Printed(member(name, file), current.facts()));
            }
            current.line(line);
        }
        return outputs;
    }

    /// The file that a heading is about; empty if the line is none.
    private static String owner(String name, Map<String, Path> names) {
        if (name.isEmpty() || names.containsKey(name)) {
            return name;
        }
        for (int at = name.indexOf('('); at > 0; at = name.indexOf('(', at + 1)) {
            if (name.endsWith(")") && names.containsKey(name.substring(0, at))) {
                return name.substring(0, at);
            }
        }
        return "";
    }

    private static String member(String name, String file) {
        return name.equals(file) ? "" : name.substring(file.length() + 1, name.length() - 1);
    }
}
