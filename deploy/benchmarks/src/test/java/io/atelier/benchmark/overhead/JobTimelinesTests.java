package io.atelier.benchmark.overhead;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.benchmark.system.TopicListener.Heard;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobTimelinesTests {

    private static final Instant SENT = Instant.parse("2026-11-21T10:00:00Z");
    private static final long SENT_NANOS = 5_000_000_000L;

    private final JobTimelines journeys = new JobTimelines();

    @Test
    void stagesAreCountedFromSendingByTheClockThatSawThem() {
        hear("io.atelier.generation.requested.v1", 1, 1);
        hear("io.atelier.task.started.v1", 3, 4);
        hear("io.atelier.task.succeeded.v1", 8, 9);
        hear("io.atelier.generation.succeeded.v1", 8, 11);
        var journey = journeys.of("job");
        journey.sent(SENT_NANOS, SENT);

        assertThat(journey.until(JobStage.ORDERED)).contains(Duration.ofMillis(1));
        assertThat(journey.until(JobStage.LEASED)).contains(Duration.ofMillis(3));
        assertThat(journey.until(JobStage.STORED)).contains(Duration.ofMillis(8));
        assertThat(journey.until(JobStage.REPORTED)).contains(Duration.ofMillis(9));
        assertThat(journey.until(JobStage.ANNOUNCED)).contains(Duration.ofMillis(11));
        assertThat(journey.until(JobStage.SHOWN)).isEmpty();
    }

    @Test
    void aJobHeardOfBeforeItsPostWasAnsweredIsNotWaitedForInVain() {
        hear("io.atelier.generation.succeeded.v1", 8, 11);

        assertThat(journeys.of("job").announced()).isCompleted();
    }

    @Test
    void aFailedTaskEndsTheMeasurement() {
        hear("io.atelier.task.failed.v1", 8, 11);

        assertThat(journeys.of("job").announced()).isCompletedExceptionally();
    }

    @Test
    void theFirstOfTwoRecordsCounts() {
        hear("io.atelier.generation.succeeded.v1", 8, 11);
        hear("io.atelier.generation.succeeded.v1", 8, 90);
        var journey = journeys.of("job");
        journey.sent(SENT_NANOS, SENT);

        assertThat(journey.until(JobStage.ANNOUNCED)).contains(Duration.ofMillis(11));
    }

    private void hear(String type, long atMillis, long heardMillis) {
        journeys.accept(new Heard(
                "job",
                type,
                SENT.plus(atMillis, ChronoUnit.MILLIS),
                SENT_NANOS + TimeUnit.MILLISECONDS.toNanos(heardMillis)));
    }
}
