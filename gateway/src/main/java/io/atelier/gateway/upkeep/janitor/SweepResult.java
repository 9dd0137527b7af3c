package io.atelier.gateway.upkeep.janitor;

/**
 * The counts of one sweep through the store.
 *
 * @param seen objects older than the grace period
 * @param deleted objects that were deleted
 * @param bytes the size of the deleted objects
 * @param unknown objects of unknown jobs or outside the folders of jobs, deleted or kept
 */
record SweepResult(long seen, long deleted, long bytes, long unknown) {

    static final SweepResult NONE = new SweepResult(0, 0, 0, 0);

    SweepResult kept(boolean known) {
        return new SweepResult(seen + 1, deleted, bytes, known ? unknown : unknown + 1);
    }

    SweepResult deleted(long size, boolean known) {
        return new SweepResult(seen + 1, deleted + 1, bytes + size, known ? unknown : unknown + 1);
    }
}
