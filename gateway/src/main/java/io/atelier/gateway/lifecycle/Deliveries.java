package io.atelier.gateway.lifecycle;

/**
 * Which records of a task topic a share group may still deliver.
 *
 * @param start the first offset that is not completed
 * @param end the end offset of the partition
 * @param isIdle whether the group has completed all records
 */
record Deliveries(long start, long end, boolean isIdle) {

    /** Whether the group delivers the record, or a worker holds it. May be true for a completed record that follows an incomplete one. */
    boolean mayDeliver(long offset) {
        return offset >= start && (!isIdle || offset >= end);
    }

    /** How many records after the end will not be delivered, because the group has completed lost records with their offsets. */
    long skipped() {
        return Math.max(0, start - end);
    }
}
