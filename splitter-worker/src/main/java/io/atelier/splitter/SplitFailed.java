package io.atelier.splitter;

import io.atelier.contract.job.Failure;
import org.jspecify.annotations.Nullable;

/** A grid could not be split; the failure contains the reason and whether another attempt can help. */
final class SplitFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    SplitFailed(Failure.Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = new Failure(code, message);
    }

    Failure failure() {
        return failure;
    }
}
