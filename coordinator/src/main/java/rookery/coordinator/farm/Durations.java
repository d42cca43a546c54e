package rookery.coordinator.farm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Limits;
import rookery.model.Outcome;
import rookery.model.Work;

/// What steps took and how much memory they held, learned from those that ended well.
///
/// A measured time is split into what the step costs and how fast the machine is, so that one
/// package built on one agent tells something of every other agent. A machine's part has two
/// factors: the pace of its class ([AgentClass]) for the kind of step, and the agent's own pace
/// within the class. Costs are kept under the exact key (kind, package, CHOST, toolchain, class) as
/// they are on a usual agent of that class, and under coarser keys as they are on a usual agent at
/// all. [#quote] takes the finest key that is known and falls back to [Guess], corrected by how
/// wrong guesses of that kind have been.
///
/// All figures are decayed averages: the first values count fully, later ones at least 1/[#MEMORY].
/// Only additions and divisions of whole numbers are used, so that every JVM learns the same. The
/// key unused for longest leaves when there are more than [#KEYS].
///
/// @param learned by key
/// @param byAge the keys in the order in which they were last learned
/// @param clock counts lessons
public record Durations(PSortedMap<Key, Learned> learned, PSortedMap<Long, Key> byAge, long clock) {

    /// How many keys are kept.
    public static final int KEYS = 65_536;

    /// Larger peaks are nonsense and not learned.
    static final long PEAK_BYTES = 1L << 45;

    /// Shorter steps say more of the network than of the machine, and change no pace.
    static final long TELLING_MILLIS = 2_000;

    private static final int MEMORY = 8;

    /// One, as a pace is written: what takes a second on a usual machine takes so many milliseconds
    /// here.
    static final long USUAL = 1_000;

    private static final long FASTEST = USUAL / 64;
    private static final long SLOWEST = USUAL * 64;

    public static final Durations NONE = new Durations(TreePMap.empty(), TreePMap.empty(), 0);

