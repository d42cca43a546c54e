package rookery.deploy.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a child is told on its command line, as `name=value`.
record Arguments(Map<String, String> values) {
    static Arguments of(String... args) {
        var values = new TreeMap<String, String>();
        for (String arg : args) {
            int at = arg.indexOf('=');
            values.put(arg.substring(0, at), arg.substring(at + 1));
        }
        return new Arguments(values);
    }

    Arguments with(String name, Object value) {
        var more = new TreeMap<>(values);
        more.put(name, value.toString());
        return new Arguments(more);
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) throw new IllegalArgumentException("nobody said " + name);
        return value;
    }

    int number(String name) {
        return Integer.parseInt(text(name));
    }

    Path path(String name) {
        return Path.of(text(name));
    }

    Failpoints failpoints() {
        return new Failpoints(text("die"), number("passes"), path("deaths"));
    }

    List<String> words() {
        var words = new ArrayList<String>();
        values.forEach((name, value) -> words.add(name + "=" + value));
        return words;
    }
}
