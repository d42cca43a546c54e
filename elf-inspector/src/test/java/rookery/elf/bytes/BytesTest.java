package rookery.elf.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesTest {
    private static Input input(byte[] bytes, Budget.Limits limits) {
        return new Input(Source.of(MemorySegment.ofArray(bytes)), new Budget(limits));
    }

    private static Input input(String text) {
        return input(text.getBytes(StandardCharsets.ISO_8859_1), Budget.VERDICT);
    }

    @Test
    void aRangeThatWrapsAroundIsOutside() {
        Input input = input("0123456789");
        for (long[] range :
                new long[][] {
                    {-1, 1}, {0, -1}, {5, Long.MAX_VALUE}, {Long.MAX_VALUE, 5}, {11, 0}
                }) {
            assertThatThrownBy(() -> input.view(range[0], range[1], ByteOrder.BIG_ENDIAN))
                    .isInstanceOf(UnreadableException.class);
        }
        assertThat(input.view(10, 0, ByteOrder.BIG_ENDIAN).sizeBytes()).isZero();
    }

    @Test
    void anErrorNamesTheOffsetInTheFile() {
        View view = input("0123456789").view(4, 4, ByteOrder.BIG_ENDIAN);
        assertThatThrownBy(() -> view.u32(2))
                .isInstanceOfSatisfying(
                        UnreadableException.class, e -> assertThat(e.offsetBytes()).isEqualTo(6));
    }

    @Test
    void numbersAreReadInTheirOrder() {
        Input input = input("\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u00ff");
        assertThat(input.view(0, 8, ByteOrder.BIG_ENDIAN).u16(1)).isEqualTo(0x0203);
        assertThat(input.view(0, 8, ByteOrder.LITTLE_ENDIAN).u32(4)).isEqualTo(0xff070605L);
        assertThat(input.view(0, 8, ByteOrder.LITTLE_ENDIAN).u64(0)).isNegative();
    }

    @Test
    void namesAreReadAcrossTheWindowsOfATable() {
        String text = "\0" + "a".repeat(10_000) + "\0b\0";
        for (StringTable table :
                List.of(
                        StringTable.sparse(input(text), 0, text.length()),
                        StringTable.whole(input(text), 0, text.length()))) {
            assertThat(table.at(10_002)).isEqualTo("b");
            assertThat(table.at(9_999)).isEqualTo("aa");
            assertThat(table.at(1)).hasSize(StringTable.MAX_NAME_BYTES);
            assertThat(table.at(0)).isEmpty();
            assertThatThrownBy(() -> table.at(text.length()))
                    .isInstanceOf(UnreadableException.class);
            assertThatThrownBy(() -> table.at(-1)).isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void namesAreCopiedOnlyAsLongAsTheBudgetLasts() {
        byte[] text = "abcdefgh".getBytes(StandardCharsets.ISO_8859_1);
        StringTable table =
                StringTable.sparse(
                        input(text, new Budget.Limits(100, 100, 20, 20)), 0, text.length);
        table.at(0);
        table.at(0);
        table.at(1);
        assertThatThrownBy(() -> table.at(2)).hasMessageContaining("20 bytes of names");
    }

    @Test
    void aPatternIsFoundWhereTwoWindowsMeet() {
        String filler = "x".repeat((256 << 10) - 2);
        Input input = input(filler + "MARK" + filler + "MARK");
        PatternSearch search = new PatternSearch(List.of("MARK", "ABSENT", "xM"));
        search.search(input, 0, input.sizeBytes());
        assertThat(search.firstAt("MARK")).hasValue(filler.length());
        assertThat(search.firstAt("xM")).hasValue(filler.length() - 1);
        assertThat(search.firstAt("ABSENT")).isEmpty();
    }

    @Test
    void everyPlaceOfEveryPatternIsFoundInOrder() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            String text = letters(random, (256 << 10) * (round % 50 == 0 ? 1 : 0) + 300);
            List<String> patterns = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                patterns.add(letters(random, 2 + round % 5 + random.nextInt(6)));
            }
            Input input = input(text);
            PatternSearch search = new PatternSearch(patterns.stream().distinct().toList());
            long from = random.nextInt(9);
            search.search(input, from, input.sizeBytes() - from);
            for (String pattern : patterns) {
                assertThat(search.places(pattern)).isEqualTo(places(text, pattern, (int) from));
            }
            search.forget();
            assertThat(search.places(patterns.getFirst())).isEmpty();
        }
    }

    private static String letters(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }

    private static List<Long> places(String text, String pattern, int from) {
        List<Long> places = new ArrayList<>();
        for (int at = text.indexOf(pattern, from);
                at >= 0 && places.size() < 64;
                at = text.indexOf(pattern, at + 1)) {
            places.add((long) at);
        }
        return places;
    }

    @Test
    void anArrayReadsAsOtherMemoryDoes() {
        byte[] bytes = new byte[64];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 37 + 129);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment elsewhere = arena.allocate(48);
            elsewhere.copyFrom(MemorySegment.ofArray(bytes).asSlice(7, 48));
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                View other = new View(elsewhere, 100, order);
                for (View array :
                        List.of(
                                View.of(bytes, 7, 48, 100, order),
                                new View(
                                        MemorySegment.ofArray(bytes).asSlice(7, 48), 100, order))) {
                    assertThat(array.fileOffset(1)).isEqualTo(101);
                    for (int at = 0; at <= 40; at++) {
                        assertThat(array.u8(at)).isEqualTo(other.u8(at));
                        assertThat(array.u16(at)).isEqualTo(other.u16(at));
                        assertThat(array.u32(at)).isEqualTo(other.u32(at));
                        assertThat(array.u64(at)).isEqualTo(other.u64(at));
                    }
                    assertThat(array.bytes(3, 9)).isEqualTo(other.bytes(3, 9));
                    assertThat(array.text(3, 9)).isEqualTo(other.text(3, 9));
                    assertThatThrownBy(() -> array.u64(41)).hasMessageContaining("byte 141");
                    assertThatThrownBy(() -> array.u16(48)).hasMessageContaining("byte 148");
                }
            }
        }
    }
}
