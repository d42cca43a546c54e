package rookery.coordinator.blobs;

/// Who asks for blobs, by its certificate.
///
/// @param name an agent's id, a person's name
public record Visitor(Role role, String name) {

    /// What a certificate lets its holder be.
    public enum Role {
        /// The farm's owner on its own machine, without a certificate.
        OWNER,
        ADMIN,
        AGENT,
        SUBMITTER,
        VIEWER
    }

    public static final Visitor OWNER = new Visitor(Role.OWNER, "owner");
}
