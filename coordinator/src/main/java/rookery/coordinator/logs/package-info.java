/// Steps' logs as files: `<job>/<step>.log`, appended to by offset.
///
/// Agents repeat a chunk until it is acknowledged, so appending is idempotent by offset. A log is
/// raw bytes: making them harmless is the reader's part. Any thread.
@NullMarked
package rookery.coordinator.logs;

import org.jspecify.annotations.NullMarked;
