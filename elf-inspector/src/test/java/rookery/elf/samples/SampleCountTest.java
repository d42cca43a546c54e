package rookery.elf.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The tables as a whole.
class SampleCountTest {
    private static final int ENOUGH = 100;

    @Test
    void thereAreEnoughSamplesAndEachHasANameOfItsOwn() {
        List<String> names =
                List.of(
                                new GlibcSamplesTest(),
                                new MuslSamplesTest(),
                                new CrossSamplesTest(),
                                new GoTableTest(),
                                new ZigSamplesTest(),
                                new DamagedSamplesTest())
                        .stream()
                        .flatMap(table -> table.names().stream())
                        .toList();
        assertThat(names).hasSizeGreaterThanOrEqualTo(ENOUGH).doesNotHaveDuplicates();
    }
}
