package io.atelier.worker.source;

import org.jspecify.annotations.Nullable;

/** A file was not fetched. */
public final class DownloadFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final @Nullable Integer status;
    private final boolean isRepeatable;

    /** @param isRepeatable whether the same request can succeed a moment later */
    DownloadFailed(String reason, boolean isRepeatable, @Nullable Throwable cause) {
        this(reason, null, isRepeatable, cause);
    }

    private DownloadFailed(String reason, @Nullable Integer status, boolean isRepeatable, @Nullable Throwable cause) {
        super(reason, cause);
        this.reason = reason;
        this.status = status;
        this.isRepeatable = isRepeatable;
    }

    /** The failure for a response that is neither a success nor a redirect. */
    static DownloadFailed ofStatus(int status) {
        return new DownloadFailed(
                "the server responded with status %d.".formatted(status), status, status >= 500, null);
    }

    /** Why, as the end of a sentence, to which others may be added; it does not contain the address. */
    public String reason() {
        return reason;
    }

    /** The HTTP status of the server; null if it did not respond, or not with a failure. */
    public @Nullable Integer status() {
        return status;
    }

    boolean isRepeatable() {
        return isRepeatable;
    }

    /** What a log may show beside the message: the exception of the HTTP client if there is one, which names the server. */
    public Throwable origin() {
        var cause = getCause();
        return cause == null ? this : cause;
    }
}
