package io.atelier.gateway.view.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.SampleWorkers;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.models.ModelSizes;
import io.atelier.gateway.view.workers.RegisteredWorker.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WorkerRegistryTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final SetClock clock = new SetClock();
    private final WorkerRegistry registry = new WorkerRegistry(clock);

    @Test
    void workerThatMissesThreeHeartbeatsIsLostUntilTheNextOne() {
        registry.put(SampleWorkers.heartbeat("w", 0), NOW);

        clock.now = NOW.plusSeconds(15);
        assertThat(status()).isEqualTo(Status.READY);
        clock.now = NOW.plusMillis(15_001);
        assertThat(status()).isEqualTo(Status.LOST);
        assertThat(registry.of("default", "pocket")).isEqualTo(ModelAvailability.LiveWorkers.NONE);
        assertThat(registry.everHad("default", "pocket")).isTrue();

        registry.put(SampleWorkers.heartbeat("w", 0), clock.now);
        assertThat(status()).isEqualTo(Status.READY);
    }

    @Test
    void workerIsBusyWhenAllItsSlotsAreInUse() {
        registry.put(SampleWorkers.heartbeat("w", 1), NOW);
        assertThat(status()).isEqualTo(Status.READY);

        registry.put(SampleWorkers.heartbeat("w", 2), NOW);
        assertThat(status()).isEqualTo(Status.BUSY);

        registry.put(SampleWorkers.writing("w", 5), NOW);
        assertThat(status()).as("prompts take no slot").isEqualTo(Status.READY);
        assertThat(registry.of("default", "pocket")).isEqualTo(new ModelAvailability.LiveWorkers(1, 2));
    }

    @DisplayName("A splitter generates nothing: it is no engine, and with it alone no images can be generated")
    @Test
    void splitterIsNoEngine() {
        registry.put(SampleWorkers.splitter("s"), NOW);
        assertThat(registry.conditions()).isEmpty();

        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        assertThat(registry.conditions()).containsOnlyKeys("pocket");
    }

    @DisplayName(
            "The models of workers stay known when their workers stop; of two workers with a model the live one counts")
    @Test
    void modelsOfWorkersAreKnown() {
        assertThat(registry.localModels()).isEmpty();

        registry.put(SampleWorkers.withModel("w1", "default", "sdxl-base"), NOW.minus(Duration.ofHours(40)));
        registry.put(SampleWorkers.withModel("w2", "gpu", "sdxl-base"), NOW);
        registry.put(SampleWorkers.withModel("w3", "default", "flux"), NOW.minus(Duration.ofHours(40)));

        assertThat(registry.localModels()).extracting(Model::id).containsExactly("flux", "sdxl-base");
        assertThat(registry.localModels()).extracting(Model::pool).containsExactly("default", "gpu");
    }

    @DisplayName(
            "Of several live workers of a pool with a model, the one that makes the largest images describes it, if its engine is ready")
    @Test
    void modelHasTheLimitsOfTheLargestWorker() {
        registry.put(SampleWorkers.withModel("a", "default", "sdxl-base", 128, 128L * 128), NOW);
        registry.put(SampleWorkers.withModel("b", "default", "sdxl-base", 256, 256L * 256), NOW);
        assertThat(onlySizes().maxPixels()).isEqualTo(256L * 256);
        assertThat(onlySizes().standard()).isEqualTo(new ImageSize(256, 256));

        registry.put(SampleWorkers.withModel("c", "other", "sdxl-base", 512, 512L * 512), NOW);
        registry.put(SampleWorkers.notConfigured(SampleWorkers.withModel("d", "default", "sdxl-base", 512, null)), NOW);
        registry.put(
                SampleWorkers.withModel("e", "default", "sdxl-base", 512, 512L * 512), NOW.minus(Duration.ofHours(40)));
        assertThat(onlySizes().maxPixels()).isEqualTo(256L * 256);

        registry.put(SampleWorkers.withModel("f", "default", "sdxl-base", 512, null), NOW);
        assertThat(onlySizes().maxPixels()).isNull();
        assertThat(registry.localModels()).extracting(Model::pool).containsExactly("default");
    }

    private ModelSizes onlySizes() {
        assertThat(registry.localModels()).hasSize(1);
        return registry.localModels().get(0).sizes();
    }

    @DisplayName("A model with values that no image can have is left out, and hides no other")
    @Test
    void impossibleModelIsLeftOut() {
        var whole = SampleWorkers.withModel("w1", "default", "sdxl-base");
        registry.put(whole, NOW);
        registry.put(SampleWorkers.withWidth(SampleWorkers.withModel("w2", "default", "broken"), 0), NOW);

        assertThat(registry.localModels()).extracting(Model::id).containsExactly("sdxl-base");
    }

    @Test
    void leavingWorkerIsStoppedAtOnce() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        registry.put(SampleWorkers.leaving("w", "default", "pocket"), NOW);

        assertThat(status()).isEqualTo(Status.STOPPED);
        assertThat(registry.live()).isEmpty();
        assertThat(registry.everHad("default", "pocket")).isTrue();
    }

    @Test
    void newRecordCountsAsSeenNowWhateverItsTimestamp() {
        registry.catchUp(0, 0);

        registry.receive(SampleWorkers.heartbeat("w", 0), 0, NOW.minus(Duration.ofDays(3)));

        assertThat(status()).isEqualTo(Status.READY);
        assertThat(registry.all().get(0).lastSeenAt()).isEqualTo(NOW);
    }

    @Test
    void recordFromBeforeTheStartIsAsOldAsItsTimestamp() {
        registry.catchUp(0, 2);
        assertThat(registry.caughtUp()).isFalse();

        registry.receive(SampleWorkers.heartbeat("old", 0), 0, NOW.minusSeconds(60));
        assertThat(status()).isEqualTo(Status.LOST);
        assertThat(registry.caughtUp()).isFalse();

        registry.receive(SampleWorkers.heartbeat("young", 0), 1, NOW.minusSeconds(1));
        assertThat(registry.live())
                .extracting(worker -> worker.announcement().id())
                .containsExactly("young");
        assertThat(registry.caughtUp()).isTrue();

        registry.receive(SampleWorkers.heartbeat("ahead", 0), 1, NOW.plusSeconds(3600));
        assertThat(registry.all().get(0).lastSeenAt()).isEqualTo(NOW);
    }

    @Test
    void nothingIsLackingBeforeTheRegistryHasCaughtUp() {
        assertThat(registry.lacks("default", "pocket")).isFalse();

        registry.catchUp(3, 3);
        assertThat(registry.lacks("default", "pocket")).isTrue();

        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        assertThat(registry.lacks("default", "pocket")).isFalse();
        assertThat(registry.lacks("other", "pocket")).isTrue();
        assertThat(registry.lacks("default", "flux")).isTrue();
    }

    @Test
    void splittersAreNotCountedAsGenerators() {
        registry.put(SampleWorkers.splitter("s"), NOW);

        assertThat(registry.of("")).isEqualTo(ModelAvailability.LiveWorkers.NONE);
        assertThat(registry.live()).hasSize(1);
    }

    @Test
    void splitterIsLackingOnlyIfAllWorkersWereReadAndNoneSplits() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        assertThat(registry.lacksSplitter()).isFalse();

        registry.catchUp(0, 0);
        assertThat(registry.lacksSplitter()).isTrue();

        registry.put(SampleWorkers.splitter("s"), NOW);
        assertThat(registry.lacksSplitter()).isFalse();
    }

    @Test
    void workersAreForgottenAfterTheRetentionOfTheTopic() {
        registry.put(SampleWorkers.leaving("w", "default", "flux"), NOW);

        clock.now = NOW.plus(Duration.ofDays(7)).plusSeconds(1);
        registry.put(SampleWorkers.ready("other", "default", "pocket"), clock.now);

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
