@NullMarked
package rookery.wire;

import org.jspecify.annotations.NullMarked;
