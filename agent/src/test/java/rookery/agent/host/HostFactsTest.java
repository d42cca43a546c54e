package rookery.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.model.AgentFacts;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.oci.Digest;

class HostFactsTest {
    @TempDir Path directory;

    @Test
    void theFactsNameTheMachine() throws Exception {
        Path go = Files.createDirectory(directory.resolve("go"));
        Files.writeString(go.resolve("VERSION"), "go1.26.8\ntime 2026-08-28T16:20:06Z\n");
        var toolchain = PortableToolchain.load();
        AgentFacts facts = HostFacts.gather(go, toolchain, 2, new TreeSet<>(), directory);
        assertThat(facts.goVersion()).isEqualTo("go1.26.8");
        assertThat(facts.cores()).isPositive();
        assertThat(facts.memoryBytes()).isGreaterThan(1L << 27);
        assertThat(facts.toolchains()).containsEntry(Toolchain.PORTABLE, toolchain.identity());
        assertThat(facts.emulators())
                .containsEntry(facts.buildArchitecture(), new Digest("0".repeat(64)));
        assertThat(Target.all()).anyMatch(HostFacts::isOwn);
    }

    @Test
    void aMissingGoIsTheHostsFaultAndSaysWhatToDo() {
        assertThatThrownBy(() ->
                        HostFacts.gather(
                                directory.resolve("none"),
                                PortableToolchain.load(),
                                1,
                                new TreeSet<>(),
                                directory))
                .isInstanceOfSatisfying(
                        RookeryException.class, e -> assertThat(e.blame()).isEqualTo(Blame.HOST))
                .hasMessageContaining("ROOKERY_GOROOT");
    }

    @Test
    void theFingerprintIsTheSameWithAndWithoutItsCache() throws Exception {
        Path cache = directory.resolve("tools");
        Digest first = HostTools.fingerprint(cache);
        assertThat(HostTools.fingerprint(cache)).isEqualTo(first);
        Files.writeString(cache, "spoilt\nsha256:zz 1 2 3 /usr/bin/sh\n");
        assertThat(HostTools.fingerprint(cache)).isEqualTo(first);
    }

    @Test
    void theFingerprintBelievesItsCacheOnlyForAnUnchangedFile() throws Exception {
        Path cache = directory.resolve("tools");
        Digest first = HostTools.fingerprint(cache);
        String forged =
                Files.readString(cache)
                        .replaceAll("sha256:[0-9a-f]{64}", "sha256:" + "0".repeat(64));
        Files.writeString(cache, forged);
        assertThat(HostTools.fingerprint(cache)).isNotEqualTo(first);
        Files.writeString(cache, forged.replaceAll("(?m)^(\\S+ \\S+) \\S+", "$1 1"));
        assertThat(HostTools.fingerprint(cache)).isEqualTo(first);
    }

    @Test
    void theSetUpScriptAndTheRequirementsPinTheSameVersions() throws Exception {
        Path to = directory.resolve("setup");
        PortableToolchain.load().extract(to);
        assertThat(Files.readString(to.resolve("setup-prefix.sh")))
                .contains(PortableToolchain.PORTAGE)
                .contains(PortableToolchain.ZIG);
        assertThat(Files.readString(to.resolve("requirements.txt")))
                .containsPattern(
                        "portage==" + PortableToolchain.PORTAGE + " \\\\\n    --hash=sha256:")
                .containsPattern("ziglang==" + PortableToolchain.ZIG + " \\\\\n    --hash=sha256:");
        assertThat(to.resolve("prefix/usr/libexec/rookery/cc")).isExecutable();
    }
}
