package rookery.cli.spec;

import static rookery.cli.spec.Grammar.quoted;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import rookery.oci.Tag;

/// The grammars of single texts. What needs more than a line to check has a class of its own.
final class Grammars {
    static final List<String> POLICIES = List.of("static", "scratch", "hardened");

    /// Characters of one text.
    static final int LONGEST = 4_096;

    static final Grammar NAME =
            Grammar.of(
                    "a name",
                    "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
                    "use up to 64 letters, digits, dots, underscores and dashes, a letter or digit first");

    static final Grammar REPO_NAME =
            Grammar.of(
                    "a repository's name",
                    "^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$",
                    "use letters, digits, underscores and dashes, as in profiles/repo_name");

    static final Grammar USE_FLAG =
            Grammar.of(
                    "a USE flag",
                    "^-?([A-Za-z0-9][A-Za-z0-9+_@-]*|\\*)$",
                    "write static-libs to turn one on, -static-libs to turn it off");

    static final Grammar GO_TAG =
            Grammar.of(
                    "a Go build tag",
                    "^[A-Za-z0-9_.]+$",
                    "use letters, digits, underscores and dots, one tag per item");

    static final Grammar DURATION =
            new Grammar(
                    "a time such as 30s",
                    "^([0-9]{1,4}m)?([0-9]{1,5}s)?$",
                    text ->
                            Durations.parse(text).isPresent()
                                    ? Optional.empty()
                                    : Optional.of(
                                            new Complaint(
                                                    quoted(text) + " is no time limit",
                                                    "write minutes and seconds, as 30s or 1m30s, "
                                                            + Durations.most()
                                                            + " at most")));

    static final Grammar MODE =
            Grammar.of("a file's mode", "^0[0-7]{3}$", "write it in quotes and octal, as \"0644\"");

    static final Grammar LINE = free("a text of one line", 0);

    static final Grammar WORD = free("a text that is not empty", 1);

    static final Grammar OUTPUT =
            new Grammar("a text", "", text -> tooLong(text, LONGEST).or(() -> hasNul(text)));

    static final Grammar TEMPLATE =
            new Grammar(
                    "a text", "", text -> WORD.check().apply(text).or(() -> Template.check(text)));

    static final Grammar TAG =
            new Grammar(
                    "a tag",
                    "",
                    text ->
                            Template.check(text)
                                    .or(() -> tag(Template.fill(text, Template.SAMPLE), text)));

    static final Grammar LABEL =
            Grammar.of(
                    "a label's name",
                    "^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$",
                    "write it as org.opencontainers.image.title");

    static final Grammar DIRECTORY = path("a directory inside the project", true);

    static final Grammar FILE = path("a file inside the project", false);

    /// Files of rules have a suffix, so that a mistyped word is not looked for on the disk.
    static final String RULES = ".rules";

    static final Grammar POLICY =
            new Grammar(
                    "a policy",
                    "^(static|scratch|hardened|[^/].*\\.rules)$",
                    text -> {
                        if (POLICIES.contains(text)) return Optional.empty();
                        if (text.endsWith(RULES)) return FILE.check().apply(text);
                        return Optional.of(
                                new Complaint(
                                        quoted(text)
                                                + " is none of "
                                                + String.join(", ", POLICIES)
                                                + ", nor a file of rules",
                                        DidYouMean.sentence(
                                                POLICIES,
                                                text,
                                                "write policy: scratch, or name a file inside the project that ends in .rules")));
                    });

    static final Grammar MAIN =
            new Grammar("a Go package inside the source", "^\\.(/[^/]+)*$", Grammars::main);

    static final Grammar BINARY =
            new Grammar(
                    "a file's name",
                    NAME.pattern(),
                    text ->
                            text.toLowerCase(Locale.ROOT).endsWith(".exe")
                                    ? Optional.of(
                                            new Complaint(
                                                    quoted(text) + " ends in .exe",
                                                    "leave that off; Windows gets it by itself"))
                                    : NAME.check().apply(text));

    static final Grammar IN_IMAGE = new Grammar("a path in the image", "^/.+$", Grammars::inImage);

    static final Grammar REPOSITORY = new Grammar("an image repository", "", Grammars::repository);

    private static final Pattern HOST =
            Pattern.compile(
                    "([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?");
    private static final Pattern PATH =
            Pattern.compile(
                    "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");

    private Grammars() {}

    /// Why a text is no tag, if it is none.
    static Optional<Complaint> tag(String filled, String asWritten) {
        try {
            Tag.check(filled);
            return Optional.empty();
        } catch (IllegalArgumentException _) {
            String becomes =
                    filled.equals(asWritten) ? "" : ", which becomes " + quoted(filled) + ",";
            return Optional.of(
                    new Complaint(
                            quoted(asWritten) + becomes + " is no image tag",
                            "use up to 128 letters, digits, underscores, dots and dashes, none of the last two first"));
        }
    }

