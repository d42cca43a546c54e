/// A farm of separate processes on one machine, for people who try or develop it.
///
/// [LocalFarm] starts the verbs `coordinator` and `agent` as children, joins them, and ends exactly
/// these children; it knows nothing that somebody at a shell could not type. What they do is their
/// own business. Its caller's thread starts and ends it; whether a child has ended is told on a
/// thread of the JVM's.
@NullMarked
package rookery.cli.dev;

import org.jspecify.annotations.NullMarked;
