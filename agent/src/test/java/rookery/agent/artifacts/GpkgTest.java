package rookery.agent.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.Digest;
import rookery.oci.archive.GzipWriter;
import rookery.oci.archive.TarWriter;

class GpkgTest {
    @TempDir Path directory;

    private interface Content {
        void write(TarWriter tar) throws IOException;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] tar(long time, TarWriter.Order order, Content content)
            throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarWriter(out, Instant.ofEpochSecond(time), order)) {
            content.write(tar);
        }
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] data) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GzipWriter(out)) {
            gzip.write(data);
        }
        return out.toByteArray();
    }

    private Digest identity(long time, String use, byte[] library, boolean reversed)
            throws IOException {
        return identity(time, use, library, reversed, "compile install", "");
    }

    private Digest identity(
            long time, String use, byte[] library, boolean reversed, String phases, String ebuild)
            throws IOException {
        byte[] metadata =
                tar(
                        time,
                        TarWriter.Order.AS_GIVEN,
                        t -> {
                            t.file("metadata/BUILD_TIME", 0644, bytes(time + "\n"));
                            t.file("metadata/zlib-1.ebuild", 0644, bytes(ebuild));
                            t.file("metadata/DEFINED_PHASES", 0644, bytes(phases));
                            t.file("metadata/USE", 0644, bytes(use));
                            t.file("metadata/SLOT", 0644, bytes("0/1\n"));
                            t.file("metadata/environment.bz2", 0644, bytes("saved at " + time));
                        });
        byte[] image =
                tar(
                        time,
                        TarWriter.Order.AS_GIVEN,
                        t -> {
                            t.directory("image/usr", 0755);
                            if (reversed) t.file("image/usr/z.h", 0644, bytes("z"));
                            t.file("image/usr/libz.a", 0644, library);
                            if (!reversed) t.file("image/usr/z.h", 0644, bytes("z"));
                            t.symlink("image/usr/libz.so", "libz.a");
                        });
        byte[] whole =
                tar(
                        time,
                        TarWriter.Order.AS_GIVEN,
                        t -> {
                            t.file("zlib-1/gpkg-1", 0644, new byte[0]);
                            t.file("zlib-1/metadata.tar.gz", 0644, gzip(metadata));
                            t.file("zlib-1/image.tar.gz", 0644, gzip(image));
                            t.file("zlib-1/Manifest", 0644, bytes("DATA " + time));
                        });
        return Gpkg.identity(Files.write(directory.resolve("zlib-1.gpkg.tar"), whole));
    }

    @Test
    void timesCountersAndOrderDoNotCount() throws IOException {
        Digest first = identity(1_000, "static-libs", bytes("code"), false);
        assertThat(identity(2_000, " static-libs \n", bytes("code"), true)).isEqualTo(first);
    }

    @Test
    void everyInstalledByteAndTheUseFlagsCount() throws IOException {
        Digest first = identity(1_000, "static-libs", bytes("code"), false);
        assertThat(identity(1_000, "static-libs", bytes("cope"), false)).isNotEqualTo(first);
        assertThat(identity(1_000, "", bytes("code"), false)).isNotEqualTo(first);
    }

    @Test
    void anEbuildCountsIfItActsWhileItsPackageIsInstalled() throws IOException {
        byte[] code = bytes("code");
        assertThat(identity(1_000, "", code, false, "compile", "a"))
                .isEqualTo(identity(1_000, "", code, false, "compile", "b"));
        assertThat(identity(1_000, "", code, false, "compile postinst\n", "a"))
                .isNotEqualTo(identity(1_000, "", code, false, "compile postinst\n", "b"));
    }

    @Test
    void aFileThatIsNoPackageIsRefused() throws IOException {
        Path file = directory.resolve("x.gpkg.tar");
        Files.write(
                file, tar(0, TarWriter.Order.SORTED, t -> t.file("x/gpkg-1", 0644, new byte[0])));
        assertThatThrownBy(() -> Gpkg.identity(file)).hasMessageContaining("has no image.tar");
        Files.writeString(file, "not a tar at all");
        assertThatThrownBy(() -> Gpkg.identity(file)).isInstanceOf(IOException.class);
    }
}
