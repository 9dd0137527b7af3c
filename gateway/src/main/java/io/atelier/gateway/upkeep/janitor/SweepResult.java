package io.atelier.gateway.upkeep.janitor;

/**
 * The counts of one sweep through the store.
 *
 * @param seen objects older than the grace period
 * @param deleted objects that were deleted
 * @param bytes the size of the deleted objects
 * @param unknown objects of unknown jobs or outside the folders of jobs, deleted or kept
 * @param refused lists of published copies that stay, because they cannot be read or the store refuses to delete a copy
 */
record SweepResult(long seen, long deleted, long bytes, long unknown, long refused) {

    static final SweepResult NONE = new SweepResult(0, 0, 0, 0, 0);

    SweepResult kept(boolean known) {
        return new SweepResult(seen + 1, deleted, bytes, known ? unknown : unknown + 1, refused);
    }

    SweepResult deleted(long size, boolean known) {
        return new SweepResult(seen + 1, deleted + 1, bytes + size, known ? unknown : unknown + 1, refused);
    }

    SweepResult refused(boolean known) {
        return new SweepResult(seen + 1, deleted, bytes, known ? unknown : unknown + 1, refused + 1);
    }
}
