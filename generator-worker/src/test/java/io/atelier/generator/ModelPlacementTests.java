package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.generator.engine.EngineSource;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.messaging.EventCodec;
import io.atelier.worker.presence.PeerWorkers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.support.MessageBuilder;

class ModelPlacementTests {

    private static final Instant AT = SampleTasks.AT;

    private final PeerWorkers peers = new PeerWorkers("own", () -> AT);
    private GenerationEngine engine = new ScriptedEngine((request, run) -> List.of());

    @BeforeEach
    void catchUp() {
        announce("own", model(false), 0);
    }

    @Test
    void aTaskWhoseModelIsHereRunsHere() throws Exception {
        announce(model(false), 0);

        assertThat(placed(model(false), 0)).isNull();
    }

    @Test
    void aTaskWhoseModelIsOnlyElsewhereIsForwardedAtOnce() throws Exception {
        announce(model(false), 2);

        assertThat(placed(null, 0)).isEqualTo(Duration.ZERO);
    }

    @DisplayName("A task that comes back is held for longer each time, two seconds at most")
    @Test
    void aTaskThatComesBackIsHeld() throws Exception {
        announce(model(false), 2);

        assertThat(placed(null, 1)).isEqualTo(Duration.ofMillis(50));
        assertThat(placed(null, 2)).isEqualTo(Duration.ofMillis(100));
        assertThat(placed(null, 7)).isEqualTo(Duration.ofSeconds(2));
        assertThat(placed(null, 1_000_000)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aModelThatCannotBeUsedHereIsUsedElsewhere() throws Exception {
        announce(model(false), 2);
        engine = new ScriptedEngine((request, run) -> List.of()) {
            @Override
            public EngineStatus status() {
                return EngineStatus.notConfigured("The model needs more memory than there is.");
            }
        };

        assertThat(placed(model(false), 0)).isEqualTo(Duration.ZERO);
    }

    @Test
    void nothingIsForwardedToWorkersOfEarlierVersions() throws Exception {
        announce("peer", model(true), 0, null);

        assertThat(placed(null, 0)).isNull();
        assertThat(placed(model(false), 0)).isNull();
    }

    /** The task has 96 x 64 pixels. */
    @DisplayName(
            "An image that is too large for the memory here is made by a worker with more, as long as there is one")
    @Test
    void aLargeImageGoesToAWorkerWithMoreMemory() throws Exception {
        var small = model(true, 96 * 64 - 1L);
        announce(small, 0);
        assertThat(placed(small, 0)).isNull();

        announce("large", model(false, 96 * 64L), 2);
        assertThat(placed(small, 0)).isEqualTo(Duration.ZERO);
        assertThat(placed(small, 5)).isEqualTo(Duration.ofMillis(800));
        assertThat(placed(model(false, 96 * 64L), 0)).isNull();
        assertThat(placed(null, 0)).isEqualTo(Duration.ZERO);
    }

    @DisplayName("A task for a card that this worker lacks goes to a worker that has it")
    @Test
    void aTaskForACardGoesToItsWorker() throws Exception {
        engine = new ScriptedEngine((request, run) -> List.of()) {
            @Override
            public List<String> devices() {
                return List.of("gpu");
            }
        };
        announce("one-card", model(true), 0, List.of("gpu", "cpu"));
        assertThat(placed(onDevice("gpu.1"), model(true), 0)).isNull();

        announce("two-cards", model(true), 0, List.of("gpu", "gpu.1"));
        assertThat(placed(onDevice("gpu.1"), model(true), 0)).isEqualTo(Duration.ZERO);
        assertThat(placed(onDevice("gpu.2"), model(true), 0)).isNull();
        assertThat(placed(onDevice("gpu"), model(true), 0)).isNull();
    }

    private static GenerationRequest onDevice(String device) {
        return SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null).toBuilder()
                .routing(new Routing(null, List.of()).withDevice(new DeviceName(device)))
                .build();
    }

    @DisplayName("Without a live worker of the pool that has the model a task stays and fails here")
    @Test
    void aTaskWhoseModelIsNowhereStaysAndFailsHere() throws Exception {
        assertThat(placed(null, 0)).isNull();

        announce("without", List.of(), List.of("cpu"), "default", false);
        announce("elsewhere", List.of(model(true)), List.of("cpu"), "other", false);
        announce("gone", List.of(model(true)), List.of("cpu"), "default", true);
        assertThat(placed(null, 0)).isNull();

        announce("with", List.of(model(true)), List.of("cpu"), "default", false);
        assertThat(placed(null, 0)).isEqualTo(Duration.ZERO);
    }

    @Test
    void aModelInTheMemoryOfAFreeWorkerIsPreferredAFewTimes() throws Exception {
        announce(model(true), 1);

        assertThat(placed(model(false), 0)).isEqualTo(Duration.ZERO);
        assertThat(placed(model(false), 2)).isEqualTo(Duration.ofMillis(100));
        assertThat(placed(model(false), 3)).isNull();
    }

    @Test
    void aModelInTheMemoryOfABusyWorkerIsNotPreferred() throws Exception {
        announce(model(true), 2);

        assertThat(placed(model(false), 0)).isNull();
    }

    @Test
    void aModelThatIsLoadedHereRunsHere() throws Exception {
        announce(model(true), 0);

        assertThat(placed(model(true), 0)).isNull();
    }

    /** The delay before the task is forwarded; null if it runs here. */
    private @Nullable Duration placed(@Nullable LocalModel here, int forwards) throws InterruptedException {
        return placed(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null), here, forwards);
    }

