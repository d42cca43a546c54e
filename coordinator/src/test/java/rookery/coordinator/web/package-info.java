@NullMarked
package rookery.coordinator.web;

import org.jspecify.annotations.NullMarked;
