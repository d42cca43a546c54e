/// Jobs, steps and results on disk.
///
/// Plain JDBC over SQLite in WAL mode with `synchronous=FULL`: what was committed is there after a
/// power cut. A plan is written once, one row for what one event planned; each step has a row of
/// its own for what becomes of it; numbered SQL files bring an older database up to date. The
/// loop's thread is the only writer; lookups of results come from other threads over a connection
/// of their own. What a row means is `farm`'s business.
@NullMarked
package rookery.coordinator.store;

import org.jspecify.annotations.NullMarked;
