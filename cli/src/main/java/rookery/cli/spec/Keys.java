package rookery.cli.spec;

import static rookery.cli.spec.Key.optional;
import static rookery.cli.spec.Key.required;

import java.util.Arrays;
import java.util.List;
import rookery.cli.spec.Shape.Either;
import rookery.cli.spec.Shape.Flag;
import rookery.cli.spec.Shape.ListOf;
import rookery.cli.spec.Shape.MapOf;
import rookery.cli.spec.Shape.Table;
import rookery.cli.spec.Shape.Text;
import rookery.cli.spec.Shape.Word;
import rookery.model.Limits;
import rookery.model.Toolchain;
import rookery.oci.json.Json;

/// The one table of what a spec may say. A new key is a new row here; how it is read, what is said
/// about mistakes and what editors know of it follow.
final class Keys {
    /// Repositories that every agent brings.
    static final List<String> BUILT_IN_REPOS = List.of("rookery");

    /// What `include` knows by name.
    static final String CA_CERTIFICATES = "ca-certificates";

    /// Items of a list that is not about builds, platforms, images or packages.
    private static final int ITEMS = 256;

    private static final Shape FLAGS = new ListOf(new Text(GoFlags.GRAMMAR), 0, ITEMS);
    private static final Shape LDFLAGS = new ListOf(new Text(LinkerFlags.GRAMMAR), 0, ITEMS);
    private static final Shape GO_TAGS = new ListOf(new Text(Grammars.GO_TAG), 0, ITEMS);
    private static final Shape ENV =
            new MapOf(BuildEnv.GRAMMAR, new Text(Grammars.LINE), ITEMS, true);

    private static final String FLAGS_DOC =
            "Flags of go build, each with its value in one item. -trimpath is always on; what runs"
                    + " programs, leaves the source or chooses how to link is refused.";
    private static final String LDFLAGS_DOC =
            "Flags of Go's linker, joined with blanks. Templates may be used. The farm adds what"
                    + " makes the program static.";
    private static final String ENV_DOC =
            "Variables of the build: " + String.join(", ", BuildEnv.ALLOWED) + ".";

    private static final Table OVERRIDES =
            new Table(
                    "an override",
                    List.of(
                            optional("flags", FLAGS, "[\"-gcflags=all=-l\"]", FLAGS_DOC),
                            optional("ldflags", LDFLAGS, "[\"-s -w\"]", LDFLAGS_DOC),
                            optional("tags", GO_TAGS, "[netgo]", "Build tags."),
                            optional("env", ENV, "{CGO_CFLAGS: \"-O2\"}", ENV_DOC)));

    private static final Table BUILD =
            new Table(
                    "a build",
                    List.of(
                            optional(
                                    "id",
                                    new Text(Grammars.NAME),
                                    "app",
                                    "Names the build within the spec and its directory under"
                                            + " dist/. Left out: the project's name."),
                            optional(
                                    "main",
                                    new Text(Grammars.MAIN),
                                    "./cmd/app",
                                    "The Go package to build, relative to the source.",
                                    Json.text(".")),
                            optional(
                                    "binary",
                                    new Text(Grammars.BINARY),
                                    "app",
                                    "The program's file name, without .exe. Left out: the id."),
                            optional("flags", FLAGS, "[\"-gcflags=all=-l\"]", FLAGS_DOC, none()),
                            optional("ldflags", LDFLAGS, "[\"-s -w\"]", LDFLAGS_DOC, none()),
                            optional("tags", GO_TAGS, "[netgo]", "Build tags.", none()),
                            optional("env", ENV, "{CGO_CFLAGS: \"-O2\"}", ENV_DOC),
                            optional(
                                    "overrides",
                                    new MapOf(
                                            Platforms.GRAMMAR, OVERRIDES, Limits.SPEC_ITEMS, true),
                                    "{linux/arm64: {tags: [netgo]}}",
                                    "What differs on one platform. Lists given there replace the"
                                            + " general ones, variables are added to them.")));

    private static final Table REPO =
            new Table(
                    "a repository",
                    List.of(
                            required(
                                    "name",
                                    new Text(Grammars.REPO_NAME),
                                    "local",
                                    "The repository's name, as in its profiles/repo_name."),
                            required(
                                    "path",
                                    new Text(Grammars.DIRECTORY),
                                    "overlay",
                                    "The repository's directory inside the project.")));

