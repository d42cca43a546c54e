/// What people see of a job: a live table, plain lines, the summary at the end, and the same as
/// JSON.
///
/// Pure: a job's state, the time and the terminal's size go in, lines come out; who writes them
/// where is the caller's business. Whatever came from elsewhere (a step's detail, a log's line, a
/// program's output) passes [Harmless] before it is shown. Nothing here is told by colour alone.
/// Any thread.
@NullMarked
package rookery.cli.view;

import org.jspecify.annotations.NullMarked;
