package rookery.agent.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import rookery.model.Limits;

class ExcerptTest {
    private static List<String> log(int before, String error, int after) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < before; i++) lines.add("checking whether x" + i + " works... no");
        lines.add(error);
        for (int i = 0; i < after; i++) lines.add("and so on " + i);
        lines.add(" * ERROR: net-misc/curl-8 failed (compile phase)");
        return lines;
    }

    @Test
    void theFirstRealErrorAndTheEndAreShown() {
        List<String> excerpt = Excerpt.of(log(500, "main.c:3:1: error: unknown type 'flot'", 500));
        assertThat(excerpt)
                .hasSizeLessThanOrEqualTo(Limits.EXCERPT_LINES)
                .contains("main.c:3:1: error: unknown type 'flot'", "[…]")
                .endsWith(" * ERROR: net-misc/curl-8 failed (compile phase)");
    }

    @Test
    void whatConfigureOnlyTriesIsNoError() {
        assertThat(Excerpt.firstError(log(3, "ld.lld: undefined symbol: inflateInit2_", 1)))
                .isEqualTo("ld.lld: undefined symbol: inflateInit2_");
        assertThat(
                        Excerpt.firstError(
                                List.of(
                                        "checking for error: x... no",
                                        "gcc -Werror -c x.c",
                                        "last")))
                .isEqualTo("last");
    }

    @Test
    void coloursProgressAndControlCharactersAreTakenOut() {
        assertThat(Excerpt.of(List.of("\u001b[31merror:\u001b[0m bad\u0007", "10%\r20%\rdone")))
                .containsExactly("error: bad?", "done");
    }

    @Test
    void nothingSaidIsSaid() {
        assertThat(Excerpt.firstError(List.of())).isEqualTo("it said nothing");
        assertThat(Excerpt.of(List.of())).isEmpty();
    }

    @Test
    void aProxyListLosesWhatIsNoProxy() {
        assertThat(ModuleProxy.withoutDirect("https://a.example,direct"))
                .isEqualTo("https://a.example");
        assertThat(ModuleProxy.withoutDirect("https://a|https://b|off"))
                .isEqualTo("https://a|https://b");
        assertThat(ModuleProxy.withoutDirect("direct")).isEmpty();
    }
}
