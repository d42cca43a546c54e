package rookery.coordinator.web.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.model.StepIds;
import rookery.model.Work;
import rookery.oci.Platform;

/// What a job makes in the end.
public record Images(List<Image> images) implements Panel {
    private static final int CHARS = 200;

    /// @param digest of the index, once it is assembled
    public record Image(
            String repository,
            List<String> tags,
            List<String> platforms,
            Optional<String> digest,
            Cell assemble,
            Optional<Cell> publish) {
        public Image {
            tags = List.copyOf(tags);
            platforms = List.copyOf(platforms);
        }
    }

    public Images {
        images = List.copyOf(images);
    }

    static Images of(Farm farm, Job job) {
        var images = new ArrayList<Image>();
        for (StepRow row : job.steps().values()) {
            if (!(row.step().work() instanceof Work.Assemble w)) continue;
            Optional<String> digest =
                    row.state() instanceof StepState.Done(var made, _)
                            ? made.find("index").map(b -> b.digest().toString())
                            : Optional.empty();
            images.add(
                    new Image(
                            Clean.line(w.image().repository(), CHARS),
                            w.image().tags().stream().map(t -> Clean.line(t, CHARS)).toList(),
                            w.platforms().stream().map(Platform::toString).toList(),
                            digest,
                            Cell.of(farm, job, row),
                            Cell.of(farm, job, StepIds.publish(w.image().repository()))));
        }
        return new Images(images);
    }
}
