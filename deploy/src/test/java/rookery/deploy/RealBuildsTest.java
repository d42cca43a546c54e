package rookery.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static rookery.deploy.Answers.binaries;
import static rookery.deploy.Answers.items;
import static rookery.deploy.Answers.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.json.Json;

/// Real Portage, zig, Go and QEMU, from a spec to what lies on disk. The tests stand in the order
/// in which a user would meet them; the later ones use what the earlier ones left in the farm's
/// state.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealBuildsTest {
    @TempDir static Path dir;

    private static Rookery rookery() {
        return Rookery.with(dir.resolve("state"));
    }

    @Test
    @Order(1)
    void sqliteIsStaticOnEveryPlatformAndRunsWhereItCan() throws Exception {
        Path project = Rookery.copy(Rookery.example("sqlite"), dir.resolve("sqlite"));
        var said = rookery().run(project, "build", "--output", "json", "--progress", "plain");
        assertThat(said.exit()).as(said.err()).isZero();
        Map<String, Json> binaries = binaries(said.json());
        assertThat(binaries.keySet())
                .containsExactly("linux/amd64", "linux/arm64", "linux/riscv64", "windows/amd64");
        binaries.forEach((platform, binary) -> {
            assertThat(text(binary, "verdict")).as(platform).isIn("pass", "warn");
            if (platform.startsWith("linux")) {
                assertThat(text(binary, "linkage")).as(platform).isEqualTo("static");
                assertThat(text(binary, "libc")).as(platform).isEqualTo("musl");
                assertThat(text(binary, "stdout")).as(platform).contains("3 nests, 12 eggs");
            } else {
                assertThat(text(binary, "linkage")).isEqualTo("pe-exe");
            }
        });
        otherToolsAgree(project);
    }

    private static void otherToolsAgree(Path project) throws Exception {
        Path dist = project.resolve("dist");
        assertThat(Rookery.process(dist, "sha256sum", "-c", "checksums.txt").exit()).isZero();
        for (String platform : new String[] {"amd64", "arm64", "riscv64"}) {
            String binary = dist.resolve("sqlite_linux_" + platform).resolve("sqlite").toString();
            assertThat(Rookery.process(dist, "file", "-b", binary).out())
                    .contains("statically linked");
            assertThat(Rookery.process(dist, "readelf", "-d", binary).out())
                    .contains("no dynamic section");
            assertThat(Rookery.process(dist, "readelf", "-lW", binary).out())
                    .doesNotContain("INTERP");
        }
        String index =
                Rookery.process(dist, "skopeo", "inspect", "--raw", "oci:oci/sqlite:latest").out();
        Json parsed = Json.parse(index.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(items(parsed, "manifests"))
                .extracting(m -> text(Answers.member(m, "platform"), "architecture"))
                .containsExactly("amd64", "arm64", "riscv64");
    }

    @Test
    @Order(2)
    void aSecondRunRecallsEveryStep() throws Exception {
        var said =
                rookery()
                        .run(
                                dir.resolve("sqlite"),
                                "build",
                                "--output",
                                "json",
                                "--progress",
                                "quiet");
        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(text(said.json(), "recalled")).isEqualTo(text(said.json(), "steps"));
    }

    @Test
    @Order(3)
    void threeLibrariesOfPortageLinkIntoOneProgramOnThreePlatforms() throws Exception {
        Path project = libraries(dir.resolve("libraries"));
        var said = rookery().run(project, "build", "--output", "json", "--progress", "plain");
        assertThat(said.exit()).as(said.err()).isZero();
        Map<String, Json> binaries = binaries(said.json());
        assertThat(binaries).hasSize(3);
        binaries.forEach((platform, binary) -> {
            assertThat(text(binary, "linkage")).as(platform).isEqualTo("static");
            assertThat(text(binary, "stdout"))
                    .as(platform)
                    .isEqualTo("zlib 1.2.13 c-ares 1.18.1 nghttp2 1.52.0");
        });
    }

    @Test
    @Order(4)
    void whatDoesNotCompileIsToldWithItsLineAndLeavesNothing() throws Exception {
        Path project = libraries(dir.resolve("broken"));
        Files.writeString(
                project.resolve("main.go"),
                Files.readString(project.resolve("main.go"))
                        .replace("C.zlibVersion()", "C.zlibVersionn()"));
        var said =
                rookery().run(project, "build", "--platform", "linux/amd64", "--progress", "plain");
        assertThat(said.exit()).as(said.err()).isEqualTo(10);
        assertThat(said.err()).contains("zlibVersionn").contains("whole log:");
        assertThat(project.resolve("dist")).doesNotExist();
    }

    @Test
    @Order(5)
    void aPackageThatDoesNotExistIsToldWithWhatIsNear() throws Exception {
        Path project = libraries(dir.resolve("unknown"));
        Path spec = project.resolve("rookery.yaml");
        Files.writeString(spec, Files.readString(spec).replace("sys-libs/zlib", "sys-libs/zlip"));
        var said =
                rookery().run(project, "build", "--platform", "linux/amd64", "--progress", "plain");
        assertThat(said.exit()).as(said.err()).isEqualTo(2);
        assertThat(said.err()).contains("sys-libs/zlip").contains("sys-libs/zlib");
    }

    @Test
    @Order(6)
    void aPackageOfALocalRepositoryWithAWrongHashIsRefused() throws Exception {
        Path project = libraries(dir.resolve("hash"));
        Path overlay = Files.createDirectories(project.resolve("overlay"));
        Path zlib =
                Rookery.checkout()
                        .resolve("agent/src/main/resources/rookery/portage/overlay/sys-libs/zlib");
        Path copy = Rookery.copy(zlib, Files.createDirectories(overlay.resolve("sys-libs/zlib")));
        layOutOverlay(project.resolve("overlay"));
        Path manifest = copy.resolve("Manifest");
        Files.writeString(
                manifest,
                Files.readString(manifest).replaceAll("SHA512 [0-9a-f]{8}", "SHA512 00000000"));
        Path spec = project.resolve("rookery.yaml");
        Files.writeString(
                spec,
                Files.readString(spec)
                        .replace(
                                "[sys-libs/zlib, net-dns/c-ares, net-libs/nghttp2]",
                                "[sys-libs/zlib]\n  repos: [rookery, {name: local, path: overlay}]"));
        var said =
                rookery().run(project, "build", "--platform", "linux/amd64", "--progress", "plain");
        assertThat(said.exit()).as(said.err()).isEqualTo(2);
        assertThat(said.err()).contains("SHA512").contains("Manifest");
    }

    @Test
    @Order(7)
    void aSourceThatCannotBeReachedIsToldWithEveryPlaceThatWasTried() throws Exception {
        Path project = libraries(dir.resolve("unreachable"));
        Path nest = Files.createDirectories(project.resolve("overlay/sys-libs/nest"));
        layOutOverlay(project.resolve("overlay"));
        Files.writeString(
                nest.resolve("nest-1.ebuild"),
                """
                EAPI=8
                DESCRIPTION="a library whose home is gone"
                HOMEPAGE="https://nowhere.invalid/"
                SRC_URI="https://nowhere.invalid/nest-1.tar.gz"
                LICENSE="MIT"
                SLOT="0"
                KEYWORDS="amd64 arm64 riscv"
                """);
        Files.writeString(
                nest.resolve("Manifest"),
                "DIST nest-1.tar.gz 10 BLAKE2B %1$s SHA512 %1$s\n".formatted("0".repeat(128)));
        Path spec = project.resolve("rookery.yaml");
        Files.writeString(
                spec,
                Files.readString(spec)
                        .replace(
                                "[sys-libs/zlib, net-dns/c-ares, net-libs/nghttp2]",
                                "[sys-libs/nest]\n  repos: [rookery, {name: local, path: overlay}]"));
        var said =
                rookery().run(project, "build", "--platform", "linux/amd64", "--progress", "plain");
        assertThat(said.exit()).as(said.err()).isEqualTo(21);
        assertThat(said.err()).contains("nest-1.tar.gz").contains("nowhere.invalid");
    }

    /// What makes a directory a repository named `local`, on top of ours.
    private static void layOutOverlay(Path overlay) throws Exception {
        Files.createDirectories(overlay.resolve("metadata"));
        Files.createDirectories(overlay.resolve("profiles"));
        Files.writeString(
                overlay.resolve("metadata/layout.conf"),
                "masters = rookery\nthin-manifests = true\n");
        Files.writeString(overlay.resolve("profiles/repo_name"), "local\n");
    }

    static Path libraries(Path to) throws Exception {
        Files.createDirectories(to);
        for (String name : new String[] {"rookery.yaml", "main.go.txt", "go.mod.txt"}) {
            try (var in = RealBuildsTest.class.getResourceAsStream("/libraries/" + name)) {
                if (in == null) throw new AssertionError(name);
                Files.write(to.resolve(name.replace(".txt", "")), in.readAllBytes());
            }
        }
        return to;
    }
}
