package io.atelier.splitter.publish;

import io.atelier.contract.job.Failure;
import org.jspecify.annotations.Nullable;

/** Images could not be published; the failure contains the reason and whether another attempt can help. */
final class PublishFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    PublishFailed(Failure.Code code, String message) {
        this(code, message, null);
    }

    PublishFailed(Failure.Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = new Failure(code, message);
    }

    Failure failure() {
        return failure;
    }
}
