package rookery.elf.libelf;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The child process: gets files through its input, each after its length, and answers with lines.
public final class LibelfChild {
    private LibelfChild() {}

    public static void main(String[] arguments) throws IOException {
        var out =
                new PrintStream(
                        new BufferedOutputStream(System.out), false, StandardCharsets.UTF_8);
        LibelfReader reader;
        try {
            reader = new LibelfReader();
        } catch (NoClassDefFoundError e) {
            // Its own text is the name of a class.
            out.println("the library JNA is missing");
            out.flush();
            return;
        } catch (LinkageError e) {
            // Neither JNA nor libelf must be there.
            out.println(String.valueOf(e.getMessage()).lines().findFirst().orElse("absent"));
            out.flush();
            return;
        }
        out.println(LibelfEngine.READY);
        out.flush();
        serve(new DataInputStream(System.in), out, reader);
    }

    private static void serve(DataInputStream in, PrintStream out, LibelfReader reader)
            throws IOException {
        while (true) {
            long size;
            try {
                size = in.readLong();
            } catch (EOFException _) {
                return;
            }
            if (size < 0 || size > LibelfEngine.MAX_FILE_BYTES) {
                throw new IOException(size + " bytes are over the limit");
            }
            reader.read(in, size).forEach(out::println);
            out.println(LibelfEngine.END);
            out.flush();
        }
    }
}
