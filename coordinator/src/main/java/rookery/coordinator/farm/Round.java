package rookery.coordinator.farm;

import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.PSortedSet;

/// The order in which ready steps are looked at in one turn of the farm: by priority, then by the
/// project that has had least, then by urgency. Asks each lane only for its first steps, so that a
/// turn costs by the number of lanes and not by the length of any.
final class Round {
    /// A step whose turn it is.
    record Turn(Lane lane, StepRef ref) {}

    private static final class Cursor implements Comparable<Cursor> {
        final Lane lane;
        final Iterator<Urgency> rest;
        Urgency head;

        Cursor(Lane lane, PSortedSet<Urgency> steps) {
            this.lane = lane;
            this.rest = steps.iterator();
            this.head = rest.next();
        }

        @Override
        public int compareTo(Cursor other) {
            return head.compareTo(other.head);
        }
    }

    private static final class Project {
        final String name;
        final PriorityQueue<Cursor> lanes = new PriorityQueue<>();
        long had;

        Project(String name, long had) {
            this.name = name;
            this.had = had;
        }

        long had() {
            return had;
        }

        String name() {
            return name;
        }
    }

    private static final Comparator<Project> LEAST_FIRST =
            Comparator.comparingLong(Project::had).thenComparing(Project::name);

    private final Iterator<Map.Entry<Lane, PSortedSet<Urgency>>> lanes;
    private final Shares shares;
    private final SortedMap<String, Project> projects = new TreeMap<>();
    private final TreeSet<Project> order = new TreeSet<>(LEAST_FIRST);
    private Optional<Map.Entry<Lane, PSortedSet<Urgency>>> ahead;

    Round(Ready ready, Shares shares) {
        this.lanes = ready.lanes().entrySet().iterator();
        this.shares = shares;
        this.ahead = step();
    }

    private Optional<Map.Entry<Lane, PSortedSet<Urgency>>> step() {
        return lanes.hasNext() ? Optional.of(lanes.next()) : Optional.empty();
    }

    /// The next step, which is then behind us whatever becomes of it.
    Optional<Turn> next() {
        if (order.isEmpty()) fill();
        if (order.isEmpty()) return Optional.empty();
        Project project = order.first();
        Cursor cursor = project.lanes.poll();
        if (cursor == null) throw new IllegalStateException(project.name + " has no lane");
        var turn = new Turn(cursor.lane, cursor.head.ref());
        if (cursor.rest.hasNext()) {
            cursor.head = cursor.rest.next();
            project.lanes.add(cursor);
        } else if (project.lanes.isEmpty()) {
            order.remove(project);
        }
        return Optional.of(turn);
    }

    /// The lanes of the next priority.
    private void fill() {
        projects.clear();
        int priority = ahead.map(e -> e.getKey().priority()).orElse(0);
        while (ahead.isPresent() && ahead.get().getKey().priority() == priority) {
            Lane lane = ahead.get().getKey();
            projects.computeIfAbsent(lane.project(), p -> new Project(p, shares.of(p)))
                    .lanes
                    .add(new Cursor(lane, ahead.get().getValue()));
            ahead = step();
        }
        order.addAll(projects.values());
    }

    /// The project of the step before has had so much, or will have: others come first.
    void charge(String name, long millis) {
        Project project = projects.get(name);
        if (project == null) return;
        boolean waits = order.remove(project);
        project.had += millis;
        if (waits) order.add(project);
    }

    /// Nothing of the lane is to be looked at in this turn: nobody who fits is free.
    void close(Lane lane) {
        Project project = projects.get(lane.project());
        if (project == null) return;
        project.lanes.removeIf(c -> c.lane.equals(lane));
        if (project.lanes.isEmpty()) order.remove(project);
    }
}
