package io.atelier.gateway.api.submission;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.EngineNotConfigured;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Refuses requests whose engine no worker has ever had. A request whose workers have left is admitted, and waits until one returns. Thread-safe.
 */
public final class AdmissionControl {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(60);
    private static final int MAX_ALTERNATIVES = 10;
    private static final String NO_SPLITTER = "There has never been a splitter worker. Start one.";

    private final WorkerRegistry workers;
    private final Catalogue catalogue;
    private final Clock clock;
    private final Instant graceEnds;

    public AdmissionControl(WorkerRegistry workers, Catalogue catalogue, AdmissionProperties properties, Clock clock) {
        this.workers = workers;
        this.catalogue = catalogue;
        this.clock = clock;
        this.graceEnds = clock.instant().plus(properties.startGracePeriod());
    }

    /**
     * Admits or refuses a request.
     *
     * @throws Problem of kind {@code NO_CAPABLE_WORKER} if no worker has ever announced the engine in the pool and the grace period is over; of
     *     kind {@code NOT_CONFIGURED} if the workers that have the engine lack a setting for it
     */
    public void check(GenerationRequest request) {
        var avatar = request.avatar();
        if (avatar == null) {
            checkEngine(request);
        } else {
            checkAvatar(request, avatar);
        }
    }

    /** Each step needs a worker of its own. */
    private void checkAvatar(GenerationRequest request, AvatarSpec avatar) {
        var gridModel = avatar.gridModel();
        if (avatar.does(AvatarStep.BASE) || (avatar.does(AvatarStep.GRID) && gridModel == null)) {
            checkEngine(request);
        }
        if (avatar.does(AvatarStep.GRID) && gridModel != null) {
            checkEngine(request.withModel(gridModel));
        }
        if (avatar.does(AvatarStep.PROMPT)) {
            checkWorkers(
                    AvatarSpec.PROMPTER_POOL,
                    AvatarSpec.PROMPTER,
                    "There has never been a generator worker. Start one.");
        }
        if (avatar.does(AvatarStep.SPLIT) || avatar.does(AvatarStep.PUBLISH)) {
            checkWorkers(GenerationRequest.SPLITTER_POOL, GenerationRequest.SPLITTER, NO_SPLITTER);
        }
    }

    private void checkWorkers(String pool, String engine, String detail) {
        if (!workers.everHad(pool, engine) && !isUndecided()) {
            throw noWorker(pool, engine, detail);
        }
    }

    private void checkEngine(GenerationRequest request) {
        var condition = workers.condition(request.pool(), request.engine());
        if (condition.is(EngineCondition.NOT_CONFIGURED)) {
            throw notConfigured(request, condition);
        }
        if (!workers.everHad(request.pool(), request.engine()) && !isUndecided()) {
            throw noCapableWorker(request);
        }
        var device = request.device();
        if (device != null) {
            checkDevice(request, request.pool(), request.engine(), device);
            request.fallbacks().forEach(fallback -> checkDevice(request, fallback.pool(), fallback.engine(), device));
        }
    }

    /** Unlike an engine, a device is refused as long as no worker has announced it: older workers never lease the task. */
    private void checkDevice(GenerationRequest request, String pool, String engine, DeviceName device) {
        if (!workers.everHad(pool, engine, device) && workers.caughtUp()) {
            throw noDevice(
                    request,
                    pool,
                    engine,
                    "No worker of the pool '%s' has ever run the engine '%s' on the device '%s'. Start one, or leave out routing.require.device."
                            .formatted(pool, engine, device));
        }
        if (workers.isMixed(pool, engine, device)) {
            throw noDevice(
                    request,
                    pool,
                    engine,
                    "Some workers of the pool '%s' have other devices than '%s', and could get the job. Put workers with different cards into pools of their own, or require '%s'."
                            .formatted(pool, device, device.kind()));
        }
    }

    private Problem noDevice(GenerationRequest request, String pool, String engine, String detail) {
        var known = workers.live().stream()
                .filter(worker -> worker.has(pool, engine))
                .flatMap(worker -> worker.devices(engine).stream())
                .distinct()
                .sorted()
                .toList();
        return new Problem(ProblemKind.NO_CAPABLE_WORKER, detail)
                .retryAfter(RETRY_AFTER)
                .header("x-should-retry", "false")
                .with(
                        "requirements",
                        Map.of("engine", engine, "pool", pool, "device", String.valueOf(request.device())))
                .with("devices", known);
    }

    /** Whether workers may exist that are unknown here. If no worker was ever announced, they may be of a version without announcements. */
    private boolean isUndecided() {
        return !workers.caughtUp() || workers.all().isEmpty() || clock.instant().isBefore(graceEnds);
    }

    private static Problem notConfigured(GenerationRequest request, EngineCondition condition) {
        return EngineNotConfigured.problem(request.engine(), request.model(), condition.detail());
    }

    private Problem noCapableWorker(GenerationRequest request) {
        if (request.splitsOnly()) {
            return noWorker(request.pool(), request.engine(), NO_SPLITTER);
        }
        return new Problem(
                        ProblemKind.NO_CAPABLE_WORKER,
                        ("No worker of the pool '%3$s' has ever had the engine '%1$s' of the model '%2$s'. "
                                        + "Start one, or use another model.")
                                .formatted(request.engine(), request.model(), request.pool()))
                .retryAfter(RETRY_AFTER)
                .header("x-should-retry", "false")
                .with(
                        "requirements",
                        Map.of("engine", request.engine(), "pool", request.pool(), "model", request.model()))
                .with("nearest", nearest(request));
    }

    private static Problem noWorker(String pool, String engine, String detail) {
        return new Problem(ProblemKind.NO_CAPABLE_WORKER, detail)
                .retryAfter(RETRY_AFTER)
                .header("x-should-retry", "false")
                .with("requirements", Map.of("engine", engine, "pool", pool));
    }

    /** The engines of live workers: first the same engine in other pools, then other engines of the same pool. */
    private List<Alternative> nearest(GenerationRequest request) {
        var alternatives = new LinkedHashMap<String, Alternative>();
        for (var worker : workers.live()) {
            var info = worker.announcement();
            for (var engine : info.engines()) {
                alternatives.computeIfAbsent(info.pool() + "/" + engine, key -> alternative(info.pool(), engine));
            }
        }
        Comparator<Alternative> byEngine =
                Comparator.comparing(alternative -> !alternative.engine().equals(request.engine()));
        Comparator<Alternative> byPool =
                Comparator.comparing(alternative -> !alternative.pool().equals(request.pool()));
        return alternatives.values().stream()
                .sorted(byEngine.thenComparing(byPool).thenComparing(Alternative::engine))
                .limit(MAX_ALTERNATIVES)
                .toList();
    }

    private Alternative alternative(String pool, String engine) {
        var models = catalogue.all().stream()
                .filter(model -> model.pool().equals(pool) && model.engine().equals(engine))
                .map(Model::id)
                .toList();
        return new Alternative(engine, pool, models, workers.of(pool, engine));
    }

    /** An engine that live workers have, and its models. */
    private record Alternative(
            String engine, String pool, List<String> models, ModelAvailability.LiveWorkers workers) {}
}
