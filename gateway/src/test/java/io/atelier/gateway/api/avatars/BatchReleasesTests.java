package io.atelier.gateway.api.avatars;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.Worker;
import io.atelier.gateway.lifecycle.FoldedJob;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.messaging.PublishingFailed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Releases of held jobs by gateways whose views lag behind the lifecycle, each partition by itself. */
class BatchReleasesTests {

    private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");
    private static final AvatarBatchId BATCH = new AvatarBatchId("avatar_batch_06dahq1v1tw0f8v0sjy2m7sqs0");
    private static final Worker WORKER = new Worker("generator-1", "openai", "remote");
    private static final Failure BLOCKED = new Failure(Failure.Code.MODERATION_BLOCKED, "", null);

    private final Lifecycle lifecycle = new Lifecycle();

    @Test
    void jobsAreReleasedInTheirOrderAsOthersEnd() {
        var gateway = new ReleasingGateway(lifecycle);
        lifecycle.submit(6, 2);
        gateway.readAll();
        assertThat(lifecycle.running()).containsExactly(0, 1);

        lifecycle.end(1);
        gateway.readAll();
        assertThat(lifecycle.running()).containsExactly(0, 2);

        lifecycle.end(0);
        lifecycle.end(2);
        gateway.readAll();
        assertThat(lifecycle.running()).containsExactly(3, 4);
    }

    @Test
    @DisplayName("A job that is not shown yet counts as open, because those behind it may be shown first")
    void jobIsNotReleasedBeforeThoseBeforeItAreShown() {
        var gateway = new ReleasingGateway(lifecycle);
        lifecycle.submit(3, 2);

        gateway.read(2);
        assertThat(lifecycle.running()).isEmpty();
        gateway.read(1);
        assertThat(lifecycle.running()).containsExactly(1);
        gateway.read(0);
        assertThat(lifecycle.running()).containsExactly(0, 1);
    }

    @Test
    void jobsThatWerePurgedCountAsEndedWhenTheNextOnesAreOld() {
        var gateway = new ReleasingGateway(lifecycle);
        lifecycle.submit(3, 1);
        gateway.read(2);
        gateway.tick(50 * 60);
        assertThat(lifecycle.running()).isEmpty();

        gateway.tick(11 * 60);
        gateway.tick(5);
        assertThat(lifecycle.running()).containsExactly(2);
    }

    @Test
    void releaseThatWasNotPublishedIsRepeated() {
        var gateway = new ReleasingGateway(lifecycle);
        lifecycle.submit(1, 1);
        lifecycle.refusal = new PublishingFailed("No broker", new IllegalStateException());
        gateway.readAll();
        assertThat(lifecycle.running()).isEmpty();

        lifecycle.refusal = null;
        gateway.tick(5);
        assertThat(lifecycle.running()).containsExactly(0);
    }

    @Test
    void releaseWithoutEffectIsRepeatedAfterAWhile() {
        var gateway = new ReleasingGateway(lifecycle);
        lifecycle.submit(1, 1);
        lifecycle.losesReleases = true;
        gateway.readAll();
        gateway.tick(5);
        assertThat(lifecycle.releases).isEqualTo(1);

        gateway.tick(30);
        assertThat(lifecycle.releases).isEqualTo(2);
    }

    @Test
    void viewThatIsNotReadyIsAskedAgain() {
        var gateway = new ReleasingGateway(lifecycle);
        lifecycle.submit(2, 1);
        gateway.view.isReady = false;
        gateway.readAll();
        assertThat(lifecycle.running()).isEmpty();

        gateway.view.isReady = true;
        gateway.tick(5);
        assertThat(lifecycle.running()).containsExactly(0);
    }

    @Test
    void jobsOfOthersWithTheIdsOfABatchAreNotReleased() {
        var gateway = new ReleasingGateway(lifecycle);
        lifecycle.submitStranger(0);
        lifecycle.submit(2, 1, 1);
        gateway.readAll();

        assertThat(lifecycle.releases).isZero();
    }

