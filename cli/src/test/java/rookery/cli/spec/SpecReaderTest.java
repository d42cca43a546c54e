package rookery.cli.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import rookery.model.JobSpec;
import rookery.model.Toolchain;
import rookery.oci.Blob;
import rookery.oci.Platform;

class SpecReaderTest {
    private static final String SMALL =
            """
            version: 1
            project: app
            builds: [{}]
            platforms: [linux/amd64]
            """;

    private static final JobSpecs.Packed PACKED =
            new JobSpecs.Packed(
                    Blob.of(new byte[] {1}),
                    Optional.empty(),
                    "1.2.3",
                    "0123456789abcdef",
                    Instant.ofEpochSecond(1_700_000_000),
                    new TreeMap<>(),
                    Optional.empty(),
                    List.of(List.of()));

    @TestFactory
    Stream<DynamicTest> everyWrongSpecIsToldExactlyWhatIsWrong() {
        List<Cases.Case> cases = Cases.wrong();
        assertThat(cases).hasSizeGreaterThan(40);
        return cases.stream()
                .map(c ->
                        DynamicTest.dynamicTest(
                                c.name(),
                                () -> assertThat(Cases.said(c.spec())).isEqualTo(c.said())));
    }

    @Test
    void theCanonicalFileIsReadAsItIsMeant() {
        SpecFile spec = read(Cases.canonical());
        assertThat(spec.project()).isEqualTo("curl-version");
        assertThat(spec.source().text()).isEqualTo(".");
        JobSpec.Build build = spec.programs().getFirst().build();
        assertThat(build.id()).isEqualTo("curl-version");
        assertThat(build.binary()).isEqualTo("curl-version");
        assertThat(build.ldflags()).containsExactly("-s -w", "-X main.version={{version}}");
        assertThat(build.env()).containsExactly(java.util.Map.entry("CGO_CFLAGS", "-O2"));
        assertThat(spec.portage().packages()).containsExactly("net-misc/curl");
        assertThat(spec.portage().use()).containsExactly("static-libs");
        assertThat(spec.portage().repos().getFirst())
                .isEqualTo(new SpecFile.Repo("rookery", Optional.empty()));
        assertThat(spec.portage().repos().getLast().path().orElseThrow())
                .isEqualTo(new Located(new Position("rookery.yaml", 12, 40), "overlay"));
        assertThat(spec.platforms())
                .extracting(w -> w.platform() + (w.required() ? "" : "?"))
                .containsExactly("linux/amd64", "linux/arm64", "linux/riscv64?");
        assertThat(spec.toolchain()).isEqualTo(Toolchain.PORTABLE);
        assertThat(spec.verify().policy()).isEqualTo("scratch");
        assertThat(spec.verify().run())
                .containsExactly(
                        new JobSpec.RunCheck(List.of(), "libcurl/", Duration.ofSeconds(30)));
        assertThat(spec.images().getFirst().repository()).isEqualTo("ghcr.io/acme/curl-version");
        assertThat(spec.images().getFirst().include())
                .singleElement()
                .isInstanceOf(SpecFile.Include.CaCertificates.class);
        assertThat(spec.farm().trustDomain()).isEqualTo("local");
        assertThat(spec.farm().project()).isEqualTo("demo");
    }

    @Test
    void whatIsLeftOutHasTheTablesDefaults() {
        SpecFile spec = read(SMALL);
        JobSpec.Build build = spec.programs().getFirst().build();
        assertThat(List.of(build.id(), build.main(), build.binary()))
                .containsExactly("app", ".", "app");
        assertThat(spec.portage().repos())
                .containsExactly(new SpecFile.Repo("rookery", Optional.empty()));
        assertThat(spec.verify().policy()).isEqualTo("static");
        assertThat(spec.farm().project()).isEqualTo("app");
        assertThat(spec.images()).isEmpty();
    }

    @Test
    void keysThatBeginWithXArePassedOverEverywhere() {
        SpecFile spec =
                read(
                        """
                        version: 1
                        x-anything: {of: [any, shape, {at: all}], of: twice}
                        project: app
                        builds: [{x-note: 1, env: {x-y: 2, CGO_CFLAGS: -O2}, overrides: {x-z: 3}}]
                        platforms: [{platform: linux/amd64, x-who: me}]
                        verify: {x-a: b, run: [{x-c: d}]}
                        """);
        assertThat(spec.programs().getFirst().build().env()).containsOnlyKeys("CGO_CFLAGS");
    }

