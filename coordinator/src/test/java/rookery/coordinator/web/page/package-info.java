@NullMarked
package rookery.coordinator.web.page;

import org.jspecify.annotations.NullMarked;
