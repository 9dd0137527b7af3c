package io.atelier.gateway.files;

import io.atelier.contract.image.FileId;

/** An uploaded file existed, but was deleted, or its time to live has passed. */
public final class FileGone extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean isExpired;

    FileGone(FileId id, boolean isExpired) {
        super("The file '" + id + "' " + (isExpired ? "has expired" : "was deleted"), null, false, false);
        this.isExpired = isExpired;
    }

    /** Whether its time to live has passed; otherwise a client deleted it. */
    public boolean isExpired() {
        return isExpired;
    }
}
