package rookery.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import rookery.cli.embedded.StoppedFarm;
import rookery.coordinator.blobs.Collector;
import rookery.coordinator.blobs.Keep;
import rookery.oci.json.Json;

/// `rookery gc`.
@Command(
        name = "gc",
        description = {
            "Deletes what a stopped farm no longer needs: results that nobody asked for, files and",
            "logs of jobs that ended long ago. A running coordinator does this by itself."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery gc --dry-run                what would go?",
            "  rookery gc --max-size 20G           the least recently used results go first",
            "  rookery gc --unused-for 7d --output json"
        })
final class GcCommand implements Runnable {
    private final Context context;

    @Option(names = "--dry-run", description = "Only say what would be deleted.")
    private boolean dryRun;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "The farm's state (default: that of `rookery build`).")
    private @Nullable Path state;

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            converter = Size.class,
            description = "How large the blob store may stay, as 500M or 20G (default: no limit).")
    private long maxBytes = Long.MAX_VALUE;

    @Option(
            names = "--unused-for",
            paramLabel = "TIME",
            converter = Age.class,
            description = "Results and ended jobs this old go, as 12h or 30d (default: 30d).")
    private Duration unused = Keep.STANDARD.results();

    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "What stdout carries (default: text).")
    private Output.Format output = Output.Format.TEXT;

    GcCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        Path directory = state == null ? context.state() : context.directory().resolve(state);
        var keep = new Keep(Keep.STANDARD.grace(), unused, unused, maxBytes);
        Collector.Report report = StoppedFarm.collect(directory, keep, dryRun, context.clock());
        switch (output) {
            case TEXT ->
                    context.out()
                            .println(
                                    (dryRun ? "would delete " : "deleted ")
                                            + report.blobs()
                                            + " blobs ("
                                            + size(report.bytes())
                                            + "), "
                                            + report.results()
                                            + " results, the logs of "
                                            + report.jobs()
                                            + " jobs; "
                                            + report.keptBlobs()
                                            + " blobs ("
                                            + size(report.keptBytes())
                                            + ") stay");
            case JSON -> {
                var out = new LinkedHashMap<String, Json>();
                out.put("dry_run", new Json.Bool(dryRun));
                out.put("deleted_blobs", Json.number(report.blobs()));
                out.put("deleted_bytes", Json.number(report.bytes()));
                out.put("forgotten_results", Json.number(report.results()));
                out.put("forgotten_jobs", Json.number(report.jobs()));
                out.put("kept_blobs", Json.number(report.keptBlobs()));
                out.put("kept_bytes", Json.number(report.keptBytes()));
                context.out().print(Pretty.print(new Json.Obj(out)));
            }
        }
    }

    private static String size(long bytes) {
        return bytes >> 20 > 0
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0)
                : bytes + " bytes";
    }

    /// A number of bytes with an optional unit.
    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            if (!text.matches("[0-9]{1,6}[KMGT]?"))
                throw new TypeConversionException(
                        "'" + text + "' is no size; sizes are as 500M, 20G or 1T");
            int shift =
                    switch (text.charAt(text.length() - 1)) {
                        case 'K' -> 10;
                        case 'M' -> 20;
                        case 'G' -> 30;
                        case 'T' -> 40;
                        default -> 0;
                    };
            long number = Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1));
            return number << shift;
        }
    }

    /// A time in hours or days.
    static final class Age implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (!text.matches("[0-9]{1,5}[hd]"))
                throw new TypeConversionException(
                        "'" + text + "' is no time; times are as 12h or 30d");
            long number = Long.parseLong(text.substring(0, text.length() - 1));
            return text.endsWith("d") ? Duration.ofDays(number) : Duration.ofHours(number);
        }
    }
}
