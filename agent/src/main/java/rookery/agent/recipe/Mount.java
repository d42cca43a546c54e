package rookery.agent.recipe;

/// One thing that a step sees in its file system, in the order of mounting.
public sealed interface Mount {

    /// A directory or file of the machine at another path.
    record Bind(String outside, String inside, boolean writable) implements Mount {
        public Bind {
            absolute(outside);
            absolute(inside);
        }
    }

    /// The machine's own `/usr`, read-only, and the links in `/` that lead into it.
    record HostUsr() implements Mount {}

    /// Empty, writable, gone with the step.
    record Tmpfs(String inside) implements Mount {
        public Tmpfs {
            absolute(inside);
        }
    }

    /// The step's own processes.
    record Proc() implements Mount {}

    /// The few harmless devices.
    record Dev() implements Mount {}

    private static void absolute(String path) {
        if (!path.startsWith("/") || path.contains("\0"))
            throw new IllegalArgumentException("'" + path + "' is not an absolute path");
    }
}
