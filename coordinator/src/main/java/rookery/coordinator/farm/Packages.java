package rookery.coordinator.farm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Portage's names.
final class Packages {
    /// A version begins at the last hyphen that a digit follows, a revision aside.
    private static final Pattern CPV = Pattern.compile("(.+?)-[0-9][^-]*(?:-r[0-9]+)?");

    private Packages() {}

    /// `net-misc/curl` of `net-misc/curl-8.9.1-r2`; what has no version is its own name.
    static String name(String cpv) {
        Matcher matcher = CPV.matcher(cpv);
        return matcher.matches() ? matcher.group(1) : cpv;
    }
}
