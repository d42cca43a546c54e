package rookery.coordinator.blobs;

import java.util.SortedSet;
import java.util.TreeSet;
import rookery.model.JobSpec;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Digest;

/// Which blobs a value names.
public final class Named {
    private Named() {}

    /// The job's own files: what its submitter uploaded.
    public static SortedSet<Digest> by(JobSpec spec) {
        SortedSet<Digest> named = new TreeSet<>();
        add(named, spec.source());
        add(named, spec.portage());
        for (JobSpec.Image image : spec.images()) add(named, image);
        return named;
    }

    /// Everything that an agent needs for a step.
    public static SortedSet<Digest> by(Order order) {
        SortedSet<Digest> named = new TreeSet<>();
        switch (order.work()) {
            case Work.Modules work -> add(named, work.goModAndSum());
            case Work.Resolve work -> add(named, work.portage());
            case Work.PackageBuild work -> add(named, work.portage());
            case Work.GoBuild work -> {
                add(named, work.portage());
                // Its modules are an input, made by a step of their own.
                add(named, work.source().tree());
            }
            case Work.Fetch _, Work.Run _ -> {}
        }
        for (Outcome.Made made : order.inputs().values()) named.addAll(by(made));
        return named;
    }

    public static SortedSet<Digest> by(Outcome.Made made) {
        SortedSet<Digest> named = new TreeSet<>();
        for (Blob blob : made.blobs().values()) add(named, blob);
        return named;
    }

    private static void add(SortedSet<Digest> to, JobSpec.Source source) {
        add(to, source.tree());
        source.modules().ifPresent(b -> add(to, b));
    }

    private static void add(SortedSet<Digest> to, JobSpec.Portage portage) {
        for (JobSpec.Repo repo : portage.repos()) repo.tree().ifPresent(b -> add(to, b));
        portage.config().ifPresent(b -> add(to, b));
    }

    private static void add(SortedSet<Digest> to, JobSpec.Image image) {
        for (JobSpec.Include include : image.include()) add(to, include.content());
    }

    private static void add(SortedSet<Digest> to, Blob blob) {
        to.add(blob.digest());
    }
}
