@NullMarked
package rookery.coordinator.farm;

import org.jspecify.annotations.NullMarked;
