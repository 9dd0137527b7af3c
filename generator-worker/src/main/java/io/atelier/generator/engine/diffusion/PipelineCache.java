package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.cancellation.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models in the memory of a device, and the turn to use it: one run at a time, because each run uses the whole device. A model is loaded
 * when a run needs it. It is unloaded when the memory of another one is needed, the least recently used first, or when it was idle for long
 * enough. Thread-safe.
 *
 * @param <P> a loaded model
 */
final class PipelineCache<P extends AutoCloseable> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineCache.class);
    private static final long CANCELLATION_POLL_MILLIS = 50;

    private final long budgetBytes;
    private final Duration idleTimeout;
    private final LongSupplier nanos;
    private final Semaphore turn = new Semaphore(1, true);

    /** The least recently used model first. Written only by the thread that has the turn. */
    private final Map<Object, Loaded<P>> loaded = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param budgetBytes the memory for all loaded models together
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
     * @param bytes estimated memory of the model
     * @param loader loads it
     * @throws GenerationCanceled if the run was canceled while it waited for its turn
     * @throws GenerationFailed if the model needs more memory than there is for models, or cannot be loaded
     */
    <T> T use(
            Object owner, String name, long bytes, Supplier<P> loader, Cancellation cancellation, Function<P, T> run) {
        await(cancellation);
        try {
            return run.apply(load(owner, name, bytes, loader));
        } finally {
            touch(owner);
            turn.release();
        }
    }

    /** Whether the model of an owner is in memory. */
    boolean isLoaded(Object owner) {
        synchronized (loaded) {
            return loaded.containsKey(owner);
        }
    }

    /** Unloads the model of an owner after the runs that wait for their turn now; does nothing if it is not loaded. */
    void unload(Object owner) {
        if (!isLoaded(owner)) {
            return;
        }
        turn.acquireUninterruptibly();
        try {
            remove(owner, "its folder changed, or it was asked for");
        } finally {
            turn.release();
        }
    }

    /** Unloads the models that were idle for the timeout; does nothing while a run is active. */
    void unloadIdle() {
        if (!turn.tryAcquire()) {
            return;
        }
        try {
            long now = nanos.getAsLong();
            var idle = entries().stream()
                    .filter(entry -> now - entry.usedAt >= idleTimeout.toNanos())
                    .toList();
            idle.forEach(entry -> remove(entry.owner, "it was idle for " + idleTimeout));
        } finally {
            turn.release();
        }
    }

    @Override
    public void close() {
        turn.acquireUninterruptibly();
        try {
            entries().forEach(entry -> remove(entry.owner, "the worker stops"));
        } finally {
            turn.release();
        }
    }

    private void await(Cancellation cancellation) {
        try {
            while (!turn.tryAcquire(CANCELLATION_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (cancellation.requested()) {
                    throw new GenerationCanceled();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        }
    }

    private P load(Object owner, String name, long bytes, Supplier<P> loader) {
        synchronized (loaded) {
            var known = loaded.get(owner);
            if (known != null) {
                return known.pipeline;
            }
        }
        makeRoom(name, bytes);
        var pipeline = loader.get();
        synchronized (loaded) {
            loaded.put(owner, new Loaded<>(owner, name, pipeline, bytes, nanos.getAsLong()));
        }
        return pipeline;
    }

    private void makeRoom(String name, long bytes) {
        if (bytes > budgetBytes) {
            throw new GenerationFailed(new Failure(
                    Code.NOT_CONFIGURED,
                    "The model '%s' needs about %d MB of memory, and %d MB are for models here. Raise ATELIER_MODELS_MEMORY, or run the model on a larger machine."
                            .formatted(name, bytes >> 20, budgetBytes >> 20)));
        }
        long used = entries().stream().mapToLong(entry -> entry.bytes).sum();
        for (var oldest : entries()) {
            if (used + bytes <= budgetBytes) {
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

    private void touch(Object owner) {
        synchronized (loaded) {
            var used = loaded.get(owner);
            if (used != null) {
                used.usedAt = nanos.getAsLong();
            }
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
