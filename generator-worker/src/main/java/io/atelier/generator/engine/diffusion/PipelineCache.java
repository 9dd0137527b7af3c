package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.cancellation.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models in the memory of a device. Runs use it one after another, because each uses the whole device. A model is loaded when a run needs it, on a
 * thread of its own, since loading cannot be interrupted and a canceled run must end soon. It is unloaded when another one or its run needs the memory,
 * the least recently used first, when it was idle for long enough, or when its owner goes. Thread-safe.
 *
 * @param <P> a loaded model
 */
final class PipelineCache<P extends AutoCloseable> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineCache.class);

    private final long budgetBytes;
    private final Duration idleTimeout;
    private final LongSupplier nanos;
    private final DeviceLock device = new DeviceLock();

    /** The least recently used model first. */
    private final Map<Object, Loaded<P>> loaded = new LinkedHashMap<>(16, 0.75f, true);

    /** Owners that are gone: nothing is loaded for them any more. Guarded by {@link #loaded}. */
    private final Set<Object> gone = Collections.newSetFromMap(new WeakHashMap<>());

    /** Owners whose models are to be unloaded when the active run ends. Guarded by {@link #loaded}. */
    private final Set<Object> unwanted = Collections.newSetFromMap(new WeakHashMap<>());

    /** The owner whose run has the device. Guarded by {@link #loaded}. */
    private @Nullable Object active;

    /**
     * @param budgetBytes the memory for all loaded models and a run together
     * @param idleTimeout how long a model stays loaded after its last run
     * @param nanos a monotonic clock
     */
    PipelineCache(long budgetBytes, Duration idleTimeout, LongSupplier nanos) {
        this.budgetBytes = budgetBytes;
        this.idleTimeout = idleTimeout;
        this.nanos = nanos;
    }

    /**
     * Runs something with a model, after the runs that came earlier.
     *
     * @param owner of the loaded model: an engine. A model folder that changed has another engine
     * @param name of the model, for messages
     * @param need estimated memory of the model and of the run
     * @param loader loads it
     * @throws GenerationCanceled if the run was canceled while it waited for the device or the model
     * @throws GenerationFailed if the model needs more memory than there is for models, or cannot be loaded, or its owner is gone
     */
    <T> T use(
            Object owner,
            String name,
            MemoryNeed need,
            ModelLoader<P> loader,
            Cancellation cancellation,
            Function<P, T> run) {
        device.acquire(cancellation);
        synchronized (loaded) {
            active = owner;
        }
        var load = new PendingLoad<P>();
        try {
            return run.apply(find(owner, name, need, loader, cancellation, load));
        } finally {
            // A model whose run was canceled goes on loading; the device is free when it ends.
            load.whenEnded(() -> release(owner));
        }
    }

    /** The memory for a run with a model that needs this memory itself, in bytes; negative if not even the model fits. */
    long left(long modelBytes) {
        return budgetBytes - modelBytes;
    }

    /** What is wrong with a model that needs this memory together with a run; empty if it can be used. */
    String problem(String name, long bytes) {
        return bytes <= budgetBytes
                ? ""
                : "The model '%s' needs about %d MB of memory, and %d MB are for models here. Raise ATELIER_MODELS_MEMORY (for a card ATELIER_MODELS_DEVICE_MEMORY), or run the model on a larger machine."
                        .formatted(name, bytes >> 20, budgetBytes >> 20);
    }

    /** Whether the model of an owner is in memory. */
    boolean isLoaded(Object owner) {
        synchronized (loaded) {
            return loaded.containsKey(owner);
        }
    }

    /** Ends the use of the cache by an owner: its model is unloaded now, or when the active run ends. Never waits. */
    void leave(Object owner) {
        synchronized (loaded) {
            gone.add(owner);
        }
        if (device.tryAcquire()) {
            release(owner);
        }
    }

    /** Unloads the model of an owner now, or when the active run ends; the next run loads it again. Never waits. */
    void unload(Object owner) {
        synchronized (loaded) {
            if (loaded.containsKey(owner) || owner.equals(active)) {
                unwanted.add(owner);
            }
        }
        if (device.tryAcquire()) {
            release(owner);
        }
    }

    /** Unloads the models that were idle for the timeout; does nothing while the device is in use. */
    void unloadIdle() {
        if (!device.tryAcquire()) {
            return;
        }
        try {
            removeUnwanted();
            long now = nanos.getAsLong();
            entries().stream()
                    .filter(entry -> now - entry.usedAt >= idleTimeout.toNanos())
                    .forEach(entry -> remove(entry.owner, "it was idle for " + idleTimeout));
        } finally {
            device.release();
        }
    }

    /** Unloads all models; those that are in use when their runs end. */
    @Override
    public void close() {
        entries().forEach(entry -> leave(entry.owner));
    }

    private void release(Object owner) {
        synchronized (loaded) {
            active = null;
            var used = loaded.get(owner);
            if (used != null) {
                used.usedAt = nanos.getAsLong();
            }
        }
        removeUnwanted();
        device.release();
    }

    private void removeUnwanted() {
        Set<Object> requested;
        synchronized (loaded) {
            requested = Set.copyOf(unwanted);
            unwanted.clear();
        }
        for (var entry : entries()) {
            if (isGone(entry.owner)) {
                remove(entry.owner, "its folder changed, or the worker stops");
            } else if (requested.contains(entry.owner)) {
                remove(entry.owner, "it was requested");
            }
        }
    }

    private P find(
            Object owner,
            String name,
            MemoryNeed need,
            ModelLoader<P> loader,
            Cancellation cancellation,
            PendingLoad<P> load) {
        makeRoom(owner, name, need);
        synchronized (loaded) {
            var known = loaded.get(owner);
            if (known != null) {
                return known.pipeline;
            }
        }
        if (isGone(owner)) {
            throw new GenerationFailed(new Failure(
                    Code.ENGINE_UNAVAILABLE,
                    "The folder of the model '%s' was changed or removed. Send the request again.".formatted(name)));
        }
        return load.await(() -> loadNow(owner, name, need.model(), loader), loader::onWait, cancellation);
    }

    private P loadNow(Object owner, String name, long bytes, ModelLoader<P> loader) {
        var pipeline = loader.load();
        synchronized (loaded) {
            loaded.put(owner, new Loaded<>(owner, name, pipeline, bytes, nanos.getAsLong()));
        }
        return pipeline;
    }

    private boolean isGone(Object owner) {
        synchronized (loaded) {
            return gone.contains(owner);
        }
    }

    /** Unloads other models until this one and its run fit. */
    private void makeRoom(Object owner, String name, MemoryNeed need) {
        var problem = problem(name, need.total());
        if (!problem.isEmpty()) {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, problem));
        }
        var others = entries().stream().filter(entry -> entry.owner != owner).toList();
        long used = others.stream().mapToLong(entry -> entry.bytes).sum();
        for (var oldest : others) {
            if (used + need.total() <= budgetBytes) {
                return;
            }
            remove(oldest.owner, "its memory is needed for '%s'".formatted(name));
            used -= oldest.bytes;
        }
    }

    private List<Loaded<P>> entries() {
        synchronized (loaded) {
            return new ArrayList<>(loaded.values());
        }
    }

    private void remove(Object owner, String reason) {
        Loaded<P> removed;
        synchronized (loaded) {
            removed = loaded.remove(owner);
        }
        if (removed == null) {
            return;
        }
        try {
            removed.pipeline.close();
            LOG.info("The model '{}' was unloaded: {}", removed.name, reason);
        } catch (Exception e) {
            LOG.warn("The model '{}' could not be unloaded: {}", removed.name, reason, e);
        }
    }

    private static final class Loaded<P> {

        private final Object owner;
        private final String name;
        private final P pipeline;
        private final long bytes;
        private long usedAt;

        Loaded(Object owner, String name, P pipeline, long bytes, long usedAt) {
            this.owner = owner;
            this.name = name;
            this.pipeline = pipeline;
            this.bytes = bytes;
            this.usedAt = usedAt;
        }
    }
}
