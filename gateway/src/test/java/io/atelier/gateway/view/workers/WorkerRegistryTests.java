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
    private final WorkerRegistry registry = new WorkerRegistry(clock);

    @Test
    void workerThatMissesThreeHeartbeatsIsLostUntilTheNextOne() {
        registry.hear(SampleWorkers.beating("w", 0), NOW);

        clock.now = NOW.plusSeconds(15);
        assertThat(status()).isEqualTo(Status.READY);
        clock.now = NOW.plusMillis(15_001);
        assertThat(status()).isEqualTo(Status.LOST);
        assertThat(registry.of("default", "pocket")).isEqualTo(ModelAvailability.Present.NONE);
        assertThat(registry.everHad("default", "pocket")).isTrue();

        registry.hear(SampleWorkers.beating("w", 0), clock.now);
        assertThat(status()).isEqualTo(Status.READY);
    }

    @Test
    void workerIsBusyWhenAllItsSlotsAreInUse() {
        registry.hear(SampleWorkers.beating("w", 1), NOW);
        assertThat(status()).isEqualTo(Status.READY);

        registry.hear(SampleWorkers.beating("w", 2), NOW);
        assertThat(status()).isEqualTo(Status.BUSY);
        assertThat(registry.of("default", "pocket")).isEqualTo(new ModelAvailability.Present(1, 2));
    }

    @Test
    void leavingWorkerIsStoppedAtOnce() {
        registry.hear(SampleWorkers.there("w", "default", "pocket"), NOW);
        registry.hear(SampleWorkers.gone("w", "default", "pocket"), NOW);

        assertThat(status()).isEqualTo(Status.STOPPED);
        assertThat(registry.live()).isEmpty();
        assertThat(registry.everHad("default", "pocket")).isTrue();
    }

    @Test
    void newRecordCountsAsSeenNowWhateverItsTimestamp() {
        registry.catchUp(0, 0);

        registry.read(SampleWorkers.beating("w", 0), 0, NOW.minus(Duration.ofDays(3)));

        assertThat(status()).isEqualTo(Status.READY);
        assertThat(registry.all().get(0).lastSeenAt()).isEqualTo(NOW);
    }

    @Test
    void recordFromBeforeTheStartIsAsOldAsItsTimestamp() {
        registry.catchUp(0, 2);
        assertThat(registry.caughtUp()).isFalse();

        registry.read(SampleWorkers.beating("old", 0), 0, NOW.minusSeconds(60));
        assertThat(status()).isEqualTo(Status.LOST);
        assertThat(registry.caughtUp()).isFalse();

        registry.read(SampleWorkers.beating("young", 0), 1, NOW.minusSeconds(1));
        assertThat(registry.live()).extracting(worker -> worker.said().id()).containsExactly("young");
        assertThat(registry.caughtUp()).isTrue();

        registry.read(SampleWorkers.beating("ahead", 0), 1, NOW.plusSeconds(3600));
        assertThat(registry.all().get(0).lastSeenAt()).isEqualTo(NOW);
    }

    @Test
    void nothingIsLackingBeforeTheRegistryHasCaughtUp() {
        assertThat(registry.lacks("default", "pocket")).isFalse();

        registry.catchUp(3, 3);
        assertThat(registry.lacks("default", "pocket")).isTrue();

        registry.hear(SampleWorkers.there("w", "default", "pocket"), NOW);
        assertThat(registry.lacks("default", "pocket")).isFalse();
        assertThat(registry.lacks("other", "pocket")).isTrue();
        assertThat(registry.lacks("default", "flux")).isTrue();
    }

    @Test
    void splittersAreNotCountedAsGenerators() {
        registry.hear(SampleWorkers.splitter("s"), NOW);

        assertThat(registry.of("")).isEqualTo(ModelAvailability.Present.NONE);
        assertThat(registry.live()).hasSize(1);
    }

    @Test
    void workersAreForgottenAfterTheRetentionOfTheTopic() {
        registry.hear(SampleWorkers.gone("w", "default", "flux"), NOW);

        clock.now = NOW.plus(Duration.ofDays(7)).plusSeconds(1);
        registry.hear(SampleWorkers.there("other", "default", "pocket"), clock.now);

        assertThat(registry.everHad("default", "flux")).isFalse();
    }

    private Status status() {
        return registry.all().get(0).status(clock.now);
    }

    /** A clock that the test sets. */
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
            throw new UnsupportedOperationException("This clock has no time zones");
        }
    }
}
