/// The dashboard: a listener of its own, for browsers, which have no client certificate.
///
/// What a page says is decided in `page`; here are HTTP, the streams of changes, the few static
/// files, and who may look. Read-only: there is no route that changes the farm. Requests arrive on
/// Vert.x's event loop and leave it at once: pages are made on virtual threads, because older jobs
/// and logs come from disk. One timer looks at the newest snapshot four times a second and sends
/// each stream what has changed in between; a browser that reads slowly gets the newest state
/// later, never a queue of old ones.
@NullMarked
package rookery.coordinator.web;

import org.jspecify.annotations.NullMarked;
