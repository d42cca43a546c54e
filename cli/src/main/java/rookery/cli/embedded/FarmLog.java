package rookery.cli.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// The operator's story goes into a file: on the terminal stands what the user asked for.
final class FarmLog {
    private static final int BYTES = 8 << 20;
    private static final int FILES = 2;

    private FarmLog() {}

    static void to(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        var handler = new FileHandler(file.toString(), BYTES, FILES, true);
        handler.setFormatter(new SimpleFormatter());
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler old : root.getHandlers()) {
            root.removeHandler(old);
            old.close();
        }
        root.addHandler(handler);
        root.setLevel(Level.INFO);
    }
}
