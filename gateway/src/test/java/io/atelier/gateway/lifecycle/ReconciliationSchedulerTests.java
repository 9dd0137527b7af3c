package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ReconciliationSchedulerTests {

    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final PublishedJobs READY = new PublishedJobs() {
        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public Map<JobId, Instant> open() {
            return Map.of();
        }

        @Override
        public Optional<Job> find(JobId job) {
            return Optional.empty();
        }
    };

    private final ReconciliationQueue queue = new ReconciliationQueue(new SimpleMeterRegistry(), new JobPartitions(1));

    @Test
    void aSurveyThatFailedIsRepeatedSoon() {
        var calls = new AtomicInteger();
        var scheduler = new ReconciliationScheduler(
                () -> {
                    if (calls.incrementAndGet() < 3) {
                        throw new IllegalStateException("The brokers did not answer.");
                    }
                    return new TopicSurvey(Instant.now(), Set.of(0), List.of(), Map.of(), Map.of());
                },
                READY,
                queue,
                SOON,
                INTERVAL);
        queue.processorStarted(0, Instant.now());
        scheduler.start();
        try {
            Awaitility.await().untilAsserted(() -> assertThat(queue.poll(0)).isNotNull());
            assertThat(calls).hasValue(3);
        } finally {
            scheduler.stop();
        }
    }
}
