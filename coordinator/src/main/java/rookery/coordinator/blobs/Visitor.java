package rookery.coordinator.blobs;

import rookery.coordinator.trust.Caller;

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

    /// Who this certificate's holder is here.
    public static Visitor of(Caller caller) {
        Role role =
                switch (caller.role()) {
                    case AGENT -> Role.AGENT;
                    case SUBMITTER -> Role.SUBMITTER;
                    case VIEWER -> Role.VIEWER;
                    case ADMIN -> Role.ADMIN;
                };
        return new Visitor(role, caller.name());
    }

    public static final Visitor OWNER = new Visitor(Role.OWNER, "owner");
}
