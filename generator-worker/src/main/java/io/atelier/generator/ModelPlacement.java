package io.atelier.generator;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.messaging.Topic;
import io.atelier.worker.lease.TaskPlacement;
import io.atelier.worker.presence.PeerWorkers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Passes on tasks for models that other workers of the pool run themselves: those whose model or device this worker lacks, or whose images are too large for its
 * memory, and, a few times, those whose model is in the memory of a worker with a free slot, but not here. A task that no live worker can do stays here and fails
 * with the reason.
 */
final class ModelPlacement implements TaskPlacement<GenerationRequested> {

    /** How often a task whose model is here is forwarded; then the model is loaded here, too. */
    private static final int MAX_FORWARDS_TO_LOADED = 3;

    /** The delay of a task that was forwarded once; each further time doubles it. */
    private static final Duration FIRST_DELAY = Duration.ofMillis(50);

    private static final Duration MAX_DELAY = Duration.ofSeconds(2);

    /** A worker that cannot receive heartbeats must not hold its tasks for ever. */
    private static final Duration CATCH_UP_TIMEOUT = Duration.ofSeconds(10);

    private final EngineRegistry engines;
    private final PeerWorkers peers;

    ModelPlacement(EngineRegistry engines, PeerWorkers peers) {
        this.engines = engines;
        this.peers = peers;
    }

    @Override
    public Optional<Forwarding> place(GenerationRequested task, int forwards) throws InterruptedException {
        var request = task.request();
        boolean isElsewhere = isPossibleHere(request)
                ? forwards < MAX_FORWARDS_TO_LOADED && isReadyElsewhere(request)
                : isPossibleElsewhere(request);
        return isElsewhere
                ? Optional.of(new Forwarding(Topic.generationForwarded(request.pool()), delay(forwards)))
                : Optional.empty();
    }

    private boolean isPossibleHere(GenerationRequest request) {
        return engines.named(request.engine())
                .filter(engine -> engine.status().configured())
                .filter(engine -> includes(engine.devices(), request))
                .filter(engine -> fits(find(engines.models(), engine.name()), request))
                .isPresent();
    }

    /**
     * Whether only a live worker of the pool other than this one has the model of a request, on the required device and with memory for images of the size.
     * May wait for the heartbeats of the others.
     */
    boolean isPossibleOnlyElsewhere(GenerationRequest request) throws InterruptedException {
        return !isPossibleHere(request) && isPossibleElsewhere(request);
    }

    private boolean isPossibleElsewhere(GenerationRequest request) throws InterruptedException {
        peers.awaitCaughtUp(CATCH_UP_TIMEOUT);
        return capable(request).findAny().isPresent();
    }

    /** Whether another worker with a free slot has the model in memory, and this one does not. */
    private boolean isReadyElsewhere(GenerationRequest request) {
        var here = find(engines.models(), request.engine());
        return here.isPresent()
                && !here.get().loaded()
                && capable(request)
                        .filter(worker -> worker.usedSlots() < worker.slots())
                        .anyMatch(worker -> find(modelsOf(worker), request.engine())
                                .filter(LocalModel::loaded)
                                .isPresent());
    }

    /** The other workers of the pool that have the model, the required device and memory for the images. Those of earlier versions, which announce no devices, lease no forwarded tasks. */
    private Stream<WorkerAnnounced> capable(GenerationRequest request) {
        return peers.ofPool(request.pool())
                .filter(worker -> worker.devices() != null)
                .filter(worker -> worker.engines().contains(request.engine()))
                .filter(worker -> {
                    var model = find(modelsOf(worker), request.engine());
                    return model.isPresent() && fits(model, request);
                })
                .filter(worker -> includes(worker.devices(), request));
    }

    /** Engines that announce no model, or no limit, find out themselves. */
    private static boolean fits(Optional<LocalModel> model, GenerationRequest request) {
        return model.map(LocalModel::maxPixels)
                .filter(most -> request.size().pixels() > most)
                .isEmpty();
    }

    private static boolean includes(@Nullable List<String> devices, GenerationRequest request) {
        var required = request.device();
        return required == null || (devices != null && devices.stream().anyMatch(required::includes));
    }

    private static Optional<LocalModel> find(List<LocalModel> models, String engine) {
        return models.stream().filter(model -> model.engine().equals(engine)).findFirst();
    }

    private static List<LocalModel> modelsOf(WorkerAnnounced worker) {
        return worker.models() == null ? List.of() : worker.models();
    }

    private static Duration delay(int forwards) {
        if (forwards == 0) {
            return Duration.ZERO;
        }
        var doubled = FIRST_DELAY.multipliedBy(1L << Math.min(forwards - 1, 16));
        return doubled.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : doubled;
    }
}
