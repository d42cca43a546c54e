package rookery.sim;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Somebody else's registry: which platforms each tag shows. Only its tag counts; what was pushed
/// before the tag moved nobody sees.
final class Registry {
    private final Map<String, List<String>> tags = new TreeMap<>();

    List<String> platforms(String tag) {
        return tags.getOrDefault(tag, List.of());
    }

    void move(String tag, List<String> platforms) {
        tags.put(tag, platforms);
    }
}
