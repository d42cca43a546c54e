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
    private static final int ARCHIVES = 20;
    private static final int FEWEST_FILES = 100;
    private static final long MAX_FILE_BYTES = 1 << 20;

    @TempDir static Path dir;
    private static Trees some = new Trees(List.of(), List.of());

    @BeforeAll
    static void choose() throws IOException {
        Trees all = Trees.below(List.of(Path.of("/usr/bin"), Path.of("/usr/lib")), MAX_FILE_BYTES);
        some = new Trees(some(all.elf(), FILES), some(all.archives(), ARCHIVES));
        assertThat(some.elf()).hasSizeGreaterThan(FEWEST_FILES);
    }

    private static List<Path> some(List<Path> all, int wanted) {
        double step = Math.max(1.0, (double) all.size() / wanted);
        List<Path> some = new ArrayList<>();
        for (double i = 0; i < all.size(); i += step) {
            some.add(all.get((int) i));
        }
        return some;
    }

    @Test
    void everyFactIsReadelfs() throws Exception {
        assertThat(Corpus.compare(new Tools(dir), Tool.READELF, some).unexplained()).isEmpty();
    }

    @Test
    void everyFactIsEuReadelfs() throws Exception {
        assertThat(Corpus.compare(new Tools(dir), Tool.EU_READELF, some).unexplained()).isEmpty();
    }

    @Test
    void aFactThatDiffersIsADisagreementWithBothSides() {
        var ours = new Facts();
        ours.add(Facts.Kind.SYMBOLS, "symbol 10 4 2 1 0 malloc@GLIBC_2.2.5");
        var theirs = new Facts();
        theirs.add(Facts.Kind.SYMBOLS, "symbol 10 4 2 1 0 malloc");
        var differences = new Differences();
        differences.compare(Tool.READELF, "/bin/x", ours, theirs);
        assertThat(differences.unexplained())
                .containsExactly(
                        """
                        readelf /bin/x
                          ours   symbol 10 4 2 1 0 malloc@GLIBC_2.2.5
                          theirs symbol 10 4 2 1 0 malloc\
                        """);
    }

    @Test
    void whatAToolPrintsInWordsIsNotCompared() {
        assertThat(Facts.agree("dynamic 1e 8", "dynamic 1e *")).isTrue();
        assertThat(Facts.agree("dynamic 1e 8", "dynamic 18 *")).isFalse();
    }
}
