/// Tests of the whole: which module may touch what, and real farms that build real programs.
@NullMarked
package rookery.deploy;

import org.jspecify.annotations.NullMarked;
