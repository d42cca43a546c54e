/// What the dashboard shows, as values: a farm goes in, a page comes out.
///
/// A page is a list of sections, and a section is a record: two pages are compared with `equals`,
/// and what differs is what browsers are sent. So records hold instants, never "3 s ago", and
/// nothing here knows the time unless it is told. Foreign text is made harmless here ([Clean],
/// [LogText]) and escaped by the templates; there is no HTML in this package. Pure: any thread may
/// call it. HTTP, streams, files and tokens are `web`'s.
@NullMarked
package rookery.coordinator.web.page;

import org.jspecify.annotations.NullMarked;
