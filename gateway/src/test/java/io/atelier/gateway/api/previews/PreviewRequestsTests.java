package io.atelier.gateway.api.previews;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobId;
import io.atelier.contract.work.PreviewsRequested;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.messaging.InMemoryEventPublisher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

class PreviewRequestsTests {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
    private static final JobId JOB = JobId.create(NOW, new Random(1));
    private static final JobId OTHER = JobId.create(NOW, new Random(2));

    private final InMemoryEventPublisher published = new InMemoryEventPublisher();
    private final NonBlockingPublisher publisher = new NonBlockingPublisher(published);
    private final Ticks ticks = new Ticks();
    private final PreviewRequests requests = new PreviewRequests(publisher, Clock.fixed(NOW, ZoneOffset.UTC), ticks);

    @AfterEach
    void stop() {
        publisher.dispose();
    }

    @Test
    @DisplayName(
            "A job is requested once for all its clients, again at each interval, and no more when the last has left")
    void oneRequestForAJob() {
        var first = requests.during(JOB, Flux.never()).subscribe();
        var second = requests.during(JOB, Flux.never()).subscribe();
        ticks.tick();
        awaitRequests(1);
        ticks.tick();
        awaitRequests(2);

        first.dispose();
        ticks.tick();
        awaitRequests(3);
        second.dispose();

        assertThat(ticks.tasks).isEmpty();
        assertThat(published.commands())
                .containsOnly(new PreviewsRequested(JOB, NOW, NOW.plus(PreviewRequests.VALIDITY)));
    }

    @Test
    void jobsAreRequestedApart() {
        requests.during(JOB, Flux.never()).subscribe();
        var other = requests.during(OTHER, Flux.never()).subscribe();
        other.dispose();
        ticks.tick();
        awaitRequests(1);

        assertThat(published.commands()).extracting("job").containsExactly(JOB);
    }

    @Test
    void aRequestOutlivesTwoThatAreLost() {
        assertThat(PreviewRequests.VALIDITY).isGreaterThanOrEqualTo(PreviewRequests.INTERVAL.multipliedBy(3));
    }

    private void awaitRequests(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> published.commands().size() == count);
    }

    /** Runs periodic tasks when a test says so. */
    private static final class Ticks implements Scheduler {

        private final List<Runnable> tasks = new ArrayList<>();

        @Override
        public Disposable schedule(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            assertThat(initialDelay).isZero();
            assertThat(unit.toMillis(period)).isEqualTo(PreviewRequests.INTERVAL.toMillis());
            tasks.add(task);
            return () -> tasks.remove(task);
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException();
        }

        void tick() {
            List.copyOf(tasks).forEach(Runnable::run);
        }
    }
}
