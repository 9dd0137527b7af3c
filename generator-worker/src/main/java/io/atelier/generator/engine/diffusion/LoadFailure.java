package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Why the files of a model could not be loaded or run. Such a failure counts for a while, in which jobs are made by other workers that have the model. What
 * may pass, such as a disk that cannot be read, does not count. Thread-safe.
 */
final class LoadFailure {

    /** How long other workers are preferred, before the model is offered again. */
    static final Duration TTL = Duration.ofMinutes(5);

    private final LongSupplier nanos;
    private volatile @Nullable Last last;

    /** @param nanos a monotonic clock */
    LoadFailure(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The model could not be loaded; a failure that another attempt at this worker may repair does not count. */
    void failed(GenerationFailed cause) {
        if (cause.failure().code() == Code.NOT_CONFIGURED) {
            last = new Last(cause.failure().message(), nanos.getAsLong());
        }
    }

    /** The model was loaded. */
    void succeeded() {
        last = null;
    }

    /** What is wrong with the model; empty if it may be loaded. */
    String problem() {
        var current = last;
        return current == null || nanos.getAsLong() - current.at >= TTL.toNanos() ? "" : current.message;
    }

    private record Last(String message, long at) {}
}
