package io.atelier.generator.engine;

import io.atelier.contract.job.Failure;
import org.jspecify.annotations.Nullable;

/** A run failed; its {@link Failure} gives the reason and decides whether the task is retried. */
public final class GenerationFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public GenerationFailed(Failure failure) {
        this(failure, null);
    }

    public GenerationFailed(Failure failure, @Nullable Throwable cause) {
        super(failure.code().word() + ": " + failure.message(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
