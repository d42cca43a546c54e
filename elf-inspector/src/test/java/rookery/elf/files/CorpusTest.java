package rookery.elf.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.Tools;

/// A part of this machine's files, in full depth, against both readelfs; [Corpus] as a program
/// takes all of them.
class CorpusTest {
    private static final int FILES = 250;
    private static final int FEWEST_FILES = 100;
    private static final long MAX_FILE_BYTES = 1 << 20;

    @TempDir static Path dir;
    private static final List<Path> SOME = new ArrayList<>();

    @BeforeAll
    static void choose() throws IOException {
        List<Path> all = new ArrayList<>(Corpus.elfFiles(Path.of("/usr/bin"), MAX_FILE_BYTES));
        all.addAll(Corpus.elfFiles(Path.of("/usr/lib"), MAX_FILE_BYTES));
        double step = Math.max(1.0, (double) all.size() / FILES);
        for (double i = 0; i < all.size(); i += step) {
            SOME.add(all.get((int) i));
        }
        assertThat(SOME).hasSizeGreaterThan(FEWEST_FILES);
    }

    @Test
    void everyFactIsReadelfs() throws IOException {
        assertThat(Corpus.compare(new Tools(dir), Corpus.Tool.READELF, SOME).disagreements())
                .isEmpty();
    }

    @Test
    void everyFactIsEuReadelfs() throws IOException {
        assertThat(Corpus.compare(new Tools(dir), Corpus.Tool.EU_READELF, SOME).disagreements())
                .isEmpty();
    }
}