    private static final Table PORTAGE =
            new Table(
                    "portage",
                    List.of(
                            optional(
                                    "packages",
                                    new ListOf(new Text(Atom.GRAMMAR), 0, Limits.PACKAGES),
                                    "[net-misc/curl]",
                                    "Package atoms of the C libraries that the programs link.",
                                    none()),
                            optional(
                                    "use",
                                    new ListOf(new Text(Grammars.USE_FLAG), 0, ITEMS),
                                    "[static-libs]",
                                    "USE flags for every package.",
                                    none()),
                            optional(
                                    "repos",
                                    new ListOf(
                                            new Either(new Text(Grammars.REPO_NAME), REPO),
                                            1,
                                            Limits.SPEC_ITEMS),
                                    "[rookery, {name: local, path: overlay}]",
                                    "Ebuild repositories, highest priority last: by name where"
                                            + " every agent brings it ("
                                            + String.join(", ", BUILT_IN_REPOS)
                                            + "), by name and path where it lies in the project.",
                                    Json.texts(BUILT_IN_REPOS)),
                            optional(
                                    "config",
                                    new Text(Grammars.DIRECTORY),
                                    "portage",
                                    "A directory inside the project that is shaped like"
                                            + " /etc/portage.")));

    private static final Table PLATFORM =
            new Table(
                    "a platform",
                    List.of(
                            required(
                                    "platform",
                                    new Text(Platforms.GRAMMAR),
                                    "linux/arm64",
                                    "The platform's name, as OCI writes it."),
                            optional(
                                    "required",
                                    new Flag(),
                                    "false",
                                    "Whether the images wait for it and the job fails with it.",
                                    new Json.Bool(true)),
                            optional(
                                    "level",
                                    new Text(Grammars.NAME),
                                    "v3",
                                    "The CPU level, in Go's words (GOAMD64, GOARM64, GORISCV64);"
                                            + " C code gets the same. Left out: the lowest.")));

    private static final Table RUN =
            new Table(
                    "a run",
                    List.of(
                            optional(
                                    "args",
                                    new ListOf(new Text(Grammars.OUTPUT), 0, ITEMS),
                                    "[--version]",
                                    "Arguments of the program.",
                                    none()),
                            optional(
                                    "stdout",
                                    new Text(Grammars.OUTPUT),
                                    "\"app 1\"",
                                    "A text that its output must contain.",
                                    Json.text("")),
                            optional(
                                    "time_limit",
                                    new Text(Grammars.DURATION),
                                    "30s",
                                    "How long it may take, " + Durations.most() + " at most.",
                                    Json.text(Limits.RUN_DEFAULT.toSeconds() + "s"))));

    private static final Table VERIFY =
            new Table(
                    "verify",
                    List.of(
                            optional(
                                    "policy",
                                    new Text(Grammars.POLICY),
                                    "scratch",
                                    "What every program must prove: that it is static; with"
                                            + " scratch also that whatever it misses in an empty"
                                            + " image is known; with hardened also that linker"
                                            + " and compiler protect it. Or a file of rules inside"
                                            + " the project, whose name ends in .rules.",
                                    Json.text("static")),
                            optional(
                                    "run",
                                    new ListOf(RUN, 0, Limits.SPEC_ITEMS),
                                    "[{args: [--version], stdout: \"app 1\"}]",
                                    "Commands that every program must pass in an empty root, where"
                                            + " the platform can be run.",
                                    none())));

    private static final Table INCLUDE =
            new Table(
                    "a file to include",
                    List.of(
                            required(
                                    "path",
                                    new Text(Grammars.FILE),
                                    "etc/app.conf",
                                    "The file inside the project."),
                            required(
                                    "to",
                                    new Text(Grammars.IN_IMAGE),
                                    "/etc/app.conf",
                                    "Where it lies in the image."),
                            optional(
                                    "mode",
                                    new Text(Grammars.MODE),
                                    "\"0755\"",
                                    "Its mode.",
                                    Json.text("0644"))));

