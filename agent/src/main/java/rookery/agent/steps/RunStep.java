package rookery.agent.steps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import rookery.agent.exec.Ended;
import rookery.agent.host.HostFacts;
import rookery.agent.recipe.Place;
import rookery.agent.recipe.Stage;
import rookery.model.Failure;
import rookery.model.JobSpec;
import rookery.model.Outcome;
import rookery.model.Target;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Printable;

/// Starting a verified binary in a root that holds nothing else.
final class RunStep {
    private static final int NOTE_LINES = 5;
    private static final int NOTE_CHARS = 1_000;
    private static final String VERIFIED = "verify/";

    private RunStep() {}

    static Outcome run(Attempt attempt, Work.Run work)
            throws IOException, InterruptedException, Broken {
        Target target = work.wanted().target();
        Blob blob = verified(attempt);
        Path program = attempt.room.copy(attempt.bench.blobs().fetch(blob), "program", true);
        attempt.places.put(Place.BINARY, program.toString());
        if (!HostFacts.isOwn(target)) {
            Optional<Path> emulator = HostFacts.emulator(target);
            if (emulator.isEmpty())
                throw new Broken(
                        Failure.Kind.HOST,
                        "this machine cannot run "
                                + work.wanted().platform()
                                + " binaries; install the package qemu-user-static");
            attempt.places.put(Place.EMULATOR, emulator.get().toString());
        }
        SortedMap<String, String> notes = new TreeMap<>();
        List<Stage> stages = attempt.stages();
        for (int i = 0; i < stages.size(); i++) {
            JobSpec.RunCheck check = work.checks().get(i);
            Ended.Exited exited = attempt.run(stages.get(i));
            judge(attempt, work, check, exited);
            if (i == 0) notes.put("stdout", firstLines(exited.text()));
        }
        return new Outcome.Made(PortageSteps.one("binary", blob), blob.digest(), notes);
    }

    /// The result of the one verify step that this order hangs on.
    private static Blob verified(Attempt attempt) throws Broken {
        return attempt.order.inputs().entrySet().stream()
                .filter(e -> e.getKey().value().startsWith(VERIFIED))
                .findFirst()
                .map(e -> e.getValue().blob("binary"))
                .orElseThrow(() ->
                        new Broken(
                                Failure.Kind.BUG,
                                attempt.order.step() + " came without a verified binary"));
    }

    private static void judge(
            Attempt attempt, Work.Run work, JobSpec.RunCheck check, Ended.Exited exited)
            throws Broken {
        String command = (work.binaryName() + " " + String.join(" ", check.args())).strip();
        String on = "'" + Printable.clip(command) + "' on " + work.wanted().platform();
        List<String> excerpt = Excerpt.of(attempt.log.lastLines());
        if (exited.status() != 0)
            throw new Broken(
                    Failure.Kind.NOT_STATIC,
                    on
                            + " "
                            + Attempt.signalOf(exited.status())
                            + " in an empty root, where it must end with status 0",
                    excerpt);
        if (!exited.text().contains(check.stdout()))
            throw new Broken(
                    Failure.Kind.NOT_STATIC,
                    on
                            + " was expected to print '"
                            + Printable.clip(check.stdout())
                            + "' and printed '"
                            + Printable.clip(firstLines(exited.text()))
                            + "'",
                    excerpt);
    }

    private static String firstLines(String text) {
        String lines = text.lines().limit(NOTE_LINES).collect(Collectors.joining("\n"));
        return lines.length() > NOTE_CHARS ? lines.substring(0, NOTE_CHARS) + "…" : lines;
    }
}
