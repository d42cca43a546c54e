/// `rookery.yaml`, version 1: from its text to values, with every problem at once.
///
/// One table, [Keys], says which keys there are, of what shape each is, what it means and what it
/// is when nobody writes it. The reader ([Walker]), its complaints about unknown keys and the JSON
/// Schema ([Schema]) all come from it, so they cannot differ. What one key alone cannot know (an
/// image `from` a build that is not there) is in [Crosscheck]. [SpecFile] is what is left when
/// nothing is wrong; it becomes a `JobSpec` once the packer has turned directories into blobs.
///
/// Pure: no file is opened here and nothing is known of the machine. Any thread.
@NullMarked
package rookery.cli.spec;

import org.jspecify.annotations.NullMarked;
