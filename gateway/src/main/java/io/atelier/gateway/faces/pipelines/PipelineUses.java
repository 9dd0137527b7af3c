package io.atelier.gateway.faces.pipelines;

/** Counts the requests that use the code of a pipeline, so that it is closed after the last one. Thread-safe. */
final class PipelineUses {

    private final Runnable close;
    private int count;
    private boolean isRetired;
    private boolean isClosed;

    /** @param close runs once, when the code was retired and no request uses it */
    PipelineUses(Runnable close) {
        this.close = close;
    }

    /** Begins a use, which {@link #release} ends; false if the code is closed. */
    synchronized boolean acquire() {
        if (isClosed) {
            return false;
        }
        count++;
        return true;
    }

    void release() {
        closeIf(changed(-1, false));
    }

    /** No new requests come. */
    void retire() {
        closeIf(changed(0, true));
    }

    /** Whether it must be closed now. */
    private synchronized boolean changed(int uses, boolean retired) {
        count += uses;
        isRetired |= retired;
        if (isClosed || !isRetired || count > 0) {
            return false;
        }
        isClosed = true;
        return true;
    }

    private void closeIf(boolean isUnused) {
        if (isUnused) {
            close.run();
        }
    }
}
