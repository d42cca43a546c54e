/// JSON: one reader and one writer for the whole of Rookery, and the OCI documents in terms of
/// them.
///
/// [Json] is a tree. Writing one is canonical: members in the order they were put in, no blanks,
/// UTF-8, so equal trees give equal bytes, and anything that becomes a digest is written here.
/// Reading is strict and bounded: no duplicate names, no second document after the first, limits on
/// bytes and depth. [OciJson] turns the values of `rookery.oci` into bytes and back.
///
/// No files and no sockets here: bytes in, bytes out. It is not part of the pure package
/// `rookery.oci` only because the JSON library declares `IOException` everywhere. Any thread may
/// use it.
@NullMarked
package rookery.oci.json;

import org.jspecify.annotations.NullMarked;
