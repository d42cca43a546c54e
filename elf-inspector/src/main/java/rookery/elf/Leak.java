package rookery.elf;

/// A path of the building machine.
///
/// @param offsetBytes where in the file it stands
public record Leak(String path, long offsetBytes) {}
