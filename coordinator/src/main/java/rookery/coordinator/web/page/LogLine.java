package rookery.coordinator.web.page;

import java.util.List;

/// One line of a log, ready to be shown as text.
public record LogLine(List<Run> runs) {
    public LogLine {
        runs = List.copyOf(runs);
    }

    /// A piece of a line in one style.
    ///
    /// @param classes of the style sheet, from the list in [Sgr]; may be empty
    public record Run(String classes, String text) {}
}
