package io.atelier.splitter;

import io.atelier.contract.job.Failure;
import io.atelier.image.decode.ImageDecodingException;
import org.jspecify.annotations.Nullable;

/** A grid could not be split; the failure contains the reason and whether another attempt can help. */
final class SplitFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    SplitFailed(Failure.Code code, String message, @Nullable Throwable cause) {
        this(new Failure(code, message), cause);
    }

    SplitFailed(Failure failure, @Nullable Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    /**
     * The failure for a lack of memory of this process, which another attempt may not meet, unless the grid needs more than there is at all.
     *
     * @param grid what it is, without an article
     */
    static SplitFailed noMemory(String grid, ImageDecodingException cause) {
        if (cause.reason() == ImageDecodingException.Reason.EXCEEDS_MEMORY) {
            var message =
                    "The %s is too large for the memory of this worker: %s. Split a smaller one, or give splitter workers a larger heap.";
            return new SplitFailed(Failure.Code.REQUEST_REJECTED, message.formatted(grid, cause.getMessage()), cause);
        }
        var message = "This worker has too little memory for the %s: %s. Try again later, or give it more.";
        return new SplitFailed(Failure.Code.OUT_OF_MEMORY, message.formatted(grid, cause.getMessage()), cause);
    }

    Failure failure() {
        return failure;
    }
}
