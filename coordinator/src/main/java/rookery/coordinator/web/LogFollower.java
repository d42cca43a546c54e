package rookery.coordinator.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.web.page.LogLine;
import rookery.coordinator.web.page.LogTail;
import rookery.coordinator.web.page.LogText;

/// One reader of one log, who is sent what is new. A reader who is too far behind, or whose log was
/// begun anew by another attempt, is sent its end again.
final class LogFollower {
    /// What is sent at once.
    private static final int CHUNK = 64 << 10;

    private final Site site;
    private final StepRef ref;
    private LogText text = new LogText();
    private long offset;
    private boolean begun;

    /// What a reader is to do.
    sealed interface News {
        /// Where the reader goes on after a lost connection.
        long offset();

        /// Forget what is shown, show this.
        record Replace(LogTail tail) implements News {
            @Override
            public long offset() {
                return tail.to();
            }
        }

        record Append(List<LogLine> lines, long offset) implements News {}
    }

    /// @param from where an earlier connection of the same reader ended; empty for a new reader
    LogFollower(Site site, StepRef ref, Optional<Long> from) {
        this.site = site;
        this.ref = ref;
        this.begun = from.isPresent();
        this.offset = from.orElse(0L);
    }

    Optional<News> next() throws IOException {
        boolean over = site.isOver(ref); // before the size: what is written later is not missed
        long size = site.logs().size(ref);
        if (!begun || size < offset || size - offset > LogTail.BYTES) return replace();
        byte[] bytes = site.logs().read(ref, offset, CHUNK);
        var lines = new ArrayList<LogLine>(text.next(bytes));
        offset += bytes.length;
        if (over && offset >= size) text.rest().ifPresent(lines::add);
        if (lines.isEmpty()) return Optional.empty();
        return Optional.of(new News.Append(LogTail.newest(lines), offset - text.pending()));
    }

    private Optional<News> replace() throws IOException {
        LogTail tail = site.tail(ref);
        begun = true;
        text = new LogText();
        offset = tail.to();
        return Optional.of(new News.Replace(tail));
    }
}
