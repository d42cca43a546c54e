package rookery.coordinator.work;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.Distfile;
import rookery.model.Limits;
import rookery.model.MergeGraph;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;

/// Reads the resolve step's JSON. It comes from a sandbox in which a user's ebuilds were sourced,
/// so nothing in it is believed to be well formed.
final class GraphReader {
    private static final String SCHEMA = "1";

    private GraphReader() {}

    /// @throws MalformedDocumentException when it is no merge graph
    /// @throws IllegalArgumentException when what it says cannot be
    static MergeGraph read(byte[] bytes) {
        Json root = Json.parse(bytes, Limits.GRAPH_BYTES);
        if (!(member(root, "schema") instanceof Json.Num(String schema))
                || !schema.equals(SCHEMA)) {
            throw new MalformedDocumentException("a graph of a schema other than " + SCHEMA);
        }
        var packages = new ArrayList<MergeGraph.Node>();
        for (Json item : items(root, "packages")) packages.add(node(item));
        return new MergeGraph(text(root, "chost"), packages);
    }

    private static MergeGraph.Node node(Json item) {
        var needs = new LinkedHashSet<String>(texts(item, "build_deps"));
        needs.addAll(texts(item, "run_deps"));
        return new MergeGraph.Node(
                text(item, "cpv"),
                text(item, "slot"),
                text(item, "repo"),
                texts(item, "use"),
                recipe(item),
                env(item),
                items(item, "distfiles").stream().map(GraphReader::distfile).toList(),
                List.copyOf(needs));
    }

    /// Everything of the repositories that decides how the package is built, in one line.
    private static String recipe(Json item) {
        var recipe =
                new StringBuilder("eapi " + text(item, "eapi") + " ebuild " + text(item, "ebuild"));
        for (Json eclass : items(item, "inherits")) {
            recipe.append(' ')
                    .append(text(eclass, "name"))
                    .append(' ')
                    .append(text(eclass, "sha256"));
        }
        return recipe + " files " + text(item, "files") + " patches " + text(item, "patches");
    }

    private static SortedMap<String, String> env(Json item) {
        if (!(member(item, "env") instanceof Json.Obj env))
            throw new MalformedDocumentException("'env' is no object");
        SortedMap<String, String> out = new TreeMap<>();
        for (String name : env.members().keySet()) out.put(name, text(env, name));
        return out;
    }

    private static Distfile distfile(Json item) {
        if (!(member(item, "size") instanceof Json.Num(String size))) {
            throw new MalformedDocumentException("a distfile without a size");
        }
        return new Distfile(
                text(item, "name"),
                Long.parseLong(size),
                text(item, "blake2b"),
                text(item, "sha512"),
                texts(item, "uris"));
    }

    private static Json member(Json json, String name) {
        if (json instanceof Json.Obj object) {
            Optional<Json> found = object.get(name);
            if (found.isPresent()) return found.get();
        }
        throw new MalformedDocumentException("'" + name + "' is missing");
    }

    private static String text(Json json, String name) {
        if (member(json, name) instanceof Json.Text(String value)) return value;
        throw new MalformedDocumentException("'" + name + "' is no text");
    }

    private static List<Json> items(Json json, String name) {
        if (member(json, name) instanceof Json.Arr(List<Json> items)) return items;
        throw new MalformedDocumentException("'" + name + "' is no list");
    }

    private static List<String> texts(Json json, String name) {
        return items(json, name).stream()
                .map(i -> {
                    if (i instanceof Json.Text(String value)) return value;
                    throw new MalformedDocumentException("'" + name + "' holds what is no text");
                })
                .toList();
    }
}
