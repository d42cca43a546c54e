/// The agent's directories: what is kept between steps, and the rooms that steps work in.
///
/// [Cache] is the tree under the cache directory and makes things in it once, under locks that also
/// hold between processes. [ToolchainHome] makes the Prefix and the C compiler's warm caches.
/// [Room] is one step's own directory, gone after it. [SyntheticEtc] is the `/etc` that steps see.
///
/// Not here: what a step is given (`steps`), the store of blobs (`artifacts`). Nothing here is
/// precious: every directory may be deleted while no agent runs. Blocking file work; any thread.
@NullMarked
package rookery.agent.workspace;

import org.jspecify.annotations.NullMarked;
