@NullMarked
package rookery.coordinator.work;

import org.jspecify.annotations.NullMarked;
