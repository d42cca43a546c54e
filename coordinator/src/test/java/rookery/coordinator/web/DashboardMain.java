package rookery.coordinator.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.coordinator.farm.StepRef;
import rookery.model.JobId;

/// Shows the busy scene on a port, to be looked at: `DashboardMain PORT [empty]`.
public final class DashboardMain {
    private DashboardMain() {}

    public static void main(String[] args) {
        PlayedFarm played = args.length > 1 ? new PlayedFarm() : Scenes.busy();
        var server =
                new WebServer(
                        Vertx.vertx(),
                        Config.local(Integer.parseInt(args[0])),
                        played::farm,
                        memoryOnly(played.farm()),
                        texts(),
                        new Meters(),
                        played::now);
        System.err.println(server.start().address());
    }

    public static History memoryOnly(Farm farm) {
        return new History() {
            @Override
            public Optional<Job> job(JobId id) {
                return Optional.empty();
            }

            @Override
            public List<JobSummary> jobs(int limit, Optional<JobId> before) {
                return farm.jobs().values().stream()
                        .sorted(
                                java.util.Comparator.comparing(Job::submittedAt)
                                        .reversed()
                                        .thenComparing(Job::id))
                        .map(JobSummary::of)
                        .limit(limit)
                        .toList();
            }
        };
    }

    public static LogSource texts() {
        return new LogSource() {
            private byte[] of(StepRef step) {
                return Scenes.log(step.step().value()).orElse("").getBytes(UTF_8);
            }

            @Override
            public long size(StepRef step) {
                return of(step).length;
            }

            @Override
            public byte[] read(StepRef step, long offset, int limit) {
                byte[] all = of(step);
                int from = (int) Math.min(offset, all.length);
                return Arrays.copyOfRange(all, from, Math.min(all.length, from + limit));
            }
        };
    }
}
