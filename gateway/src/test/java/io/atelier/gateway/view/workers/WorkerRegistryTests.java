package io.atelier.gateway.view.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.gateway.SampleWorkers;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.workers.RegisteredWorker.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WorkerRegistryTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final SetClock clock = new SetClock();
    private final WorkerRegistry board = new WorkerRegistry(clock);

    @Test
    void workerThatMissesThreeHeartbeatsIsLostUntilItIsHeardAgain() {
        board.hear(SampleWorkers.beating("w", 0), NOW);

        clock.now = NOW.plusSeconds(15);
        assertThat(status()).isEqualTo(Status.READY);
        clock.now = NOW.plusMillis(15_001);
        assertThat(status()).isEqualTo(Status.LOST);
        assertThat(board.of("default", "pocket")).isEqualTo(ModelAvailability.Present.NONE);
        assertThat(board.everHad("default", "pocket")).isTrue();

        board.hear(SampleWorkers.beating("w", 0), clock.now);
        assertThat(status()).isEqualTo(Status.READY);
    }

    @Test
    void workerIsBusyWhenAllItsSlotsAreTaken() {
        board.hear(SampleWorkers.beating("w", 1), NOW);
        assertThat(status()).isEqualTo(Status.READY);

        board.hear(SampleWorkers.beating("w", 2), NOW);
        assertThat(status()).isEqualTo(Status.BUSY);
        assertThat(board.of("default", "pocket")).isEqualTo(new ModelAvailability.Present(1, 2));
    }

    @Test
    void workerThatLeavesIsStoppedAtOnce() {
        board.hear(SampleWorkers.there("w", "default", "pocket"), NOW);
        board.hear(SampleWorkers.gone("w", "default", "pocket"), NOW);

        assertThat(status()).isEqualTo(Status.STOPPED);
        assertThat(board.live()).isEmpty();
        assertThat(board.everHad("default", "pocket")).isTrue();
    }

    @Test
    void whoIsHeardNowIsAliveWhateverItsClockSays() {
        board.catchUp(0, 0);

        board.read(SampleWorkers.beating("w", 0), 0, NOW.minus(Duration.ofDays(3)));

        assertThat(status()).isEqualTo(Status.READY);
        assertThat(board.all().get(0).lastSeenAt()).isEqualTo(NOW);
    }

    @Test
    void whatIsReadOfThePastIsAsOldAsItSays() {
        board.catchUp(0, 2);
        assertThat(board.caughtUp()).isFalse();

        board.read(SampleWorkers.beating("old", 0), 0, NOW.minusSeconds(60));
        assertThat(status()).isEqualTo(Status.LOST);
        assertThat(board.caughtUp()).isFalse();

        board.read(SampleWorkers.beating("young", 0), 1, NOW.minusSeconds(1));
        assertThat(board.live()).extracting(worker -> worker.said().id()).containsExactly("young");
        assertThat(board.caughtUp()).isTrue();

        board.read(SampleWorkers.beating("ahead", 0), 1, NOW.plusSeconds(3600));
        assertThat(board.all().get(0).lastSeenAt()).isEqualTo(NOW);
    }

    @Test
    void nobodyIsMissedBeforeThePastWasRead() {
        assertThat(board.lacks("default", "pocket")).isFalse();

        board.catchUp(3, 3);
        assertThat(board.lacks("default", "pocket")).isTrue();

        board.hear(SampleWorkers.there("w", "default", "pocket"), NOW);
        assertThat(board.lacks("default", "pocket")).isFalse();
        assertThat(board.lacks("other", "pocket")).isTrue();
        assertThat(board.lacks("default", "flux")).isTrue();
    }

    @Test
    void splittersDrawNothing() {
        board.hear(SampleWorkers.splitter("s"), NOW);

        assertThat(board.of("")).isEqualTo(ModelAvailability.Present.NONE);
        assertThat(board.live()).hasSize(1);
    }

    @Test
    void whatTheTopicForgetsIsForgotten() {
        board.hear(SampleWorkers.gone("w", "default", "flux"), NOW);

        clock.now = NOW.plus(Duration.ofDays(7)).plusSeconds(1);
        board.hear(SampleWorkers.there("other", "default", "pocket"), clock.now);

        assertThat(board.everHad("default", "flux")).isFalse();
    }

    private Status status() {
        return board.all().get(0).status(clock.now);
    }

    /** Shows the time that the test sets. */
    private static final class SetClock extends Clock {

        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("Time has no zone here");
        }
    }
}
