package rookery.access;

import java.util.Locale;
import java.util.Optional;

/// What a program or person may do in a farm; docs/trust.md has the table.
public enum Role {
    /// Takes steps and says how they went; reads and writes blobs of its own steps.
    AGENT,
    /// Submits jobs, watches and cancels them.
    SUBMITTER,
    /// Looks.
    VIEWER,
    /// All that people may do, and who may do what.
    ADMIN;

    /// As it stands in messages, certificates and on the command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) return Optional.of(role);
        }
        return Optional.empty();
    }
}
