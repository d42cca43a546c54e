package rookery.cli.dist;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.cli.view.Results;
import rookery.oci.Blob;
import rookery.oci.json.Json;

/// What lies where below `dist/`.
///
/// @param binaries programs that passed everything asked of them
/// @param layouts images that were assembled
public record DistPlan(Results results, List<Binary> binaries, List<Layout> layouts) {
    static final String ARTIFACTS = "artifacts.json";
    static final String CHECKSUMS = "checksums.txt";

    /// @param path relative, as `app_linux_arm64/app`
    public record Binary(String path, Results.Program program, Blob blob) {}

    /// @param path relative, as `oci/app`
    public record Layout(String path, Results.Image image, Blob index) {}

    public DistPlan {
        binaries = List.copyOf(binaries);
        layouts = List.copyOf(layouts);
    }

    public static DistPlan of(Results results) {
        var binaries = new ArrayList<Binary>();
        for (Results.Program program : results.programs()) {
            if (program.failed().isPresent()) continue;
            String directory =
                    program.build().id()
                            + "_"
                            + program.wanted().platform().toString().replace('/', '_');
            program.binary()
                    .ifPresent(b ->
                            binaries.add(
                                    new Binary(directory + "/" + program.fileName(), program, b)));
        }
        List<String> repositories =
                results.images().stream().map(i -> i.image().repository()).toList();
        var layouts = new ArrayList<Layout>();
        for (Results.Image image : results.images()) {
            image.index()
                    .ifPresent(index ->
                            layouts.add(
                                    new Layout(
                                            "oci/" + name(image.image().repository(), repositories),
                                            image,
                                            index)));
        }
        return new DistPlan(results, binaries, layouts);
    }

    /// Paths below the directory, by the names that [rookery.cli.view.JobReport] asks for.
    public SortedMap<String, String> paths(String directory) {
        SortedMap<String, String> paths = new TreeMap<>();
        for (Binary binary : binaries) {
            paths.put(
                    binary.program.build().id() + "/" + binary.program.wanted().platform(),
                    directory + "/" + binary.path);
        }
        for (Layout layout : layouts) {
            paths.put(layout.image.image().repository(), directory + "/" + layout.path);
        }
        return paths;
    }

    /// What `artifacts.json` says. It holds no time and no path of this machine, so equal builds
    /// write equal files.
    Json artifacts() {
        var top = new LinkedHashMap<String, Json>();
        top.put("schema_version", Json.number(1));
        top.put("project", Json.text(results.spec().project()));
        top.put("version", Json.text(results.spec().source().version()));
        top.put("commit", Json.text(results.spec().source().commit()));
        var all = new ArrayList<Json>();
        for (Binary binary : binaries) {
            var item = new LinkedHashMap<String, Json>();
            item.put("type", Json.text("binary"));
            item.put("path", Json.text(binary.path));
            item.put("build", Json.text(binary.program.build().id()));
            item.put("platform", Json.text(binary.program.wanted().platform().toString()));
            item.put("level", Json.text(binary.program.wanted().level().name()));
            item.put("digest", Json.text(binary.blob.digest().toString()));
            item.put("size_bytes", Json.number(binary.blob.sizeBytes()));
            item.put("linkage", Json.text(binary.program.linkage()));
            item.put("libc", Json.text(binary.program.libc()));
            all.add(new Json.Obj(item));
        }
        for (Layout layout : layouts) {
            var item = new LinkedHashMap<String, Json>();
            item.put("type", Json.text("oci-layout"));
            item.put("path", Json.text(layout.path));
            item.put("repository", Json.text(layout.image.image().repository()));
            item.put("tags", Json.texts(layout.image.image().tags()));
            item.put("platforms", Json.texts(layout.image.platforms()));
            item.put("digest", Json.text(layout.index.digest().toString()));
            all.add(new Json.Obj(item));
        }
        top.put("artifacts", new Json.Arr(all));
        return new Json.Obj(top);
    }

    /// The last part of the repository's name where that is unique, else all of it.
    private static String name(String repository, List<String> all) {
        String last = last(repository);
        boolean unique = all.stream().filter(r -> last(r).equals(last)).count() == 1;
        return unique ? last : repository.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private static String last(String repository) {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }
}
