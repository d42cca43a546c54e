/// The coordinator's door: [Coordinator] wires store, loop, worker and services together and closes
/// them in reverse. How bytes reach the services (in this process, over TLS) is decided by whoever
/// opens it.
@NullMarked
package rookery.coordinator;

import org.jspecify.annotations.NullMarked;
