package rookery.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A simulation that is silent proves nothing: each small mistake in the farm must make it speak.
class MutantsTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("basedir", ".")).resolve("..");
    private static final int AT_LEAST = 25;
    private static final int SEEDS = 400;

    static List<Mutant> harmful() throws IOException {
        return Mutant.all().stream().filter(m -> m.harmless().isEmpty()).toList();
    }

    static Stream<Mutant> harmless() throws IOException {
        return Mutant.all().stream().filter(m -> m.harmless().isPresent());
    }

    @ParameterizedTest
    @MethodSource("harmful")
    void theSimulationNotices(Mutant mutant) throws IOException, ReflectiveOperationException {
        Optional<String> noticed = Bred.search(mutant, CHECKOUT, 0, SEEDS);
        System.out.println("mutant " + mutant.name() + ": " + noticed.orElse("NOT NOTICED"));
        assertThat(noticed).as(mutant.name()).isPresent();
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void aHarmlessOneStillFitsTheSource(Mutant mutant) throws IOException {
        assertThat(mutant.in(CHECKOUT)).isNotEmpty();
    }

    @Test
    void thereAreEnough() throws IOException {
        assertThat(harmful().size()).isGreaterThanOrEqualTo(AT_LEAST);
    }
}
