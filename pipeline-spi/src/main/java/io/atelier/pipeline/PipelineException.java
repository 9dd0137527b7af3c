package io.atelier.pipeline;

import org.jspecify.annotations.Nullable;

/** Ends a request with a status and a sentence for its client, {@code {"detail": "..."}}. The log of the gateway does not have it. */
public class PipelineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String detail;

    /** Like {@link #PipelineException(int, String, Throwable)}, without a cause. */
    public PipelineException(int status, String detail) {
        this(status, detail, null);
    }

    /**
     * @param status of the response, from 400 to 599
     * @param detail what was wrong, what is allowed, what to do
     * @param cause is not shown to the client; null if there is none
     * @throws IllegalArgumentException if the status is another one
     */
    public PipelineException(int status, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException(
                    "The status of a failure must be from 400 to 599, and is %d".formatted(status));
        }
        this.status = status;
        this.detail = detail;
    }

    /** The status of the response. */
    public int status() {
        return status;
    }

    /** The sentence for the client. */
    public String detail() {
        return detail;
    }
}