    /// What a figure is about. An empty field means "any" (or "none" where the kind has none).
    ///
    /// Kinds are those of [Work#kind], and three of our own: `guess` (subject: a kind; how far its
    /// guesses are off), `class-pace` (subject: a kind) and `agent-pace` (subject: an agent).
    ///
    /// @param subject a package's `category/name`, a Go build's id
    /// @param agentClass as [AgentClass#of] says it
    public record Key(
            String kind, String subject, String chost, String toolchain, String agentClass)
            implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int by = subject.compareTo(other.subject);
            if (by == 0) by = chost.compareTo(other.chost);
            if (by == 0) by = agentClass.compareTo(other.agentClass);
            if (by == 0) by = kind.compareTo(other.kind);
            return by != 0 ? by : toolchain.compareTo(other.toolchain);
        }

        Key on(String newClass) {
            return new Key(kind, subject, chost, toolchain, newClass);
        }

        Key anywhere() {
            return new Key(kind, subject, "", "", "");
        }
    }

    /// A figure.
    ///
    /// @param millis of time; for paces and guesses per usual second
    /// @param peakBytes of memory; 0 where nobody told
    /// @param count how often it was learned
    /// @param stamp of the last lesson; the lowest leaves first
    public record Learned(long millis, long peakBytes, long count, long stamp) {
        public Learned {
            if (millis < 0 || peakBytes < 0 || count < 0 || stamp < 0)
                throw new IllegalArgumentException("a figure is not negative");
        }
    }

    /// A figure as the store keeps it.
    public record Row(Key key, Learned learned) {}

    /// What [#learn] gives.
    ///
    /// @param touched the keys to be saved: written where the new value has them, removed where not
    public record Lesson(Durations after, List<Key> touched) {
        public Lesson {
            touched = List.copyOf(touched);
        }
    }

    /// What the store has of a key now; empty when it should have nothing.
    public Optional<Row> row(Key key) {
        return Optional.ofNullable(learned.get(key)).map(l -> new Row(key, l));
    }

    /// With saved rows, as part of starting.
    public Durations with(Iterable<Row> rows) {
        var pupil = new Pupil(this);
        rows.forEach(row -> pupil.set(row.key(), row.learned()));
        return pupil.end().after();
    }

    /// After a step ended well.
    ///
    /// @param took from the moment it was lent to the moment its result came
    public Lesson learn(
            Work work, AgentId agent, AgentFacts facts, Duration took, Outcome.Made made) {
        long millis = Math.clamp(took.toMillis(), 1, Limits.STEP.toMillis());
        String agentClass = AgentClass.of(facts, work);
        var pupil = new Pupil(this);
        Key task = task(work);
        Key classPace = classPace(task.kind(), agentClass);
        Key agentPace = agentPace(agent);
        long peak = peak(made);

        // Expectations before this lesson are what paces are measured against.
        Optional<Learned> any =
                millis < TELLING_MILLIS
                        ? Optional.empty()
                        : find(task).or(() -> find(task.anywhere()));
        if (any.isPresent()) {
            Optional<Learned> exact = find(task.on(agentClass));
            long normal = over(millis, pupil.pace(agentPace));
            pupil.pace(classPace, over(normal, Math.max(1, any.get().millis())));
            long expected =
                    exact.map(Learned::millis)
                            .orElse(times(any.get().millis(), pupil.pace(classPace)));
            pupil.pace(agentPace, over(millis, Math.max(1, expected)));
        }
        long inClass = over(millis, pupil.pace(agentPace));
        long usual = over(inClass, pupil.pace(classPace));
        pupil.cost(task.on(agentClass), inClass, peak);
        if (!task.chost().isEmpty()) pupil.cost(task, usual, peak);
        pupil.cost(task.anywhere(), usual, peak);
        pupil.cost(guess(task.kind()), over(usual, Guess.millis(work)), 0);
        return pupil.end();
    }

    /// What a step is expected to take and to hold.
    public Quote quote(Work work) {
        Key task = task(work);
        long millis =
                find(task)
                        .or(() -> find(task.anywhere()))
                        .map(Learned::millis)
                        .orElseGet(() -> times(Guess.millis(work), pace(guess(task.kind()))));
        return new Quote(this, task, millis);
    }

    /// How slow an agent is beside a usual one of its class: 2,000 takes twice as long.
    long pace(AgentId agent) {
        return pace(agentPace(agent));
    }

    /// What one step is expected to cost.
    ///
    /// @param usualMillis on a usual agent
    public record Quote(Durations durations, Key task, long usualMillis) {

        /// On a usual agent of a class, in milliseconds.
        public long millis(String agentClass) {
            return durations
                    .find(task.on(agentClass))
                    .map(Learned::millis)
                    .orElseGet(() ->
                            times(usualMillis, durations.pace(classPace(task.kind(), agentClass))));
        }

        /// At its peak, on whatever machine; 0 where nobody told yet.
        public long peakBytes() {
            return durations
                    .find(task)
                    .or(() -> durations.find(task.anywhere()))
                    .map(Learned::peakBytes)
                    .orElse(0L);
        }
    }

    private Optional<Learned> find(Key key) {
        return Optional.ofNullable(learned.get(key));
    }

    private long pace(Key key) {
        Learned known = learned.get(key);
        return known == null ? USUAL : Math.clamp(known.millis(), FASTEST, SLOWEST);
    }

    private static Key task(Work work) {
        return switch (work) {
            case Work.PackageBuild w ->
                    new Key(
                            work.kind(),
                            Packages.name(w.node().cpv()),
                            w.target().chost(),
                            w.toolchain().word(),
                            "");
            case Work.GoBuild w ->
                    new Key(
                            work.kind(),
                            w.build().id(),
                            w.wanted().target().chost(),
                            w.toolchain().word(),
                            "");
            case Work.Resolve w ->
                    new Key(work.kind(), "", w.target().chost(), w.toolchain().word(), "");
            case Work.Run w -> new Key(work.kind(), "", w.wanted().target().chost(), "", "");
            case Work.Modules _, Work.Fetch _, Work.Verify _, Work.Assemble _, Work.Publish _ ->
                    new Key(work.kind(), "", "", "", "");
        };
    }

    private static Key guess(String kind) {
        return new Key("guess", kind, "", "", "");
    }

    private static Key classPace(String kind, String agentClass) {
        return new Key("class-pace", kind, "", "", agentClass);
    }

    private static Key agentPace(AgentId agent) {
        return new Key("agent-pace", agent.value(), "", "", "");
    }

    private static long peak(Outcome.Made made) {
        String told = made.notes().getOrDefault(Outcome.Made.PEAK_MEMORY, "");
        if (told.isEmpty()
                || told.length() > 15
                || !told.chars().allMatch(c -> c >= '0' && c <= '9')) return 0;
        long bytes = Long.parseLong(told);
        return bytes > PEAK_BYTES ? 0 : bytes;
    }

    private static long times(long millis, long pace) {
        return Math.max(1, millis * pace / USUAL);
    }

    private static long over(long millis, long pace) {
        return Math.max(1, millis * USUAL / pace);
    }

    /// Durations while they learn.
    private static final class Pupil {
        private PSortedMap<Key, Learned> learned;
        private PSortedMap<Long, Key> byAge;
        private long clock;
        private final List<Key> touched = new ArrayList<>();

        Pupil(Durations from) {
            learned = from.learned;
            byAge = from.byAge;
            clock = from.clock;
        }

        long pace(Key key) {
            Learned known = learned.get(key);
            return known == null ? USUAL : Math.clamp(known.millis(), FASTEST, SLOWEST);
        }

        /// A pace is taken for the usual one until it was seen, and that counts as one sight.
        void pace(Key key, long seen) {
            Learned old = learned.get(key);
            Learned usual = old == null ? new Learned(USUAL, 0, 1, 0) : old;
            put(key, old, stamped(blend(usual, Math.clamp(seen, FASTEST, SLOWEST), 0), clock));
        }

        void cost(Key key, long seen, long peak) {
            Learned old = learned.get(key);
            Learned next = old == null ? new Learned(seen, peak, 1, 0) : blend(old, seen, peak);
            put(key, old, stamped(next, clock));
        }

        private static Learned blend(Learned old, long seen, long peak) {
            long weight = Math.min(old.count + 1, MEMORY);
            long kept = peak == 0 ? old.peakBytes : old.peakBytes - old.peakBytes / MEMORY;
            return new Learned(
                    old.millis + (seen - old.millis) / weight,
                    Math.max(peak, kept),
                    old.count + 1,
                    0);
        }

        void set(Key key, Learned value) {
            Learned old = learned.get(key);
            boolean taken =
                    byAge.containsKey(value.stamp) && (old == null || old.stamp != value.stamp);
            put(key, old, taken ? stamped(value, clock) : value);
        }

        private static Learned stamped(Learned value, long stamp) {
            return new Learned(value.millis, value.peakBytes, value.count, stamp);
        }

        /// @param old what it is known by until now
        private void put(Key key, @Nullable Learned old, Learned value) {
            if (old != null) byAge = byAge.minus(old.stamp);
            learned = learned.plus(key, value);
            byAge = byAge.plus(value.stamp, key);
            clock = Math.max(clock, value.stamp) + 1;
            touched.add(key);
            if (byAge.size() <= KEYS) return;
            Map.Entry<Long, Key> oldest = byAge.firstEntry();
            byAge = byAge.minus(oldest.getKey());
            learned = learned.minus(oldest.getValue());
            touched.add(oldest.getValue());
        }

        Lesson end() {
            return new Lesson(new Durations(learned, byAge, clock), touched);
        }
    }
}
