package rookery.cli.spec;

import static rookery.cli.spec.Grammar.quoted;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Which flags of `go build` a spec may give. What is not known to be harmless is refused: a flag
/// can name programs to be run, files outside the source, or undo what makes a binary static and
/// the same everywhere.
final class GoFlags {
    private static final List<String> BARE = List.of("-v", "-x", "-trimpath", "-a");
    private static final List<String> WITH_VALUE =
            List.of("-gcflags", "-asmflags", "-pgo", "-buildvcs");
    private static final Map<String, String> REASONS = new TreeMap<>();

    static {
        String runs = "it names a program to be run; leave it out";
        String farms = "the farm chooses that itself; leave it out";
        String dynamic = "what it makes is not a static program; leave it out";
        REASONS.put("-toolexec", runs);
        REASONS.put("-exec", runs);
        REASONS.put("-compiler", farms);
        REASONS.put("-gccgoflags", farms);
        REASONS.put("-C", "the directory is source: and main:");
        REASONS.put("-o", "the file's name is binary:");
        REASONS.put("-overlay", "it puts other files in place of the source; change the source");
        REASONS.put(
                "-mod",
                "modules come from go.sum or vendor/, never from anywhere else; leave it out");
        REASONS.put("-modfile", "it puts another file in place of go.mod; change the source");
        REASONS.put("-modcacherw", farms);
        REASONS.put("-pkgdir", farms);
        REASONS.put("-installsuffix", farms);
        REASONS.put("-p", farms);
        REASONS.put("-n", "nothing would be built; leave it out");
        REASONS.put("-json", farms);
        REASONS.put("-work", farms);
        REASONS.put("-tags", "build tags have a key of their own, tags:");
        REASONS.put("-ldflags", "linker flags have a key of their own, ldflags:");
        REASONS.put("-buildmode", dynamic);
        REASONS.put("-linkshared", dynamic);
        REASONS.put("-race", "its runtime cannot be linked statically; leave it out");
        REASONS.put("-msan", "its runtime cannot be linked statically; leave it out");
        REASONS.put("-asan", "its runtime cannot be linked statically; leave it out");
        REASONS.put("-cover", "it is for tests; leave it out");
    }

    private static final Pattern INSIDE = Pattern.compile("auto|off|(?!/)(?!.*(^|/)\\.\\.(/|$)).+");

    static final Grammar GRAMMAR = new Grammar("a flag of go build", "^-.*$", GoFlags::check);

    private GoFlags() {}

    private static Optional<Complaint> check(String text) {
        Optional<Complaint> odd = Grammars.WORD.check().apply(text);
        if (odd.isPresent()) return odd;
        if (!text.startsWith("-"))
            return Optional.of(
                    new Complaint(
                            quoted(text) + " is no flag",
                            "write a flag and its value as one item, as in -gcflags=all=-l"));
        int equals = text.indexOf('=');
        String name = (equals < 0 ? text : text.substring(0, equals)).replaceFirst("^--", "-");
        Function<String, Optional<Complaint>> refuse =
                remedy ->
                        Optional.of(
                                new Complaint("the flag " + quoted(name) + " is refused", remedy));
        String reason = REASONS.get(name);
        if (reason != null) return refuse.apply(reason);
        if (equals < 0 && BARE.contains(name)) return Optional.empty();
        if (equals < 0 && WITH_VALUE.contains(name))
            return Optional.of(
                    new Complaint(
                            "the flag " + quoted(name) + " has no value",
                            "write it as one item, " + name + "=…"));
        String value = text.substring(equals + 1);
        if (name.equals("-buildvcs") && !value.equals("false"))
            return refuse.apply("the packed source has no .git; use {{version}} in ldflags");
        if (name.equals("-pgo") && !INSIDE.matcher(value).matches())
            return refuse.apply("its profile must lie inside the source");
        if (equals > 0 && WITH_VALUE.contains(name)) return Optional.empty();
        return refuse.apply(
                "allowed are "
                        + String.join(", ", BARE)
                        + ", "
                        + String.join("=, ", WITH_VALUE)
                        + "=");
    }
}
