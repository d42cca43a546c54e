@NullMarked
package rookery.coordinator.plan;

import org.jspecify.annotations.NullMarked;
