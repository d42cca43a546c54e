package rookery.cli.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong while a spec is read. One thread.
public final class Problems {
    /// More help nobody; what comes later is dropped.
    public static final int MOST = 200;

    private static final Comparator<Problem> AS_READ =
            Comparator.comparingInt((Problem p) -> p.at().line())
                    .thenComparingInt(p -> p.at().column());

    private final List<Problem> all = new ArrayList<>();

    public void add(Position at, String found, String remedy) {
        var problem = new Problem(at, found, remedy);
        // An alias shows the same lines several times; once is enough.
        if (all.size() < MOST && !all.contains(problem)) {
            all.add(problem);
        }
    }

    public void add(Position at, Complaint complaint) {
        add(at, complaint.found(), complaint.remedy());
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /// In the order in which they stand in the file.
    public List<Problem> sorted() {
        return all.stream().sorted(AS_READ).toList();
    }
}
