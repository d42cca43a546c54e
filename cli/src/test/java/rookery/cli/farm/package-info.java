@NullMarked
package rookery.cli.farm;

import org.jspecify.annotations.NullMarked;
