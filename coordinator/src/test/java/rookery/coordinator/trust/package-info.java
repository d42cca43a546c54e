@NullMarked
package rookery.coordinator.trust;

import org.jspecify.annotations.NullMarked;
