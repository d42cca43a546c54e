package rookery.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"linux/amd64", "linux/arm64/v8", "linux/amd64/v3", "windows/amd64"})
    void aPlatformPrintsAsItWasRead(String text) {
        assertThat(Platform.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "linux",
                "linux/",
                "/amd64",
                "linux/amd64/",
                "linux//v8",
                "Linux/amd64",
                " linux/amd64",
                "linux/amd64 ",
                "linux/arm64/v8/x",
                "linux/../x",
                "linux/a\nb",
                "linux/é",
            })
    void whatIsNoPlatformIsRefused(String text) {
        assertThatThrownBy(() -> Platform.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256:", "sha256:ABC", "sha512:00", "0123", "sha256:zz"})
    void whatIsNoDigestIsRefused(String text) {
        assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDigestOfNothingIsTheWellKnownOne() {
        assertThat(Digest.of(new byte[0]))
                .hasToString(
                        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void annotationsAreSortedByKey() {
        var values = new TreeMap<String, String>(java.util.Comparator.reverseOrder());
        values.put("a", "1");
        values.put("b", "2");
        assertThat(new Annotations(values).values().keySet()).containsExactly("a", "b");
    }

    @Test
    void attestationsAreNoPlatforms() {
        var blob = Blob.of(new byte[1]);
        var index =
                Index.of(
                        List.of(
                                blob.as(MediaType.MANIFEST).on(Platform.of("unknown", "unknown")),
                                blob.as(MediaType.MANIFEST).on(Platform.of("linux", "amd64"))));
        assertThat(index.platforms()).containsExactly(Platform.of("linux", "amd64"));
    }

    @Test
    void hostileTextIsShortAndHarmlessInAMessage() {
        String clipped = Printable.clip("\u001b]52;c;x\u0007\u202e" + "a".repeat(1000));
        assertThat(clipped).startsWith("?]52;c;x??").hasSize(Printable.MAX_CHARS + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".x", "-x", "a/b", "a:b", "a b", "ü"})
    void whatIsNoTagIsRefused(String text) {
        assertThatThrownBy(() -> Tag.check(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
