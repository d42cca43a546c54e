package rookery.coordinator.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import rookery.coordinator.web.Hostile;

class LogTextTest {
    private static final String ESC = "\u001b";

    @Test
    void whateverABuildPrintsBecomesVisibleTextAndKnownClasses() {
        assertThat(Hostile.strings()).hasSizeGreaterThanOrEqualTo(60);
        for (String hostile : Hostile.strings()) {
            for (LogLine line : LogText.lines(List.of(hostile))) {
                for (LogLine.Run run : line.runs()) {
                    assertThat(run.classes())
                            .matches(
                                    "(([fb](\\d|1[0-5])|bold|faint|ital|under|inv|odd|cut)( (?!$)|$))*");
                    assertThat(run.text().codePoints().filter(c -> c != '\t'))
                            .as("of %s", hostile)
                            .noneMatch(Clean::isOdd);
                }
            }
        }
    }

    @Test
    void coloursBecomeClasses() {
        assertThat(one(ESC + "[1;31mred" + ESC + "[0m plain " + ESC + "[92mgreen"))
                .containsExactly(
                        new LogLine.Run("f1 bold", "red"),
                        new LogLine.Run("", " plain "),
                        new LogLine.Run("f10", "green"));
    }

    @Test
    void aColourLastsOverTheEndOfALine() {
        var text = new LogText();
        text.next((ESC + "[33mone\n").getBytes(UTF_8));
        assertThat(text.next("two\n".getBytes(UTF_8)).getFirst().runs())
                .containsExactly(new LogLine.Run("f3", "two"));
    }

    @Test
    void extendedColoursTakeTheirParametersWithThem() {
        assertThat(one(ESC + "[38;5;1ma" + ESC + "[0;38;2;1;4;7mb" + ESC + "[0;38;5;200;1mc"))
                .containsExactly(
                        new LogLine.Run("f1", "a"),
                        new LogLine.Run("", "b"),
                        new LogLine.Run("bold", "c"));
    }

    @Test
    void otherEscapeSequencesAreDroppedAndTheirTextStays() {
        assertThat(
                        plain(
                                ESC
                                        + "]8;;javascript:x"
                                        + ESC
                                        + "\\click"
                                        + ESC
                                        + "]8;;"
                                        + ESC
                                        + "\\ here"))
                .isEqualTo("click here");
        assertThat(plain(ESC + "[2J" + ESC + "[Hstays")).isEqualTo("stays");
        assertThat(plain(ESC + "]52;c;AAAA\u0007stays")).isEqualTo("stays");
        assertThat(plain("\u009d0;title\u009cstays")).isEqualTo("stays");
    }

    @Test
    void whatCannotBeSeenIsShownByItsNumber() {
        assertThat(one("a\u202Eb"))
                .containsExactly(
                        new LogLine.Run("", "a"),
                        new LogLine.Run("odd", "U+202E"),
                        new LogLine.Run("", "b"));
    }

    @Test
    void aProgressBarIsItsLastState() {
        assertThat(plain("10%\r50%\r100%\r")).isEqualTo("100%");
    }

    @Test
    void aLineOfAHundredMegabytesIsCutLoudlyAndHeldInOneBuffer() {
        var text = new LogText();
        byte[] part = "x".repeat(1 << 20).getBytes(UTF_8);
        for (int i = 0; i < 100; i++) assertThat(text.next(part)).isEmpty();
        LogLine line = text.next("\nnext\n".getBytes(UTF_8)).getFirst();
        assertThat(line.runs().getFirst().text()).hasSize(LogText.LINE_BYTES);
        assertThat(line.runs().getLast())
                .isEqualTo(
                        new LogLine.Run(
                                "cut", "… and 100.0 MiB more on this line; see the whole log"));
    }

    @Test
    void bytesThatAreNoUtf8AreShownAsSuch() {
        var text = new LogText();
        assertThat(text.next(new byte[] {'a', (byte) 0xff, 'b', '\n'}).getFirst().runs())
                .containsExactly(new LogLine.Run("", "a\uFFFDb"));
    }

    @Test
    void aCharacterThatArrivesInTwoPiecesIsOne() {
        var text = new LogText();
        byte[] euro = "€\n".getBytes(UTF_8);
        assertThat(text.next(new byte[] {euro[0]})).isEmpty();
        assertThat(text.next(new byte[] {euro[1], euro[2], euro[3]}).getFirst().runs())
                .containsExactly(new LogLine.Run("", "€"));
    }

    @Test
    void theEndOfALongLogBeginsWithAWholeLine() {
        LogTail tail = LogTail.of("rest of one\ntwo\nthr".getBytes(UTF_8), 100, false);
        assertThat(tail.lines()).hasSize(1);
        assertThat(tail.from()).isEqualTo(112);
        assertThat(tail.to()).as("the unfinished line is read again").isEqualTo(116);
        assertThat(LogTail.of("rest of one\ntwo\nthr".getBytes(UTF_8), 100, true).lines())
                .hasSize(2);
    }

    @Test
    void aLogOfEmptyLinesIsShownInPart() {
        LogTail tail = LogTail.of("\n".repeat(100_000).getBytes(UTF_8), 0, true);
        assertThat(tail.lines()).hasSize(4_001);
        assertThat(tail.lines().getFirst().runs().getFirst().text())
                .isEqualTo("96000 lines left out here");
    }

    private static List<LogLine.Run> one(String line) {
        return LogText.lines(List.of(line)).getFirst().runs();
    }

    private static String plain(String line) {
        return one(line).stream().map(LogLine.Run::text).collect(Collectors.joining());
    }
}
