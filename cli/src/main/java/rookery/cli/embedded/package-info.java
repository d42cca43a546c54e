/// The farm inside this process: a coordinator and an agent over the real gRPC services, in-process
/// transport.
///
/// [EmbeddedFarm] builds everything, top to bottom, and closes it in reverse. Commands know it as a
/// [rookery.cli.farm.FarmClient] only.
@NullMarked
package rookery.cli.embedded;

import org.jspecify.annotations.NullMarked;
