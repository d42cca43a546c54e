package rookery.elf;

import java.util.Optional;

/// A path of the building machine.
///
/// @param offsetBytes where in the file it stands, or in the section when that is unpacked
/// @param section the packed section that it was found in
public record Leak(String path, long offsetBytes, Optional<String> section) {
    /// "/home/me/a.c at byte 12 of .debug_str, unpacked".
    String describe() {
        return path
                + " at byte "
                + offsetBytes
                + section.map(name -> " of " + name + ", unpacked").orElse("");
    }
}
