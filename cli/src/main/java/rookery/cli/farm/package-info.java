/// The way to a farm: what a command needs of one ([FarmClient]), and what the farm says turned
/// into the values that people are shown ([JobViews]).
///
/// Which farm it is, is not known here: the one inside this process (`rookery.cli.embedded`), one
/// over the network, or a test's. Calls block; one thread each.
@NullMarked
package rookery.cli.farm;

import org.jspecify.annotations.NullMarked;
