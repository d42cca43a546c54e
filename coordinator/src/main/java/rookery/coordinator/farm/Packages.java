package rookery.coordinator.farm;

/// Portage's names.
final class Packages {
    private Packages() {}

    /// `net-misc/curl` of `net-misc/curl-8.9.1-r2`; what has no version is its own name. A version
    /// begins at the last hyphen, a revision aside, and with a digit.
    static String name(String cpv) {
        // Asked for each step in each turn: a pattern would be dear.
        int end = withoutRevision(cpv);
        int hyphen = cpv.lastIndexOf('-', end - 1);
        return hyphen > 0 && hyphen + 1 < end && isDigit(cpv.charAt(hyphen + 1))
                ? cpv.substring(0, hyphen)
                : cpv;
    }

    /// Where `-r2` begins, or the end.
    private static int withoutRevision(String cpv) {
        int at = cpv.length();
        while (at > 0 && isDigit(cpv.charAt(at - 1))) at--;
        return at < cpv.length() && cpv.startsWith("-r", at - 2) ? at - 2 : cpv.length();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
