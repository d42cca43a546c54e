package rookery.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.files.Inspector;

/// Policies of one's own, and the C libraries that they may speak of.
class RulesTest {
    private static final Expectation AMD64 = Expectation.of("linux/amd64");

    @TempDir static Path dir;
    private static Report report;

    /// A program that holds what the libraries themselves leave in a stripped program.
    @BeforeAll
    static void build() throws IOException {
        Tools tools = new Tools(dir);
        tools.write(
                "texts.c",
                """
                #include <stdio.h>
                #include <netdb.h>
                static const char *texts[] = {
                    "OpenSSL 3.0.7 1 Nov 2022", " deflate 1.2.13 Copyright 1995-2022 Jean-loup Gailly",
                    "libcurl/7.88.1", "SQLite format 3", "3.40.1", "expat_2.5.0",
                    "Restored data doesn't match checksum", "1.5.4",
                    "The user callback function failed due to the temporal error", "1.52.0",
                    "OpenSSL was here", "9.9.9"};
                int main(int n, char **v) {
                  struct addrinfo *a;
                  for (int i = 0; i < 12; i++) puts(texts[i]);
                  return getaddrinfo(v[0], 0, 0, &a);
                }
                """);
        report =
                Inspector.inspect(
                        tools.compile("texts", "gcc", "-w", "-O1", "-static", "-s", "texts.c"));
    }

    private static List<String> judged(String rules) {
        Verdict verdict = Rules.parse(rules).judge(report, AMD64);
        return verdict.reasons().stream()
                .map(f -> Output.word(f.severity()) + " " + f.id() + ": " + f.evidence())
                .toList();
    }

    private static final class Output {
        static String word(Finding.Severity severity) {
            return severity == Finding.Severity.FAIL ? "fail" : "warn";
        }
    }

    @Test
    void librariesAreKnownByTheirOwnWordsWithThePlace() throws IOException {
        assertThat(report.libraries().stream().map(l -> l.name() + " " + l.version()))
                .containsExactly(
                        "openssl 3.0.7",
                        "zlib 1.2.13",
                        "curl 7.88.1",
                        "expat 2.5.0",
                        "sqlite 3.40.1",
                        "nghttp2 1.52.0",
                        "zstd 1.5.4");
        byte[] bytes = java.nio.file.Files.readAllBytes(dir.resolve("texts"));
        for (Library library : report.libraries()) {
            String there =
                    new String(
                            bytes,
                            (int) library.offsetBytes(),
                            library.version().length(),
                            java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(there).isEqualTo(library.version());
        }
    }

    @Test
    void compilersAreKnownByWhatTheyLeave() {
        assertThat(report.compilers()).anySatisfy(c -> assertThat(c).startsWith("GCC: "));
    }

    @Test
    void aRuleMayAllowWhatTheBaseWarnsOf() {
        assertThat(judged("base scratch")).hasSize(1).first().asString().contains("glibc-nss");
        assertThat(judged("base scratch\nallow glibc-nss because resolv.conf is mounted"))
                .isEmpty();
    }

    @Test
    void aRuleMayDenyWithItsReason() {
        assertThat(judged("# ours\nbase static\ndeny glibc-nss because names are not ours"))
                .singleElement()
                .asString()
                .startsWith("fail glibc-nss: ")
                .endsWith("(names are not ours)");
    }

    @Test
    void aLibraryMayBeDeniedByVersion() {
        assertThat(judged("base static\ndeny library openssl below 3.0.8 because of CVE-2023-0286"))
                .singleElement()
                .asString()
                .contains("denied-library", "openssl 3.0.7 at byte ", "CVE-2023-0286");
        assertThat(judged("base static\ndeny library openssl below 3.0.7 because it is old"))
                .isEmpty();
        assertThat(judged("base static\ndeny library sqlite because it is a database")).hasSize(1);
    }

    @Test
    void libcAndLinkageMayBeRequired() {
        assertThat(judged("base static\nrequire libc musl because we ship it"))
                .singleElement()
                .asString()
                .contains("not-as-required", "is glibc, not musl");
        assertThat(judged("base static\nrequire linkage static static-pie because scratch"))
                .isEmpty();
    }

    @Test
    void aLineThatMakesNoSenseIsNamedByItsNumber() {
        assertThatThrownBy(() -> Rules.parse("base scratch\ndeny glibc-nss"))
                .hasMessageContaining("line 2: a rule ends with 'because'");
        assertThatThrownBy(() -> Rules.parse("deny everything because no"))
                .hasMessageContaining("line 1: 'everything' is no finding");
        assertThatThrownBy(() -> Rules.parse("forbid x because y"))
                .hasMessageContaining("'forbid' is no rule");
        assertThatThrownBy(() -> Rules.parse("base best"))
                .hasMessageContaining("'best' is no policy");
    }

    @Test
    void versionsAreComparedByNumber() {
        assertThat(Versions.compare("3.0.9", "3.0.10")).isNegative();
        assertThat(Versions.compare("1.1.1k", "1.1.1w")).isNegative();
        assertThat(Versions.compare("1.26", "1.26.0")).isZero();
        assertThat(Versions.compare("1.26.8", "1.9")).isPositive();
    }
}
