package io.atelier.gateway.upkeep.janitor;

/**
 * What came of a round through the store.
 *
 * @param seen objects that were old enough
 * @param deleted those that are gone now
 * @param bytes of the deleted ones
 * @param unknown objects of jobs that nobody knows, deleted or left
 */
record SweepResult(long seen, long deleted, long bytes, long unknown) {

    static final SweepResult NONE = new SweepResult(0, 0, 0, 0);

    SweepResult left(boolean known) {
        return new SweepResult(seen + 1, deleted, bytes, known ? unknown : unknown + 1);
    }

    SweepResult deleted(long size, boolean known) {
        return new SweepResult(seen + 1, deleted + 1, bytes + size, known ? unknown : unknown + 1);
    }
}
