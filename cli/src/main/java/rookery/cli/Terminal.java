package rookery.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import rookery.cli.view.Style;

/// What is known of the streams that people read.
///
/// @param isTerminal whether stderr is one
/// @param out what stdout can show, `err` what stderr can
public record Terminal(boolean isTerminal, Style out, Style err) {
    private static final int STDERR = 2;
    private static final long TIOCGWINSZ = 0x5413;
    private static final int WINSIZE_BYTES = 8;
    private static final int NARROWEST = 20;

    /// Columns and lines.
    public record Size(int width, int height) {
        static final Size USUAL = new Size(80, 24);
    }

    static Terminal none() {
        return new Terminal(false, Style.PLAIN, Style.PLAIN);
    }

    static Terminal of(Map<String, String> env) {
        boolean dumb = "dumb".equals(env.get("TERM"));
        boolean colour = !dumb && env.getOrDefault("NO_COLOR", "").isEmpty();
        boolean err = isTerminal(STDERR);
        return new Terminal(
                err && !dumb,
                new Style(colour && isTerminal(1), isUnicode("stdout.encoding")),
                new Style(colour && err, isUnicode("stderr.encoding")));
    }

    /// How large stderr's terminal is now; people resize them.
    @SuppressWarnings("restricted") // ioctl has no Java
    Size size() {
        if (!isTerminal) return Size.USUAL;
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            var ioctl =
                    linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("ioctl"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.ADDRESS),
                            Linker.Option.firstVariadicArg(2));
            MemorySegment size = arena.allocate(WINSIZE_BYTES, 8);
            int failed = (int) ioctl.invokeExact(STDERR, TIOCGWINSZ, size);
            int height = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 0));
            int width = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 2));
            return failed != 0 || width < NARROWEST || height == 0
                    ? Size.USUAL
                    : new Size(width, height);
        } catch (Throwable _) {
            return Size.USUAL; // a picture of the usual size is better than none
        }
    }

    /// Linux says by a link what a descriptor is; elsewhere nobody is taken for a terminal.
    private static boolean isTerminal(int descriptor) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean isUnicode(String property) {
        String name = System.getProperty(property, "");
        return name.isEmpty()
                || !Charset.isSupported(name)
                || Charset.forName(name).equals(StandardCharsets.UTF_8);
    }
}
