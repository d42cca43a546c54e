package rookery.deploy.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import rookery.oci.Platform;

/// The smallest static programs that the gate lets through: a header, one loaded segment, a stack
/// that is not executable, and a text that makes each one another.
final class TinyElf {
    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final int SEGMENTS = 2;
    private static final long BASE = 0x400000;

    private TinyElf() {}

    static byte[] of(Platform platform, String text) {
        byte[] tail = text.getBytes(UTF_8);
        int size = HEADER + SEGMENTS * SEGMENT + tail.length;
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        out.putShort((short) 2).putShort(machine(platform)).putInt(1);
        out.putLong(BASE + HEADER + SEGMENTS * SEGMENT).putLong(HEADER).putLong(0);
        out.putInt(flags(platform)).putShort((short) HEADER).putShort((short) SEGMENT);
        out.putShort((short) SEGMENTS).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        segment(out, 1, 5, BASE, size, 0x10000);
        segment(out, 0x6474e551, 6, 0, 0, 16);
        return out.put(tail).array();
    }

    private static void segment(
            ByteBuffer out, int type, int rights, long address, long size, long align) {
        out.putInt(type).putInt(rights).putLong(0).putLong(address).putLong(address);
        out.putLong(size).putLong(size).putLong(align);
    }

    private static short machine(Platform platform) {
        return (short)
                switch (platform.architecture()) {
                    case "amd64" -> 62;
                    case "arm64" -> 183;
                    case "riscv64" -> 243;
                    default -> throw new IllegalArgumentException("no program for " + platform);
                };
    }

    private static int flags(Platform platform) {
        // riscv64: compressed instructions and the double-float ABI.
        return platform.architecture().equals("riscv64") ? 5 : 0;
    }
}
