@NullMarked
package rookery.coordinator;

import org.jspecify.annotations.NullMarked;
