/// Bytes in and out of the agent: blobs, source archives, and what a binary package means.
///
/// [Blobs] is where a step's inputs come from and its results go; [LayoutBlobs] is the one of an
/// agent that shares the coordinator's disk. [DistfileClient] gets source archives, from their own
/// places, from mirrors, or by [DistributionSources] from the distribution's source packages, and
/// believes nothing but both hashes of the Manifest. [Gpkg] tells a package's meaning from its
/// file.
///
/// Not here: which archives a package has (its graph says), unpacking (`workspace`). Blocking work
/// on virtual threads.
@NullMarked
package rookery.agent.artifacts;

import org.jspecify.annotations.NullMarked;
