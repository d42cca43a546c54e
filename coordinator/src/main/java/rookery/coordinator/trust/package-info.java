/// Who may speak to the farm, and what each may do.
///
/// [rookery.coordinator.trust.Authority] is the farm's own CA with its books: one-time tokens,
/// certificates, what was revoked. [rookery.coordinator.trust.FarmServer] is the gRPC server that
/// demands certificates and bounds what strangers can cost; [rookery.coordinator.trust.Callers]
/// says who is calling; [rookery.coordinator.trust.Permissions] is the one table of role by method.
/// Books are in SQLite beside the CA's key, apart from the farm's database: who holds the one holds
/// the other, and neither is in a backup of jobs. What is said was saved before. Any thread; the
/// books have one lock, admission none.
@NullMarked
package rookery.coordinator.trust;

import org.jspecify.annotations.NullMarked;
