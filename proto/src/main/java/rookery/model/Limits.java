package rookery.model;

import java.time.Duration;

/// Every bound that is shared by more than one part of the farm, by name.
public final class Limits {
    /// Steps of one job, after its graph has grown.
    public static final int STEPS_PER_JOB = 20_000;

    /// Platforms, builds and images of one spec.
    public static final int SPEC_ITEMS = 64;

    /// Characters of a policy that a spec brings.
    public static final int POLICY_CHARACTERS = 16_384;

    /// Packages that a spec may name, and packages of one resolved graph.
    public static final int PACKAGES = 5_000;

    /// Bytes of one gRPC message.
    public static final int MESSAGE_BYTES = 4 << 20;

    /// Characters of a failure's sentence.
    public static final int MESSAGE_CHARS = 4_000;

    /// Log lines that a failure carries.
    public static final int EXCERPT_LINES = 40;

    /// Bytes of one log append.
    public static final int LOG_CHUNK_BYTES = 256 << 10;

    /// Bytes of one step's log; what comes later is counted and cut, loudly.
    public static final long LOG_BYTES = 64L << 20;

    /// Bytes of a resolved graph's JSON.
    public static final int GRAPH_BYTES = 32 << 20;

    /// Bytes of one distfile.
    public static final long DISTFILE_BYTES = 4L << 30;

    /// Bytes of a packed source directory.
    public static final long SOURCE_BYTES = 2L << 30;

    /// Leases that one agent may hold.
    public static final int LEASES_PER_AGENT = 1_024;

    /// Attempts at one step, whoever is to blame.
    public static final int ATTEMPTS = 5;

    /// Attempts that may end with an agent lost before the step itself is suspected.
    public static final int AGENTS_LOST = 3;

    /// How long a lease lives without a word from its agent.
    public static final Duration LEASE = Duration.ofSeconds(40);

    /// How often an agent speaks when nothing changes.
    public static final Duration BEAT = Duration.ofSeconds(5);

    /// The longest any step may run.
    public static final Duration STEP = Duration.ofHours(6);

    /// The longest a smoke run may take, and what it gets when the spec names no limit.
    public static final Duration RUN = Duration.ofMinutes(10);

    public static final Duration RUN_DEFAULT = Duration.ofSeconds(30);

    /// Ended jobs that stay in the coordinator's memory; older ones are read from its store.
    public static final int JOBS_KEPT = 256;

    /// Jobs of one list.
    public static final int JOBS_LISTED = 1_000;

    /// Events that the loop takes into one batch, and holds before it pushes back.
    public static final int BATCH = 1_024;

    public static final int QUEUE = 65_536;

    private Limits() {}
}