    private @Nullable Duration placed(GenerationRequest request, @Nullable LocalModel here, int forwards)
            throws InterruptedException {
        var task = SampleTasks.task(request);
        var placement = new ModelPlacement(new EngineRegistry(List.of(), source(here)), peers);
        return placement
                .place(task, forwards)
                .map(forwarding -> {
                    assertThat(forwarding.topic()).isEqualTo("atelier.generation-forwarded.default");
                    return forwarding.delay();
                })
                .orElse(null);
    }

    private EngineSource source(@Nullable LocalModel model) {
        return new EngineSource() {
            @Override
            public List<GenerationEngine> engines() {
                return model == null ? List.of() : List.of(engine);
            }

            @Override
            public List<LocalModel> models() {
                return model == null ? List.of() : List.of(model);
            }
        };
    }

    private void announce(LocalModel model, int running) {
        announce("peer", model, running);
    }

    private void announce(String id, LocalModel model, int running) {
        announce(id, model, running, List.of("cpu"));
    }

    /** @param devices null for a worker of an earlier version */
    private void announce(String id, LocalModel model, int running, @Nullable List<String> devices) {
        announce(id, List.of(model), running, devices, "default", false);
    }

    private void announce(String id, List<LocalModel> models, List<String> devices, String pool, boolean leaving) {
        announce(id, models, 0, devices, pool, leaving);
    }

    private void announce(
            String id,
            List<LocalModel> models,
            int running,
            @Nullable List<String> devices,
            String pool,
            boolean leaving) {
        var worker = new WorkerAnnounced(
                id,
                WorkerAnnounced.GENERATOR,
                pool,
                List.of(ScriptedEngine.NAME),
                "cpu",
                2,
                running,
                null,
                AT,
                AT,
                5_000,
                leaving,
                null,
                models,
                devices);
        peers.receive(MessageBuilder.withPayload(EventCodec.json().writeValueAsBytes(worker))
                .setHeader(KafkaHeaders.RECEIVED_TIMESTAMP, AT.toEpochMilli())
                .build());
    }

    private static LocalModel model(boolean loaded) {
        return model(loaded, null);
    }

    private static LocalModel model(boolean loaded, @Nullable Long maxPixels) {
        return new LocalModel(
                "a-model",
                ScriptedEngine.NAME,
                "Stable Diffusion",
                "unknown",
                AT,
                1,
                loaded,
                64,
                64,
                64,
                64,
                maxPixels,
                8,
                1,
                2,
                null,
                false,
                List.of(),
                false,
                null);
    }
}
