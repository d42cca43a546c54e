package rookery.coordinator.farm;

import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// How projects take turns within a priority: each has had a certain amount of work, and who had
/// least goes first. A project that was away is not paid back for that time, and one that had to
/// wait for an agent is, up to a bound.
///
/// Start-time fair queueing: Goyal, Vin and Cheng, SIGCOMM 1996. In memory only: after a restart
/// all projects are equal again.
///
/// @param at the virtual time: what the project served last had had
/// @param had milliseconds of work by project
record Shares(long at, PSortedMap<String, Long> had) {
    static final Shares EQUAL = new Shares(0, TreePMap.empty());

    /// How far a project may fall behind and still be paid back.
    private static final long CREDIT = 600_000;

    /// Projects that are remembered; the one that had least leaves first, because it is the one
    /// that forgetting harms least.
    static final int PROJECTS = 4_096;

    long of(String project) {
        return Math.max(had.getOrDefault(project, at), at - CREDIT);
    }

    Shares charge(String project, long millis) {
        long start = of(project);
        PSortedMap<String, Long> next = had.plus(project, start + millis);
        if (next.size() > PROJECTS) {
            String least = project;
            for (String other : next.keySet())
                if (next.getOrDefault(other, 0L) < next.getOrDefault(least, 0L)) least = other;
            next = next.minus(least);
        }
        return new Shares(Math.max(at, start), next);
    }
}
