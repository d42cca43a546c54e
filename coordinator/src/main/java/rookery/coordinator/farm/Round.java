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
/// turn costs by the number of lanes and not by the length of any. Steps that will be ready soon
/// stand among the others where their urgency puts them.
final class Round {
    /// A step whose turn it is.
    ///
    /// @param soon whether it is not ready yet
    record Turn(Lane lane, StepRef ref, boolean soon) {}

    private static final class Cursor implements Comparable<Cursor> {
        final Lane lane;
        final boolean soon;
        final Iterator<Urgency> rest;
        Urgency head;

        Cursor(Lane lane, boolean soon, PSortedSet<Urgency> steps) {
            this.lane = lane;
            this.soon = soon;
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

    private final PeekingLanes ready;
    private final PeekingLanes soon;
    private final Shares shares;
    private final SortedMap<String, Project> projects = new TreeMap<>();
    private final TreeSet<Project> order = new TreeSet<>(LEAST_FIRST);
    private boolean foresawEnough;

    /// The lanes of an index, of which the next one can be looked at.
    private static final class PeekingLanes {
        private final Iterator<Map.Entry<Lane, PSortedSet<Urgency>>> rest;
        private Optional<Map.Entry<Lane, PSortedSet<Urgency>>> head;

        PeekingLanes(Ready steps) {
            rest = steps.lanes().entrySet().iterator();
            head = step();
        }

        private Optional<Map.Entry<Lane, PSortedSet<Urgency>>> step() {
            return rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
        }

        int priority() {
            return head.map(e -> e.getKey().priority()).orElse(Integer.MIN_VALUE);
        }

        Optional<Map.Entry<Lane, PSortedSet<Urgency>>> next(int priority) {
            if (head.isEmpty() || priority() != priority) return Optional.empty();
            Optional<Map.Entry<Lane, PSortedSet<Urgency>>> next = head;
            head = step();
            return next;
        }
    }

    Round(Ready ready, Ready soon, Shares shares) {
        this.ready = new PeekingLanes(ready);
        this.soon = new PeekingLanes(soon);
        this.shares = shares;
    }

    /// The next step, which is then behind us whatever becomes of it.
    Optional<Turn> next() {
        while (true) {
            if (order.isEmpty()) fill();
            if (order.isEmpty()) return Optional.empty();
            Project project = order.first();
            Cursor cursor = project.lanes.poll();
            if (cursor == null) throw new IllegalStateException(project.name + " has no lane");
            var turn = new Turn(cursor.lane, cursor.head.ref(), cursor.soon);
            boolean over = cursor.soon && foresawEnough;
            if (!over && cursor.rest.hasNext()) {
                cursor.head = cursor.rest.next();
                project.lanes.add(cursor);
            } else if (project.lanes.isEmpty()) {
                order.remove(project);
            }
            if (!over) return Optional.of(turn);
        }
    }

    /// From here on only steps that are ready are looked at.
    void foresawEnough() {
        foresawEnough = true;
    }

    /// The lanes of the next priority.
    private void fill() {
        projects.clear();
        int priority = Math.max(ready.priority(), soon.priority());
        add(ready, priority, false);
        add(soon, priority, true);
        order.addAll(projects.values());
    }

    private void add(PeekingLanes lanes, int priority, boolean isSoon) {
        for (var lane = lanes.next(priority); lane.isPresent(); lane = lanes.next(priority)) {
            Lane key = lane.get().getKey();
            projects.computeIfAbsent(key.project(), p -> new Project(p, shares.of(p)))
                    .lanes
                    .add(new Cursor(key, isSoon, lane.get().getValue()));
        }
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
