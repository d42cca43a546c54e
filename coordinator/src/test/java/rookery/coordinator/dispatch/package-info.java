/// `rookery bench dispatch`: how many steps a second go through a farm, and what the farm adds to
/// its transport and its disk.
///
/// The coordinator's parts are the real ones, from TLS to the database; so are the agents' session
/// and link, of which one process runs up to a thousand. A step is over as soon as it is read.
/// [Floor] is the same transport and disk with nothing in between, measured in the same run.
///
/// Left out: processes, blobs and logs of steps, the dashboard, and steps that are the
/// coordinator's own (verdicts, images, pushes). Not tests: nothing here runs in a build.
@NullMarked
package rookery.coordinator.dispatch;

import org.jspecify.annotations.NullMarked;
