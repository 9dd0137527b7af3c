package io.atelier.gateway;

import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Announcements of workers. */
public final class SampleWorkers {

    private static final Instant STARTED_AT = Instant.parse("2026-11-21T09:00:00Z");

    private SampleWorkers() {}

    /** A generator with two slots that counts as live for hours without a heartbeat. */
    public static WorkerAnnounced ready(String id, String pool, String... engines) {
        return announced(id, WorkerAnnounced.GENERATOR, pool, List.of(engines), 2, 0, Duration.ofHours(10), false);
    }

    public static WorkerAnnounced leaving(String id, String pool, String... engines) {
        return announced(id, WorkerAnnounced.GENERATOR, pool, List.of(engines), 2, 0, Duration.ofHours(10), true);
    }

    /** A generator whose only engine is in this state. */
    public static WorkerAnnounced withState(String id, String pool, EngineState state) {
        var names = state.state().equals(EngineState.NOT_CONFIGURED) ? List.<String>of() : List.of(state.engine());
        return new WorkerAnnounced(
                id,
                WorkerAnnounced.GENERATOR,
                pool,
                names,
                "cpu",
                2,
                0,
                null,
                STARTED_AT,
                STARTED_AT,
                Duration.ofHours(10).toMillis(),
                false,
                List.of(state),
                null);
    }

    /** A generator that runs engines on these devices, and leases tasks that require one of them. */
    public static WorkerAnnounced onDevices(String id, String pool, List<String> engines, String... devices) {
        return new WorkerAnnounced(
                id,
                WorkerAnnounced.GENERATOR,
                pool,
                engines,
                devices[0],
                2,
                0,
                null,
                STARTED_AT,
                STARTED_AT,
                Duration.ofHours(10).toMillis(),
                false,
                engines.stream()
                        .map(engine -> new EngineState(engine, EngineState.READY, "", List.of(devices)))
                        .toList(),
                null,
                List.of(devices));
    }

    /** A generator that runs a model itself, with an engine that is ready and makes images of up to 256 x 256 pixels. */
    public static WorkerAnnounced withModel(String id, String pool, String model) {
        return withModel(id, pool, model, 256, 65_536L);
    }

    /**
     * A generator that runs a model itself, with an engine that is ready.
     *
     * @param side the usual width and height of an image, in pixels
     * @param maxPixels of an image; null for no limit
     */
    public static WorkerAnnounced withModel(String id, String pool, String model, int side, @Nullable Long maxPixels) {
        var engine = "local/" + model;
        return new WorkerAnnounced(
                id,
                WorkerAnnounced.GENERATOR,
                pool,
                List.of(engine),
                "cpu",
                2,
                0,
                null,
                STARTED_AT,
                STARTED_AT,
                Duration.ofHours(10).toMillis(),
                false,
                List.of(new EngineState(engine, EngineState.READY, "")),
                List.of(new LocalModel(
                        model,
                        engine,
                        "Stable Diffusion XL",
                        "openrail++",
                        STARTED_AT,
                        6_938_041_234L,
                        false,
                        side,
                        side,
                        64,
                        512,
                        maxPixels,
                        16,
                        2,
                        30,
                        5.0,
                        true,
                        List.of("euler", "ddim"),
                        false,
                        null)));
    }

    /** The same worker, whose engines lack something. */
    public static WorkerAnnounced notConfigured(WorkerAnnounced worker) {
        return new WorkerAnnounced(
                worker.id(),
                worker.kind(),
                worker.pool(),
                List.of(),
                worker.device(),
                worker.slots(),
                worker.running(),
                null,
                worker.startedAt(),
                worker.at(),
                worker.heartbeatMillis(),
                worker.leaving(),
                worker.engines().stream()
                        .map(engine -> new EngineState(engine, EngineState.NOT_CONFIGURED, "damaged"))
                        .toList(),
                worker.models());
    }

    /** The same worker, whose only model has another width. */
    public static WorkerAnnounced withWidth(WorkerAnnounced worker, int width) {
        var model = onlyModel(worker);
        return withOnlyModel(
                worker,
                new LocalModel(
                        model.model(),
                        model.engine(),
                        model.family(),
                        model.license(),
                        model.addedAt(),
                        model.bytes(),
                        model.loaded(),
                        width,
                        model.height(),
                        model.minSide(),
                        model.maxSide(),
                        model.maxPixels(),
                        model.multipleOf(),
                        model.maxImages(),
                        model.steps(),
                        model.guidance(),
                        model.negativePrompt(),
                        model.schedulers(),
                        model.edits(),
                        model.loading()));
    }

    /** The same worker while it loads its only model. */
    public static WorkerAnnounced withLoading(WorkerAnnounced worker, LocalModel.Loading loading) {
        return withOnlyModel(worker, onlyModel(worker).withLoading(loading));
    }

    private static LocalModel onlyModel(WorkerAnnounced worker) {
        return Objects.requireNonNull(worker.models()).get(0);
    }

    private static WorkerAnnounced withOnlyModel(WorkerAnnounced worker, LocalModel model) {
        return new WorkerAnnounced(
                worker.id(),
                worker.kind(),
                worker.pool(),
                worker.engines(),
                worker.device(),
                worker.slots(),
                worker.running(),
                null,
                worker.startedAt(),
                worker.at(),
                worker.heartbeatMillis(),
                worker.leaving(),
                worker.engineStates(),
                List.of(model));
    }

    /** A generator with two slots and a heartbeat of five seconds. */
    public static WorkerAnnounced heartbeat(String id, int running) {
        return announced(
                id, WorkerAnnounced.GENERATOR, "default", List.of("pocket"), 2, running, Duration.ofSeconds(5), false);
    }

    /** A generator with two slots, of which none is in use, that writes prompts. */
    public static WorkerAnnounced writing(String id, int prompts) {
        var idle = heartbeat(id, prompts);
        return new WorkerAnnounced(
                id,
                idle.kind(),
                idle.pool(),
                idle.engines(),
                idle.device(),
                idle.slots(),
                prompts,
                prompts,
                idle.startedAt(),
                idle.at(),
                idle.heartbeatMillis(),
                false,
                null,
                null);
    }

    /** As a splitter worker announces itself. */
    public static WorkerAnnounced splitter(String id) {
        return announced(id, WorkerAnnounced.SPLITTER, "", List.of("splitter"), 1, 0, Duration.ofHours(10), false);
    }

    private static WorkerAnnounced announced(
            String id,
            String kind,
            String pool,
            List<String> engines,
            int slots,
            int running,
            Duration heartbeat,
            boolean leaving) {
        return new WorkerAnnounced(
                id,
                kind,
                pool,
                engines,
                "cpu",
                slots,
                running,
                null,
                STARTED_AT,
                STARTED_AT,
                heartbeat.toMillis(),
                leaving,
                null,
                null);
    }
}
