@NullMarked
package rookery.access;

import org.jspecify.annotations.NullMarked;
