package io.atelier.benchmark.overhead;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.benchmark.system.TopicListener.ReceivedRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobTimelinesTests {

    private static final Instant SENT = Instant.parse("2026-11-21T10:00:00Z");
    private static final long SENT_NANOS = 5_000_000_000L;

    private final JobTimelines timelines = new JobTimelines();

    @Test
    void stagesAreMeasuredFromSendingByTheClockThatRecordedThem() {
        receive("io.atelier.generation.requested.v1", 1, 1);
        receive("io.atelier.task.started.v1", 3, 4);
        receive("io.atelier.task.succeeded.v1", 8, 9);
        receive("io.atelier.generation.succeeded.v1", 8, 11);
        var timeline = timelines.of("job");
        timeline.sent(SENT_NANOS, SENT);

        assertThat(timeline.until(JobStage.REQUESTED)).contains(Duration.ofMillis(1));
        assertThat(timeline.until(JobStage.LEASED)).contains(Duration.ofMillis(3));
        assertThat(timeline.until(JobStage.STORED)).contains(Duration.ofMillis(8));
        assertThat(timeline.until(JobStage.REPORTED)).contains(Duration.ofMillis(9));
        assertThat(timeline.until(JobStage.PUBLISHED)).contains(Duration.ofMillis(11));
        assertThat(timeline.until(JobStage.VISIBLE)).isEmpty();
    }

    @Test
    void aSuccessBeforeThePostResponseCompletesTheJob() {
        receive("io.atelier.generation.succeeded.v1", 8, 11);

        assertThat(timelines.of("job").published()).isCompleted();
    }

    @Test
    void aFailedTaskEndsTheMeasurement() {
        receive("io.atelier.task.failed.v1", 8, 11);

        assertThat(timelines.of("job").published()).isCompletedExceptionally();
    }

    @Test
    void theFirstOfTwoRecordsCounts() {
        receive("io.atelier.generation.succeeded.v1", 8, 11);
        receive("io.atelier.generation.succeeded.v1", 8, 90);
        var timeline = timelines.of("job");
        timeline.sent(SENT_NANOS, SENT);

        assertThat(timeline.until(JobStage.PUBLISHED)).contains(Duration.ofMillis(11));
    }

    private void receive(String type, long atMillis, long receivedMillis) {
        timelines.accept(new ReceivedRecord(
                "job",
                type,
                SENT.plus(atMillis, ChronoUnit.MILLIS),
                SENT_NANOS + TimeUnit.MILLISECONDS.toNanos(receivedMillis)));
    }
}
