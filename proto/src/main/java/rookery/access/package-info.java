/// Who a program is in a farm: its key and certificate, how it comes by them and keeps them fresh,
/// and the TLS that shows them.
///
/// [rookery.access.Join] turns a one-time token into an [rookery.access.Identity];
/// [rookery.access.Renewal] replaces its certificate before it ends, without a restart;
/// [rookery.access.Channels] opens gRPC channels with it. Keys are the JDK's, so that an agent
/// needs no more than its JDK for them. What a farm's own authority does (issue, revoke, admit)
/// lives in the coordinator. Touches disk and network; any thread, and one virtual thread for each
/// renewal.
@NullMarked
package rookery.access;

import org.jspecify.annotations.NullMarked;
