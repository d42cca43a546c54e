package rookery.cli.pack;

/// As much of `go.mod` as packing needs.
final class GoMod {
    private GoMod() {}

    /// Whether any module has to be fetched.
    static boolean requiresModules(String text) {
        boolean block = false;
        for (String raw : text.lines().toList()) {
            int comment = raw.indexOf("//");
            String line = (comment < 0 ? raw : raw.substring(0, comment)).strip();
            if (block && line.equals(")")) block = false;
            else if (block && !line.isEmpty()) return true;
            else if (line.matches("require\\s*\\(")) block = true;
            else if (line.matches("require\\s+\\S.*")) return true;
        }
        return false;
    }
}