    private static final Table IMAGE =
            new Table(
                    "an image",
                    List.of(
                            required(
                                    "from",
                                    new Text(Grammars.NAME),
                                    "app",
                                    "The id of the build whose program it holds."),
                            required(
                                    "repository",
                                    new Text(Grammars.REPOSITORY),
                                    "ghcr.io/acme/app",
                                    "Where --push sends it: a registry's host and a name."),
                            optional(
                                    "tags",
                                    new ListOf(new Text(Grammars.TAG), 1, ITEMS),
                                    "[latest, \"{{version}}\"]",
                                    "Its tags. Templates may be used.",
                                    Json.texts(List.of("latest"))),
                            optional(
                                    "entrypoint",
                                    new ListOf(new Text(Grammars.TEMPLATE), 0, ITEMS),
                                    "[/app, serve]",
                                    "What is started. Templates may be used. Left out: the"
                                            + " program.",
                                    none()),
                            optional(
                                    "labels",
                                    new MapOf(
                                            Grammars.LABEL,
                                            new Text(Grammars.TEMPLATE),
                                            ITEMS,
                                            false),
                                    "{org.opencontainers.image.title: app}",
                                    "Labels of the image. Templates may be used."),
                            optional(
                                    "include",
                                    new ListOf(
                                            new Either(new Word(List.of(CA_CERTIFICATES)), INCLUDE),
                                            0,
                                            ITEMS),
                                    "[ca-certificates, {path: app.conf, to: /etc/app.conf}]",
                                    "Files beside the program; ca-certificates is the CA bundle of"
                                            + " the machine that submits the job.",
                                    none())));

    private static final Table FARM =
            new Table(
                    "farm",
                    List.of(
                            optional(
                                    "project",
                                    new Text(Grammars.NAME),
                                    "demo",
                                    "Whom the work is counted for. Left out: the project."),
                            optional(
                                    "trust_domain",
                                    new Text(Grammars.NAME),
                                    "local",
                                    "Results are shared within a trust domain only.",
                                    Json.text("local")),
                            optional(
                                    "priority",
                                    new Shape.Whole(-100, 100),
                                    "10",
                                    "Higher goes first.",
                                    Json.number(0)),
                            optional(
                                    "labels",
                                    new ListOf(new Text(Grammars.NAME), 0, ITEMS),
                                    "[ssd]",
                                    "Labels that an agent must have to get the work.",
                                    none())));

    /// The whole spec.
    static final Table SPEC =
            new Table(
                    "the spec",
                    List.of(
                            required(
                                    "version",
                                    new Shape.Whole(1, 1),
                                    "1",
                                    "The version of this format."),
                            required(
                                    "project",
                                    new Text(Grammars.NAME),
                                    "my-app",
                                    "The name that people know it by."),
                            optional(
                                    "source",
                                    new Text(Grammars.DIRECTORY),
                                    ".",
                                    "The directory of the Go module, inside the project.",
                                    Json.text(".")),
                            required(
                                    "builds",
                                    new ListOf(BUILD, 1, Limits.SPEC_ITEMS),
                                    "[{main: .}]",
                                    "The programs."),
                            optional(
                                    "portage",
                                    PORTAGE,
                                    "{packages: [net-misc/curl]}",
                                    "The C libraries that they link, in Portage's words."),
                            required(
                                    "platforms",
                                    new ListOf(
                                            new Either(new Text(Platforms.GRAMMAR), PLATFORM),
                                            1,
                                            Limits.SPEC_ITEMS),
                                    "[linux/amd64, linux/arm64]",
                                    "What to build for."),
                            optional(
                                    "toolchain",
                                    new Word(
                                            Arrays.stream(Toolchain.values())
                                                    .map(Toolchain::word)
                                                    .toList()),
                                    "portable",
                                    "What compiles C.",
                                    Json.text(Toolchain.PORTABLE.word())),
                            optional(
                                    "verify",
                                    VERIFY,
                                    "{policy: scratch}",
                                    "What every program must prove before anything is made of it."),
                            optional(
                                    "images",
                                    new ListOf(IMAGE, 0, Limits.SPEC_ITEMS),
                                    "[{from: app, repository: ghcr.io/acme/app}]",
                                    "Multi-arch images. Platforms that have no images, as Windows,"
                                            + " are left out of them.",
                                    none()),
                            optional(
                                    "farm",
                                    FARM,
                                    "{trust_domain: local}",
                                    "How the farm treats the job.")));

    private Keys() {}

    private static Json none() {
        return new Json.Arr(List.of());
    }
}
