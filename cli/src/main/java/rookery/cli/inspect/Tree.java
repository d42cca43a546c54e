package rookery.cli.inspect;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Walks directories in a fixed order, without following links.
final class Tree {
    private static final int MAX_TREE_DEPTH = 64;

    /// The file that makes a directory an OCI image layout.
    private static final String LAYOUT_MARK = "oci-layout";

    /// A regular file.
    ///
    /// @param name how to call it
    /// @param asked the user named this very file
    /// @param inLayout it lies in an image layout, where packed files are layers
    record Leaf(String name, Path path, boolean asked, boolean inLayout) {}

    private final Consumer<Leaf> visitor;
    private final Consumer<String> trouble;

    private Tree(Consumer<Leaf> visitor, Consumer<String> trouble) {
        this.visitor = visitor;
        this.trouble = trouble;
    }

    /// @throws IOException when the directory itself cannot be read
    static void walk(String name, Path directory, Consumer<Leaf> visitor, Consumer<String> trouble)
            throws IOException {
        new Tree(visitor, trouble).directory(name, directory, false, Map.of(), 0);
    }

    private void directory(
            String name, Path directory, boolean inLayout, Map<Path, String> layers, int depth)
            throws IOException {
        if (depth > MAX_TREE_DEPTH) {
            trouble.accept(name + " lies more than " + MAX_TREE_DEPTH + " directories deep");
            return;
        }
        List<Path> children = new ArrayList<>();
        boolean layout = inLayout;
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path child : stream) {
                children.add(child);
                layout |= child.endsWith(LAYOUT_MARK);
            }
        }
        children.sort(null);
        Map<Path, String> names = layout && !inLayout ? LayerNames.of(directory) : layers;
        String prefix = name.endsWith("/") ? name : name + "/";
        for (Path child : children) {
            String childName = prefix + child.getFileName();
            try {
                // One question to the system for each file: there are many.
                BasicFileAttributes is =
                        Files.readAttributes(
                                child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (is.isDirectory()) {
                    directory(childName, child, layout, names, depth + 1);
                } else if (is.isRegularFile()) {
                    String image = names.get(child);
                    String leaf = image == null ? childName : childName + "[" + image + "]";
                    visitor.accept(new Leaf(leaf, child, false, layout));
                }
            } catch (IOException e) {
                trouble.accept(childName + " cannot be read: " + e.getMessage());
            }
        }
    }
}
