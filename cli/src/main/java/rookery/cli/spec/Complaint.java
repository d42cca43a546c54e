package rookery.cli.spec;

/// Why a text is refused, before anybody knows where it stands.
///
/// @param found what is wrong with it, as a clause without a full stop
/// @param remedy what to write instead
public record Complaint(String found, String remedy) {}