    @Test
    void aLabelMayBeginWithXAndIsKept() {
        String image = "images: [{from: app, repository: ghcr.io/a/b, labels: {x-team: a}}]\n";
        assertThat(read(SMALL + image).images().getFirst().labels()).containsOnlyKeys("x-team");
    }

    /// The agent has the same list in its own test: what is let in here must not fail there.
    @Test
    void theseFlagsMayBeGiven() {
        String flags =
                "[-v, -x, -a, -trimpath, --trimpath, -buildvcs=false, --buildvcs=false,"
                        + " -gcflags=all=-l, -asmflags=-S, -pgo=off]";
        SpecFile spec = read(SMALL.replace("[{}]", "[{flags: " + flags + "}]"));
        assertThat(spec.programs().getFirst().build().flags()).hasSize(10);
    }

    @Test
    void anAliasRepeatsWhatItsAnchorNames() {
        SpecFile spec =
                read(
                        """
                        version: 1
                        project: app
                        builds:
                          - {id: a, ldflags: &small ["-s -w"]}
                          - {id: b, ldflags: *small}
                        platforms: [linux/amd64]
                        """);
        assertThat(spec.programs().getLast().build().ldflags()).containsExactly("-s -w");
    }

    @Test
    void aFileThatGrowsWithoutEndThroughItsAliasesIsRefused() {
        var text = new StringBuilder("version: 1\nx-a: &a0 [{id: a}]\n");
        text.append("builds:\n");
        String list = "[" + "*a0, ".repeat(60) + "*a0]";
        text.append("  - tags: &t ").append(list).append('\n');
        for (int i = 0; i < 60; i++) text.append("  - tags: *t\n");
        assertThat(Cases.said(text.toString())).contains("fewer aliases");
    }

    @Test
    void aliasesThatMultiplyAreStoppedByTheNumberOfValues() {
        var text =
                new StringBuilder("version: 1\nproject: app\nplatforms: [linux/amd64]\nbuilds:\n");
        text.append("  - &b\n    id: a\n    tags: [" + "t, ".repeat(250) + "t]\n");
        text.append("    flags: [" + "-v, ".repeat(250) + "-v]\n");
        for (int i = 0; i < 60; i++) text.append("  - *b\n");
        assertThat(Cases.said(text.toString())).contains("more than 20000 values");
    }

    @Test
    void anAliasOfItselfEndsTheReading() {
        assertThat(Cases.said("builds: &b [*b]\n")).contains("found a list in place of");
        assertThat(Cases.said("&s {x-me: *s}\n")).contains("the spec has no 'version'");
    }

    @Test
    void nothingButBracketsIsRefusedAndTheStackSurvives() {
        assertThat(Cases.said("[".repeat(200_000))).contains("more than 48 deep");
        assertThat(Cases.said("{a: ".repeat(100_000))).contains("more than 48 deep");
    }

    @Test
    void aHugeFileIsNotEvenParsed() {
        assertThat(Cases.said("#".repeat(Yaml.MAX_CHARS + 1))).contains("is this the right file?");
    }

    @Test
    void aCharacterThatYamlForbidsIsNamedWithItsPlace() {
        assertThat(Cases.said("version: 1\nproject: a\u0001b\n"))
                .startsWith("rookery.yaml:2:11: the character U+0001 is not allowed");
    }

    @Test
    void noPositionOfAnyTruncatedSpecBreaksTheReader() {
        String whole = Cases.canonical();
        for (int end = 0; end <= whole.length(); end++) {
            SpecReader.Reading reading = SpecReader.read("f", whole.substring(0, end));
            assertThat(reading.spec().isEmpty()).isEqualTo(!reading.problems().isEmpty());
        }
    }

    @Test
    void aVariantIsAnotherWayToSayALevel() {
        SpecFile spec =
                read(
                        SMALL.replace(
                                "[linux/amd64]",
                                "[linux/amd64, linux/amd64/v3, linux/arm64/v8, {platform: windows/amd64, level: v2}]"));
        assertThat(spec.platforms())
                .extracting(w -> w.platform() + " " + w.level().name())
                .containsExactly(
                        "linux/amd64 v1",
                        "linux/amd64/v3 v3",
                        "linux/arm64 v8.0",
                        "windows/amd64/v2 v2");
    }

