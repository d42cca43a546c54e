/// HTTP to OCI registries: read, push, publish.
///
/// [Publisher] is the door for publishing an image, [RegistryClient] for single requests,
/// [Reference] the parsed name of a repository, [Credentials] who we are. Redirects, tokens and
/// retries are handled here and nowhere else, because here is where passwords could leak: they go
/// to the origin they are for, see [Policy], and to no other.
///
/// Not here: which images to publish, and retrying over hours; callers map [RegistryException.Kind]
/// to a blame.
///
/// Blocking calls, meant for virtual threads; a client is safe for many at once.
@NullMarked
package rookery.oci.registry;

import org.jspecify.annotations.NullMarked;