    @RepeatedTest(100)
    @DisplayName(
            "Whatever each gateway has read, and however often it starts, never more than the concurrency run, and all end")
    void neverMoreThanTheConcurrencyRun(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        int size = 1 + random.nextInt(12);
        int concurrency = 1 + random.nextInt(4);
        var gateways = List.of(new ReleasingGateway(lifecycle), new ReleasingGateway(lifecycle));
        lifecycle.submit(size, concurrency);

        for (int step = 0; step < 400; step++) {
            var gateway = gateways.get(random.nextInt(gateways.size()));
            switch (random.nextInt(8)) {
                case 0 -> gateway.tick(1 + random.nextInt(40));
                case 1 -> gateway.restart();
                case 2, 3 -> {
                    var running = lifecycle.running();
                    if (!running.isEmpty()) {
                        lifecycle.end(running.get(random.nextInt(running.size())));
                    }
                }
                default -> gateway.read(random.nextInt(size));
            }
            assertThat(lifecycle.running()).hasSizeLessThanOrEqualTo(concurrency);
        }
        for (int round = 0; round < size + 1; round++) {
            gateways.get(0).readAll();
            lifecycle.running().forEach(lifecycle::end);
        }

        assertThat(lifecycle.isEverythingEnded()).isTrue();
        gateways.get(0).readAll();
        gateways.get(0).tick(5);
        assertThat(gateways.get(0).view.reads(() -> gateways.get(0).tick(5))).isZero();
    }

    /** The states of all jobs, which views show later. */
    static final class Lifecycle {

        final List<List<JobEvent>> jobs = new ArrayList<>();
        Instant now = START;
        boolean losesReleases;

        @Nullable
        PublishingFailed refusal;

        int releases;

        void submit(int size, int concurrency) {
            submit(size, concurrency, 0);
        }

        /** @param from the first one that is submitted */
        void submit(int size, int concurrency, int from) {
            for (int i = from; i < size; i++) {
                add(i, new AvatarBatchPlace(BATCH, i, size, concurrency).labels(Map.of("own", "label")), true);
            }
        }

        /** A job of a client that has chosen the id. */
        void submitStranger(int index) {
            add(index, Map.of(), false);
        }

        private void add(int index, Map<String, String> labels, boolean isHeld) {
            var request = GenerationRequest.builder()
                    .prompt("")
                    .model("gpt-image-2")
                    .requestedModel("gpt-image-2")
                    .engine("openai")
                    .pool("remote")
                    .size(new ImageSize(64, 64))
                    .seed(1)
                    .grid(new GridSpec(2, 2, true, 0, 35, 64))
                    .labels(labels)
                    .avatar(AvatarSpec.builder(List.of(AvatarStep.values()), 4)
                            .held(isHeld)
                            .build())
                    .build();
            var events = new ArrayList<JobEvent>();
            events.add(new GenerationRequested(BATCH.job(index), "avatar", 1, 3, now, null, request));
            jobs.add(events);
        }

        Mono<Void> publish(JobEvent event) {
            if (refusal != null) {
                return Mono.error(refusal);
            }
            releases++;
            for (var events : jobs) {
                if (!losesReleases
                        && events.get(0).job().equals(event.job())
                        && job(events).stage().equals("held")) {
                    events.add(event);
                }
            }
            return Mono.empty();
        }

        InstantSource clock() {
            return () -> now;
        }

        void end(int index) {
            var events = jobs.get(index);
            var id = events.get(0).job();
            events.add(new TaskFailed(id, "prompt-0", 1, now, WORKER, BLOCKED, null, null, null));
        }

        /** The places of the jobs that were released and have not ended. */
        List<Integer> running() {
            var running = new ArrayList<Integer>();
            for (int i = 0; i < jobs.size(); i++) {
                var job = job(jobs.get(i));
                if (!job.status().terminal() && !job.stage().equals("held")) {
                    running.add(i);
                }
            }
            return running;
        }

        boolean isEverythingEnded() {
            return jobs.stream().allMatch(events -> job(events).status().terminal());
        }

        static Job job(List<JobEvent> events) {
            return FoldedJob.after(events).orElseThrow();
        }
    }

    /** A gateway that reads each job by itself. */
    private static final class ReleasingGateway {

        private final Lifecycle lifecycle;
        private final LaggingView view = new LaggingView();
        private ManualScheduler thread = new ManualScheduler();
        private BatchReleases releases;

        ReleasingGateway(Lifecycle lifecycle) {
            this.lifecycle = lifecycle;
            this.releases = start();
        }

        private BatchReleases start() {
            return new BatchReleases(
                    () -> view, lifecycle::publish, lifecycle.clock(), thread, ManualScheduler.INTERVAL);
        }

        /** Shows all that is known of a job. */
        void read(int index) {
            if (index < lifecycle.jobs.size()) {
                var job = Lifecycle.job(lifecycle.jobs.get(index));
                view.show(job);
                releases.changed(JobSummary.of(job));
                thread.runAll();
            }
        }

        void readAll() {
            for (int i = 0; i < lifecycle.jobs.size(); i++) {
                read(i);
            }
        }

        void tick(int seconds) {
            lifecycle.now = lifecycle.now.plusSeconds(seconds);
            thread.tick();
        }

        void restart() {
            releases.dispose();
            thread = new ManualScheduler();
            releases = start();
            releases.start(view.open());
            thread.runAll();
        }
    }
}
