package rookery.cli.spec;

import static rookery.cli.spec.Grammar.quoted;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Portage's package atoms, as its package manager specification has them, as far as a merge list
/// takes them: `[op]category/name[-version][:slot][::repo][[use]]`.
final class Atom {
    private static final String VERSION =
            "[0-9]+(?:\\.[0-9]+)*[a-z]?(?:_(?:alpha|beta|pre|rc|p)[0-9]*)*(?:-r[0-9]+)?";
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<op>[<>]=?|=|~)?(?<category>[A-Za-z0-9_][A-Za-z0-9+_.-]*)/(?<name>[A-Za-z0-9_][A-Za-z0-9+_.*-]*)"
                            + "(?<slot>:[A-Za-z0-9_][A-Za-z0-9+_./-]*=?|:[=*])?(?:::(?<repo>[A-Za-z0-9_][A-Za-z0-9_-]*))?(?<use>\\[[^\\]]*])?");
    private static final Pattern VERSIONED =
            Pattern.compile("(?<name>.+)-(?<version>" + VERSION + ")\\*?");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9+_-]*");
    private static final Pattern USE =
            Pattern.compile(
                    "\\[-?[A-Za-z0-9][A-Za-z0-9+_@-]*(?:\\([+-]\\))?(?:,-?[A-Za-z0-9][A-Za-z0-9+_@-]*(?:\\([+-]\\))?)*]");

    static final Grammar GRAMMAR =
            new Grammar("a package atom", "^[<>=~]*[^/ ]+/[^/ ]+(/[^/ ]+)?$", Atom::check);

    private Atom() {}

    /// The repository that an atom asks for.
    static Optional<String> repo(String atom) {
        Matcher m = FORM.matcher(atom);
        return m.matches() ? Optional.ofNullable(m.group("repo")) : Optional.empty();
    }

    private static Optional<Complaint> check(String atom) {
        if (atom.startsWith("!"))
            return complain(atom, "is a blocker", "name only what is to be built");
        if (atom.startsWith("@")) return complain(atom, "is a set", "name its packages one by one");
        if (!atom.contains("/"))
            return complain(atom, "names no category", "write category/name, as in net-misc/curl");
        Matcher m = FORM.matcher(atom);
        if (!m.matches())
            return complain(
                    atom,
                    "is no package atom",
                    "write category/name or =category/name-1.2, then :slot, ::repo and [use] as needed");
        String name = m.group("name");
        String use = m.group("use");
        Matcher versioned = VERSIONED.matcher(name);
        boolean hasVersion = versioned.matches();
        String bare = hasVersion ? versioned.group("name") : name;
        if (m.group("op") == null && hasVersion)
            return complain(
                    atom,
                    "names a version without saying how",
                    "write ="
                            + atom
                            + " for exactly this one, >="
                            + atom
                            + " for it or a later one");
        if (m.group("op") != null && !hasVersion)
            return complain(
                    atom,
                    "compares versions but names none",
                    "write a version after the name, or leave off the " + m.group("op"));
        if (name.endsWith("*") && !"=".equals(m.group("op")))
            return complain(
                    atom,
                    "has a * that only = may have",
                    "write =" + m.group("category") + "/" + name);
        if (!PLAIN.matcher(bare).matches())
            return complain(
                    atom, "is no package atom", "a package's name is letters, digits, +, _ and -");
        if (use != null && !USE.matcher(use).matches())
            return complain(atom, "has USE flags that are not plain", "write them as [flag,-flag]");
        return Optional.empty();
    }

    private static Optional<Complaint> complain(String atom, String found, String remedy) {
        return Optional.of(new Complaint(quoted(atom) + " " + found, remedy));
    }
}
