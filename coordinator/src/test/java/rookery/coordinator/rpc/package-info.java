/// Tests of the gRPC services, over the in-process transport.
@NullMarked
package rookery.coordinator.rpc;

import org.jspecify.annotations.NullMarked;
