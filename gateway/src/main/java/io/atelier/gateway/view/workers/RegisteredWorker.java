package io.atelier.gateway.view.workers;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A worker with its last announcement.
 *
 * @param announcement the announcement
 * @param lastSeenAt when it was received, by this gateway's clock, because a worker's own may be wrong
 */
public record RegisteredWorker(WorkerAnnounced announcement, Instant lastSeenAt) {

    private static final int MISSED = 3;

    /** The status of the worker at this time. */
    public Status status(Instant now) {
        if (announcement.leaving()) {
            return Status.STOPPED;
        }
        long silence = Duration.between(lastSeenAt, now).toMillis();
        if (silence > MISSED * announcement.heartbeatMillis()) {
            return Status.LOST;
        }
        return announcement.usedSlots() < announcement.slots() ? Status.READY : Status.BUSY;
    }

    /** Whether it generates images. */
    boolean generates() {
        return announcement.kind().equals(WorkerAnnounced.GENERATOR);
    }

    /** Whether it leases tasks of the pool. All splitter workers have one pool, and all generator workers write prompts. */
    boolean serves(String pool) {
        return generates()
                ? announcement.pool().equals(pool) || pool.equals(AvatarSpec.PROMPTER_POOL)
                : splits() && pool.equals(GenerationRequest.SPLITTER_POOL);
    }

    /** Whether it is a splitter worker. */
    boolean splits() {
        return announcement.kind().equals(WorkerAnnounced.SPLITTER);
    }

    /** Whether it leases tasks of the pool and has the engine. */
    public boolean has(String pool, String engine) {
        return serves(pool)
                && (pool.equals(AvatarSpec.PROMPTER_POOL)
                        || announcement.engines().contains(engine));
    }

    /** Whether it leases tasks of the pool that require the device, and runs the engine on it. */
    boolean has(String pool, String engine, DeviceName device) {
        return has(pool, engine) && devices(engine).stream().anyMatch(device::includes);
    }

    /** Whether it leases tasks of the pool that require a device of the same kind, and has the engine, but not on this one. */
    boolean hasOnlyAnother(String pool, String engine, DeviceName device) {
        return has(pool, engine) && has(pool, engine, new DeviceName(device.kind())) && !has(pool, engine, device);
    }

    /** The devices on which it runs the engine and which a request can require, as it announces them. */
    public List<String> devices(String engine) {
        return states().stream()
                .filter(state -> state.engine().equals(engine))
                .map(EngineState::devices)
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElse(List.of());
    }

    /** The models that it runs itself. */
    Stream<Model> models() {
        return announcement.models() == null
                ? Stream.empty()
                : announcement.models().stream()
                        .filter(RegisteredWorker::isPossible)
                        .map(model -> Model.ofWorker(model, announcement.pool()));
    }

    /** The model of an engine, if the worker runs it itself. */
    Optional<LocalModel> localModel(String engine) {
        return announcement.models() == null
                ? Optional.empty()
                : announcement.models().stream()
                        .filter(model -> model.engine().equals(engine))
                        .findFirst();
    }

    /** One worker with values that no image can have must not break the list of all models. */
    private static boolean isPossible(LocalModel model) {
        return model.model().matches(Model.NAME)
                && model.width() > 0
                && model.height() > 0
                && model.minSide() > 0
                && model.maxSide() >= model.minSide()
                && (model.maxPixels() == null || model.maxPixels() > 0)
                && model.multipleOf() > 0
                && model.maxImages() > 0
                && model.steps() > 0;
    }

    /** The engines that it reports, also those that it cannot generate with. */
    Set<String> engines() {
        var names = new TreeSet<>(announcement.engines());
        states().forEach(state -> names.add(state.engine()));
        return names;
    }

    /** The condition of an engine that it reports; empty if it does not have the engine. Older versions report no conditions: all their engines are ready. */
    Optional<EngineCondition> condition(String engine) {
        return states().stream()
                .filter(state -> state.engine().equals(engine))
                .map(state -> new EngineCondition(state.state(), state.detail()))
                .findFirst()
                .or(() -> announcement.engines().contains(engine)
                        ? Optional.of(new EngineCondition(EngineCondition.READY, ""))
                        : Optional.empty());
    }

    private List<EngineState> states() {
        return announcement.engineStates() == null ? List.of() : announcement.engineStates();
    }

    /** The status of a worker. */
    public enum Status {
        /** It has a free slot. */
        READY,
        /** All its slots are in use. */
        BUSY,
        /** It announced that it stops. */
        STOPPED,
        /** No heartbeat was received for three intervals. */
        LOST;

        /** Whether the worker is running. */
        public boolean live() {
            return this == READY || this == BUSY;
        }
    }
}
