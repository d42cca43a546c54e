package rookery.oci.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds tar archives that no honest program would: every field is the test's to choose.
final class RawTar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    RawTar file(String name, String content) {
        return entry('0', name, "", content);
    }

    RawTar directory(String name) {
        return entry('5', name, "", "");
    }

    RawTar symlink(String name, String target) {
        return entry('2', name, target, "");
    }

    RawTar hardlink(String name, String target) {
        return entry('1', name, target, "");
    }

    RawTar pax(String... keysAndValues) {
        return entry('x', "pax", "", records(keysAndValues));
    }

    RawTar globalPax(String... keysAndValues) {
        return entry('g', "pax", "", records(keysAndValues));
    }

    RawTar entry(char type, String name, String link, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return header(type, name, link, bytes.length).raw(bytes).pad();
    }

    RawTar header(char type, String name, String link, long size) {
        byte[] block = new byte[512];
        put(block, 0, name);
        put(block, 100, "0004755\0");
        put(block, 124, String.format("%011o\0", size));
        put(block, 136, "00000000000\0");
        block[156] = (byte) type;
        put(block, 157, link);
        put(block, 257, "ustar\00000");
        return raw(sealed(block));
    }

    static byte[] sealed(byte[] block) {
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, String.format("%06o\0 ", sum));
        return block;
    }

    RawTar raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    RawTar pad() {
        out.writeBytes(new byte[(512 - out.size() % 512) % 512]);
        return this;
    }

    /// Ended by the two empty blocks.
    byte[] bytes() {
        return raw(new byte[1024]).cutOff();
    }

    /// As it is, without an end.
    byte[] cutOff() {
        return out.toByteArray();
    }

    private static String records(String... keysAndValues) {
        var all = new StringBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String body = " " + keysAndValues[i] + "=" + keysAndValues[i + 1] + "\n";
            int bytes = body.getBytes(StandardCharsets.UTF_8).length;
            int length = bytes + Integer.toString(bytes).length();
            all.append(bytes + Integer.toString(length).length()).append(body);
        }
        return all.toString();
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }
}
