package io.atelier.gateway.upkeep.janitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.FakeJobs;
import io.atelier.gateway.SampleJobs;
import io.atelier.gateway.upkeep.publication.CopyRemoval;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectPublisher;
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

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final FakeJobs jobs = new FakeJobs(new InMemoryEventPublisher());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final OrphanSweepScheduler scheduler = scheduler(Duration.ofMillis(20));

    @AfterEach
    void stop() {
        scheduler.stop();
    }

    @Test
    void sweepsAreRepeated() {
        scheduler.start();

        for (int image = 1; image <= 3; image++) {
            storeOrphan();
            await().atMost(TIMEOUT).until(() -> store.keys().isEmpty());
            double deleted = image;
            await().atMost(TIMEOUT)
                    .until(() -> meters.counter("atelier.janitor.deleted").count() == deleted);
        }
    }

    @Test
    void failedSweepIsFollowedByAnother() {
        storeOrphan();
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        scheduler.start();

        await().atMost(TIMEOUT).until(() -> store.keys().isEmpty());
    }

    @Test
    void intervalOfZeroMeansNoSweeps() {
        var never = scheduler(Duration.ZERO);

        never.start();

        assertThat(never.isRunning()).isFalse();
    }

    @Test
    void stopEndsTheSweeps() {
        scheduler.start();
        assertThat(scheduler.isRunning()).isTrue();

        scheduler.stop();

        assertThat(scheduler.isRunning()).isFalse();
    }

    private OrphanSweepScheduler scheduler(Duration interval) {
        var properties = new JanitorProperties(interval, Duration.ZERO, Duration.ZERO, false);
        var copies = new CopyRemoval(store, new InMemoryObjectPublisher(store));
        var janitor = new Janitor(store, copies, jobs, properties, Clock.systemUTC());
        return new OrphanSweepScheduler(janitor, interval, meters);
    }

    private void storeOrphan() {
        var job = jobs.show(SampleJobs.in(JobStatus.CANCELED));
        store.put(new ObjectKey(SampleJobs.key(job.id(), 0)), new byte[1], "image/png", Map.of())
                .join();
    }
}
