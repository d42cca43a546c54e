package rookery.agent.recipe;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Where the inputs of one step lie on the machine.
///
/// @param places outside paths
/// @param repos ebuild repositories by name, outside paths; `rookery` is always among them where
///   Portage runs
/// @param network what a step with network is told of proxies and certificates; empty for others
/// @param vendored whether the source brings its modules itself
public record Staged(
        Map<Place, String> places,
        SortedMap<String, String> repos,
        SortedMap<String, String> network,
        boolean vendored) {
    public Staged {
        var ordered = new EnumMap<Place, String>(Place.class);
        ordered.putAll(places);
        places = Collections.unmodifiableMap(ordered);
        repos = Collections.unmodifiableSortedMap(new TreeMap<>(repos));
        network = Collections.unmodifiableSortedMap(new TreeMap<>(network));
    }

    String at(Place place) {
        String path = places.get(place);
        if (path == null)
            throw new RookeryException(Blame.BUG, "a step was started without its " + place);
        return path;
    }

    boolean has(Place place) {
        return places.containsKey(place);
    }
}
