package io.atelier.gateway.janitor;

/**
 * What came of a round through the store.
 *
 * @param seen objects that were old enough
 * @param deleted those that are gone now
 * @param bytes of the deleted ones
 * @param unknown objects of jobs that nobody knows, deleted or left
 */
record Round(long seen, long deleted, long bytes, long unknown) {

    static final Round NONE = new Round(0, 0, 0, 0);

    Round left(boolean known) {
        return new Round(seen + 1, deleted, bytes, known ? unknown : unknown + 1);
    }

    Round deleted(long size, boolean known) {
        return new Round(seen + 1, deleted + 1, bytes + size, known ? unknown : unknown + 1);
    }
}
