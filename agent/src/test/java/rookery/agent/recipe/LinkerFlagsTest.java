package rookery.agent.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkerFlagsTest {
    private static final String OURS = " -linkmode external -extldflags -static -buildid= -B 0xab";

    @Test
    void theFarmsFlagsComeLast() {
        assertThat(LinkerFlags.join(List.of("-s -w", "-X main.version=1"), "0xab"))
                .isEqualTo("-s -w -X main.version=1" + OURS);
    }

    @Test
    void blanksAndQuotesOfTheUserSurvive() {
        assertThat(LinkerFlags.join(List.of("-X 'main.say=a \"word\" or two'"), "0xab"))
                .isEqualTo("-X 'main.say=a \"word\" or two'" + OURS);
    }

    @Test
    void theUsersOwnFlagsForTheCLinkerAreKeptBeforeStatic() {
        assertThat(
                        LinkerFlags.join(
                                List.of(
                                        "-linkmode external -extldflags \"-static -lm\"",
                                        "--extldflags=-Wl,-z,now"),
                                "0xab"))
                .isEqualTo(
                        "-linkmode external -linkmode external -extldflags \"-static -lm -Wl,-z,now -static\" -buildid= -B 0xab");
    }

    @Test
    void anEmptyValueStaysAWord() {
        assertThat(LinkerFlags.split("-X ''")).containsExactly("-X", "");
    }

    @Test
    void aQuoteThatIsNeverClosedIsTheSpecsFault() {
        assertThatThrownBy(() -> LinkerFlags.split("-X 'a")).hasMessageContaining("never close");
    }
}
