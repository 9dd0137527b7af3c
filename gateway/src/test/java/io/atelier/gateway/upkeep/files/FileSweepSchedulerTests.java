package io.atelier.gateway.upkeep.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.gateway.files.ExpiredFileSweep;
import io.atelier.gateway.files.FileRepository;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileSweepSchedulerTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Two days ago, so that a file that was kept for a day has expired. */
    private static final Clock EARLIER = Clock.offset(Clock.systemUTC(), Duration.ofDays(-2));

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FileSweepScheduler scheduler = scheduler(Duration.ofMillis(20));

    @AfterEach
    void stop() {
        scheduler.stop();
    }

    @Test
    void expiredFilesAreDeletedAndCounted() {
        store(1);
        store(2);

        scheduler.start();

        awaitExpired(2);
    }

    @Test
    void failedSweepIsFollowedByAnother() {
        store(1);
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        scheduler.start();

        awaitExpired(1);
    }

    @Test
    void intervalOfZeroMeansNoSweeps() {
        var never = scheduler(Duration.ZERO);

        never.start();

        assertThat(never.isRunning()).isFalse();
    }

    private void awaitExpired(int files) {
        await().atMost(TIMEOUT)
                .until(() -> meters.counter("atelier.files.expired").count() == files);
        assertThat(store.keys()).noneMatch(key -> key.contains("content"));
    }

    private void store(int content) {
        new FileRepository(store, EARLIER)
                .store(new byte[] {(byte) content}, "image/png", 1, 1, Duration.ofDays(1))
                .join();
    }

    private FileSweepScheduler scheduler(Duration interval) {
        var now = Clock.systemUTC();
        var sweep = new ExpiredFileSweep(
                store, new FileRepository(store, now), Duration.ofHours(1), Duration.ofDays(30), now);
        return new FileSweepScheduler(sweep, interval, Duration.ZERO, meters);
    }
}
