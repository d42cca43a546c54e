@NullMarked
package rookery.coordinator.blobs;

import org.jspecify.annotations.NullMarked;
