package rookery.coordinator.work;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.coordinator.image.Assembler;
import rookery.model.Failure;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.StepIds;
import rookery.model.Target;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Platform;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.oci.layout.Layers;

/// Writes what [Assembler] describes into the store.
final class Assembly {
    private final ImageLayout blobs;

    Assembly(ImageLayout blobs) {
        this.blobs = blobs;
    }

    Outcome assemble(Work.Assemble work, Map<StepId, Outcome.Made> inputs) throws IOException {
        SortedMap<Platform, Blob> manifests = new TreeMap<>(Target.order());
        SortedMap<String, Blob> made = new TreeMap<>();
        for (Platform platform : work.platforms()) {
            Outcome.Made verified = inputs.get(StepIds.verify(work.image().from(), platform));
            // An optional platform whose binary failed to run has a verdict, but no place in the
            // index.
            if (verified == null || !ran(work, platform, inputs)) continue;
            manifests.put(platform, image(work, platform, verified.blob("binary"), made));
        }
        if (manifests.isEmpty()) {
            return new Outcome.Broke(
                    new Failure(
                            Failure.Kind.BUILD,
                            "the image "
                                    + work.image().repository()
                                    + " has no platform: all of "
                                    + work.platforms()
                                    + " were optional and none was built; see their failures"));
        }
        Blob index = blobs.put(OciJson.write(Assembler.index(manifests)));
        made.put("index", index);
        SortedMap<String, String> notes = new TreeMap<>();
        notes.put("repository", work.image().repository());
        notes.put("tags", String.join(" ", work.image().tags()));
        notes.put(
                "platforms",
                String.join(" ", manifests.keySet().stream().map(Platform::toString).toList()));
        return new Outcome.Made(made, index.digest(), notes);
    }

    /// A run step stands beside the verify step only where the spec asks for runs; needs that made
    /// nothing were left out of the inputs, so its absence must be told from its failure by the
    /// steps that the work says it has.
    private static boolean ran(
            Work.Assemble work, Platform platform, Map<StepId, Outcome.Made> inputs) {
        return !work.runs() || inputs.containsKey(StepIds.run(work.image().from(), platform));
    }

    /// @param made takes every part, so that an image of which one is lost is not recalled
    private Blob image(
            Work.Assemble work, Platform platform, Blob binary, SortedMap<String, Blob> made)
            throws IOException {
        List<Assembler.Entry> entries = Assembler.layer(work, binary);
        Layers.Layer layer =
                Layers.put(
                        blobs,
                        work.source().commitTime(),
                        tar -> {
                            for (Assembler.Entry entry : entries) {
                                switch (entry) {
                                    case Assembler.Entry.Directory(String name) ->
                                            tar.directory(name, 0755);
                                    case Assembler.Entry.File(
                                                    String name,
                                                    int mode,
                                                    Blob content) -> {
                                        try (InputStream in = blobs.open(content.digest())) {
                                            tar.file(name, mode, content.sizeBytes(), in);
                                        }
                                    }
                                }
                            }
                        });
        Blob config = blobs.put(OciJson.write(Assembler.config(work, platform, layer.diffId())));
        Blob manifest = blobs.put(OciJson.write(Assembler.manifest(config, layer.blob())));
        made.put("layer " + platform, layer.blob());
        made.put("config " + platform, config);
        made.put("manifest " + platform, manifest);
        return manifest;
    }
}