    @Test
    void theNearestOverrideIsTheOneThatCounts() {
        SpecFile spec =
                read(
                        SMALL.replace("[linux/amd64]", "[linux/amd64, linux/amd64/v3, linux/arm64]")
                                .replace(
                                        "{}",
                                        "{overrides: {linux/amd64: {tags: [any]}, linux/amd64/v3: {tags: [v3]}}}"));
        JobSpec.Build build = spec.programs().getFirst().build();
        assertThat(build.on(Platform.parse("linux/amd64")).tags()).containsExactly("any");
        assertThat(build.on(Platform.parse("linux/amd64/v3")).tags()).containsExactly("v3");
        assertThat(build.on(Platform.parse("linux/arm64")).tags()).isEmpty();
    }

    @Test
    void goodAtomsPass() {
        String atoms =
                "['net-misc/curl', '=net-misc/curl-8.5.0-r1', '>=dev-libs/openssl-3.0.15:0/3',"
                        + " '~sys-libs/zlib-1.3_p2', '=media-libs/x264-0*', 'app-arch/zstd:=',"
                        + " 'dev-db/sqlite:3::rookery[static-libs,-debug(+)]', 'x11-libs/gtk+',"
                        + " 'dev-libs/libfoo-bar-x2']";
        read(SMALL + "portage: {packages: " + atoms + "}\n");
    }

    @Test
    void templatesAreFilledWhenTheJobIsMade() {
        SpecFile spec =
                read(
                        SMALL.replace("[{}]", "[{ldflags: ['-X main.v={{version}}']}]")
                                + """
                                images:
                                  - from: app
                                    repository: ghcr.io/a/b
                                    tags: ["{{ version }}", "c-{{commit}}"]
                                    entrypoint: [/app, "--at={{commit_time}}"]
                                    labels: {v: "{{version}}"}
                                """);
        var problems = new Problems();
        JobSpec job = JobSpecs.make(spec, PACKED, problems);
        assertThat(problems.sorted()).isEmpty();
        assertThat(job.builds().getFirst().ldflags()).containsExactly("-X main.v=1.2.3");
        JobSpec.Image image = job.images().getFirst();
        assertThat(image.tags()).containsExactly("1.2.3", "c-0123456789abcdef");
        assertThat(image.entrypoint()).containsExactly("/app", "--at=2023-11-14T22:13:20Z");
        assertThat(image.labels()).containsEntry("v", "1.2.3");
    }

    @Test
    void aTagThatTheVersionMakesInvalidIsAProblemOfItsLine() {
        SpecFile spec =
                read(
                        SMALL
                                + "images: [{from: app, repository: ghcr.io/a/b, tags: ['{{version}}']}]\n");
        var problems = new Problems();
        var packed =
                new JobSpecs.Packed(
                        PACKED.tree(),
                        PACKED.modules(),
                        "1.0+build",
                        "",
                        Instant.EPOCH,
                        PACKED.repos(),
                        PACKED.config(),
                        PACKED.includes());
        JobSpecs.make(spec, packed, problems);
        assertThat(problems.sorted())
                .singleElement()
                .hasToString(
                        "rookery.yaml:5:54: '{{version}}', which becomes '1.0+build', is no image"
                                + " tag; use up to 128 letters, digits, underscores, dots and"
                                + " dashes, none of the last two first");
    }

    @Test
    void aJobOfWindowsAloneHasNoImages() {
        SpecFile spec = read(SMALL.replace("amd64]", "amd64, windows/amd64]"));
        assertThat(JobSpecs.make(spec, PACKED, new Problems()).images()).isEmpty();
    }

    @Test
    void aProblemSaidOnceIsNotSaidAgainForEveryAlias() {
        assertThat(
                        Cases.said(
                                """
                                version: 1
                                project: app
                                builds: [{id: a, tags: &t ["a b"]}, {id: b, tags: *t}]
                                platforms: [linux/amd64]
                                """))
                .hasLineCount(1);
    }

    private static SpecFile read(String text) {
        SpecReader.Reading reading = SpecReader.read("rookery.yaml", text);
        assertThat(reading.problems()).isEmpty();
        return reading.spec().orElseThrow();
    }
}