    private static Grammar free(String what, int least) {
        return new Grammar(
                what,
                "",
                text -> {
                    if (text.length() < least)
                        return Optional.of(
                                new Complaint("an empty text", "write something or remove it"));
                    return tooLong(text, LONGEST).or(() -> control(text));
                });
    }

    private static Optional<Complaint> tooLong(String text, int most) {
        return text.length() <= most
                ? Optional.empty()
                : Optional.of(
                        new Complaint(
                                "a text of " + text.length() + " characters",
                                "use at most " + most));
    }

    private static Optional<Complaint> control(String text) {
        return text.chars().anyMatch(Character::isISOControl)
                ? Optional.of(
                        new Complaint(
                                quoted(text) + " holds a line break or another control character",
                                "write it on one line"))
                : Optional.empty();
    }

    private static Optional<Complaint> hasNul(String text) {
        return text.indexOf(0) >= 0
                ? Optional.of(new Complaint("a text with a NUL character", "remove it"))
                : Optional.empty();
    }

    private static Grammar path(String what, boolean directory) {
        Function<String, Optional<Complaint>> check =
                text -> {
                    if (text.startsWith("/"))
                        return Optional.of(
                                new Complaint(
                                        quoted(text) + " is an absolute path",
                                        "write it relative to the directory of the spec"));
                    if (Pattern.compile("(^|/)\\.\\.(/|$)").matcher(text).find())
                        return Optional.of(
                                new Complaint(
                                        quoted(text) + " leaves the project",
                                        "put the spec in the directory that holds everything, and name what lies below it"));
                    if (text.isEmpty() || (!directory && text.endsWith("/")))
                        return Optional.of(
                                new Complaint(quoted(text) + " is not " + what, "name one"));
                    return tooLong(text, LONGEST).or(() -> control(text));
                };
        return new Grammar(what, "^[^/].*$", check);
    }

    private static Optional<Complaint> main(String text) {
        if (text.equals(".")) return Optional.empty();
        if (text.contains("..."))
            return Optional.of(
                    new Complaint(
                            quoted(text) + " names several packages",
                            "write one item under builds for each program"));
        if (!text.startsWith("./"))
            return Optional.of(
                    new Complaint(
                            quoted(text) + " is no package of this module",
                            "write it relative to the source, as in ./cmd/app"));
        return DIRECTORY
                .check()
                .apply(text)
                .or(() ->
                        Pattern.compile("\\.(/[A-Za-z0-9_~-][A-Za-z0-9_.~+-]*)+")
                                        .matcher(text)
                                        .matches()
                                ? Optional.empty()
                                : Optional.of(
                                        new Complaint(
                                                quoted(text) + " is no Go package's path",
                                                "write it as ./cmd/app, without a slash at the end")));
    }

    private static Optional<Complaint> inImage(String text) {
        if (!text.startsWith("/"))
            return Optional.of(
                    new Complaint(
                            quoted(text) + " is not absolute",
                            "write where it lies in the image, as /etc/app.conf"));
        if (text.endsWith("/")
                || Pattern.compile("/(\\.{0,2})(/|$)").matcher(text).find()
                || text.chars().anyMatch(Character::isISOControl)
                || text.length() > LONGEST)
            return Optional.of(
                    new Complaint(
                            quoted(text) + " is no plain path of a file",
                            "write it without . and .. and doubled slashes"));
        return Optional.empty();
    }

    private static Optional<Complaint> repository(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? "" : text.substring(0, slash);
        String path = text.substring(slash + 1);
        if (text.contains("://"))
            return Optional.of(
                    new Complaint(
                            quoted(text) + " is a URL",
                            "leave off the scheme, as in ghcr.io/acme/app"));
        if (path.contains("@") || path.contains(":"))
            return Optional.of(
                    new Complaint(
                            quoted(text) + " carries a tag or digest",
                            "write the repository alone; its tags belong under tags:"));
        if (!host.contains(".") && !host.contains(":") && !host.equals("localhost"))
            return Optional.of(
                    new Complaint(
                            quoted(text) + " names no registry",
                            "begin with its host, as in docker.io/acme/app"));
        if (!HOST.matcher(host).matches())
            return Optional.of(
                    new Complaint(
                            quoted(host) + " is no registry's host", "write host or host:port"));
        if (!path.equals(path.toLowerCase(Locale.ROOT)))
            return Optional.of(
                    new Complaint(
                            quoted(path) + " has capital letters, which no registry takes",
                            "write " + host + "/" + path.toLowerCase(Locale.ROOT)));
        if (!PATH.matcher(path).matches() || path.length() > 255)
            return Optional.of(
                    new Complaint(
                            quoted(path) + " is no repository's name",
                            "use lower-case letters and digits, with . _ - between them and / between parts"));
        return Optional.empty();
    }
}
