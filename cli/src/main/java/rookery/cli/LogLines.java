package rookery.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import rookery.cli.farm.LogReader;
import rookery.cli.view.FarmJson;
import rookery.cli.view.Harmless;
import rookery.oci.json.Json;

/// One step's log, line by line. Several of them may write to one stream: a line is written whole.
final class LogLines implements LogReader.Sink {
    /// A line that is longer is cut in two.
    private static final int LINE_BYTES = 64 << 10;

    /// How a line is written.
    enum Form {
        /// Without what would move a terminal's cursor.
        TEXT,
        /// As it came.
        RAW,
        /// One JSON document a line.
        JSON
    }

    private final PrintStream out;
    private final Form form;
    private final String step;
    private final String prefix;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long next;

    /// @param prefix before each line of text
    LogLines(PrintStream out, Form form, String step, String prefix) {
        this.out = out;
        this.form = form;
        this.step = step;
        this.prefix = prefix;
    }

    @Override
    public void take(long offset, byte[] bytes) {
        if (offset < next) {
            end();
            if (form == Form.TEXT) print("(the step was begun anew)");
        }
        next = offset + bytes.length;
        if (form == Form.RAW) {
            synchronized (out) {
                out.write(bytes, 0, bytes.length);
                out.flush();
            }
            return;
        }
        for (byte b : bytes) {
            if (b == '\n') print(text());
            else line.write(b);
            if (line.size() >= LINE_BYTES) print(text());
        }
    }

    /// What came without a line's end.
    void end() {
        if (line.size() > 0) print(text());
    }

    private String text() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void print(String text) {
        synchronized (out) {
            if (form == Form.JSON) {
                var json = new LinkedHashMap<String, Json>();
                json.put("step", Json.text(step));
                json.put("line", Json.text(FarmJson.whole(text)));
                out.println(new String(new Json.Obj(json).bytes(), StandardCharsets.UTF_8));
            } else {
                out.println(prefix + Harmless.line(text));
            }
            out.flush();
        }
    }
}
