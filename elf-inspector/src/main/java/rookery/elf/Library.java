package rookery.elf;

/// A C library that is linked in, known by its own version text.
///
/// @param name the package's usual name
/// @param version as the library spells it
/// @param offsetBytes where in the file the version text begins
public record Library(String name, String version, long offsetBytes) {}
