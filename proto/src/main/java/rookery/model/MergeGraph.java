package rookery.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// What Portage would merge for one CHOST, in merge order: the answer of the resolve step.
public record MergeGraph(String chost, List<Node> packages) {

    /// One package to be merged.
    ///
    /// @param cpv `category/name-version`
    /// @param use the enabled flags of its IUSE, sorted
    /// @param recipe the digest of everything in the repositories that decides how it is built:
    ///   ebuild, eclasses, files, patches
    /// @param env what the user's config sets for it (CFLAGS, EXTRA_ECONF …)
    /// @param needs CPVs that must lie in the sysroot before it is built or used
    public record Node(
            String cpv,
            String slot,
            String repo,
            List<String> use,
            String recipe,
            SortedMap<String, String> env,
            List<Distfile> distfiles,
            List<String> needs) {
        public Node {
            use = List.copyOf(use);
            env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
            distfiles = List.copyOf(distfiles);
            needs = List.copyOf(needs);
        }
    }

    public MergeGraph {
        packages = List.copyOf(packages);
        if (packages.size() > Limits.PACKAGES)
            throw new IllegalArgumentException(
                    "a graph has at most " + Limits.PACKAGES + " packages");
        var seen = new LinkedHashSet<String>();
        for (Node p : packages) {
            if (!seen.containsAll(p.needs)) {
                var missing = new ArrayList<>(p.needs);
                missing.removeAll(seen);
                throw new IllegalArgumentException(
                        p.cpv
                                + " needs "
                                + missing
                                + ", which do not stand before it in the merge list");
            }
            if (!seen.add(p.cpv))
                throw new IllegalArgumentException(p.cpv + " stands twice in the merge list");
        }
    }

    /// Everything that `cpv` needs, directly or not, in merge order, itself excluded.
    public List<Node> closure(String cpv) {
        SequencedMap<String, Node> byCpv = new LinkedHashMap<>();
        packages.forEach(p -> byCpv.put(p.cpv, p));
        Node root = byCpv.get(cpv);
        if (root == null)
            throw new IllegalArgumentException(cpv + " is not in the merge list of " + chost);
        var wanted = new LinkedHashSet<String>(root.needs);
        // Merge order puts needs first, so one walk backwards sees every package before what it
        // needs.
        for (Node p : packages.reversed()) {
            if (wanted.contains(p.cpv)) wanted.addAll(p.needs);
        }
        return packages.stream().filter(p -> wanted.contains(p.cpv)).toList();
    }
}
