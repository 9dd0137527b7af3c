package io.atelier.gateway.upkeep.janitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.FakeJobs;
import io.atelier.gateway.SampleJobs;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrphanSweepSchedulerTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final FakeJobs jobs = new FakeJobs(new InMemoryEventPublisher());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final OrphanSweepScheduler rounds = rounds(Duration.ofMillis(20));

    @AfterEach
    void stop() {
        rounds.stop();
    }

    @Test
    void roundFollowsRound() {
        rounds.start();

        for (int image = 1; image <= 3; image++) {
            orphan();
            await().atMost(PATIENCE).until(() -> store.keys().isEmpty());
            double all = image;
            await().atMost(PATIENCE)
                    .until(() -> meters.counter("atelier.janitor.deleted").count() == all);
        }
    }

    @Test
    void roundThatFailsIsNotTheLast() {
        orphan();
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        rounds.start();

        await().atMost(PATIENCE).until(() -> store.keys().isEmpty());
    }

    @Test
    void noIntervalMeansNoRounds() {
        var never = rounds(Duration.ZERO);

        never.start();

        assertThat(never.isRunning()).isFalse();
    }

    @Test
    void stopEndsTheRounds() {
        rounds.start();
        assertThat(rounds.isRunning()).isTrue();

        rounds.stop();

        assertThat(rounds.isRunning()).isFalse();
    }

    private OrphanSweepScheduler rounds(Duration interval) {
        var properties = new JanitorProperties(interval, Duration.ZERO, Duration.ZERO, false);
        return new OrphanSweepScheduler(new Janitor(store, jobs, properties, Clock.systemUTC()), interval, meters);
    }

    private void orphan() {
        var job = jobs.show(SampleJobs.in(JobStatus.CANCELED));
        store.put(new ObjectKey(SampleJobs.key(job.id(), 0)), new byte[1], "image/png", Map.of())
                .join();
    }
}
