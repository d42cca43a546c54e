package rookery.model;

/// Who can help when something fails. It decides whether, where and when a step is tried again.
public enum Blame {
    /// The user: the spec, the program, a package's name. Never tried again.
    SPEC,
    /// The machine it ran on: a full disk, a missing tool, a lost process. Tried again elsewhere.
    HOST,
    /// A mirror, module proxy or registry. Tried again later, a bounded number of times.
    UPSTREAM,
    /// Rookery itself. Never tried again, never hidden.
    BUG
}
