/// A real farm under real faults: processes that are killed and stopped, networks that part, disks
/// that fill up, and at the end a judge.
///
/// [Chaos] runs it for people and `ChaosTest` a small one for the build. [ChaosCoordinator] and
/// [ChaosAgent] are the mains of the children: the production wiring with [Failpoints] around the
/// store, the services, the blobs and the link, and [QuickHands] instead of builds. Real time and
/// chance are at home here; how the farm's logic fares in virtual time is `rookery.sim`'s.
@NullMarked
package rookery.deploy.chaos;

import org.jspecify.annotations.NullMarked;
