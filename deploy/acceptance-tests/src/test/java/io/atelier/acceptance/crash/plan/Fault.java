package io.atelier.acceptance.crash.plan;

import java.util.Locale;

/** What breaks. */
public enum Fault {
    /** {@code kill -9}, and a new start 0 to 2 s later. */
    KILL,
    /** {@code kill -9}, and a new start 10 s later. */
    OUTAGE,
    /** Stands still for 10 s, with all its connections open. */
    FREEZE,
    /** Stands still for longer than a lease lasts, as a suspended machine does. */
    SUSPEND,
    /** The store takes seconds for each answer. */
    SLOW_STORE,
    /** The store answers with errors and breaks connections, before and after it did as it was asked. */
    FAILING_STORE,
    /** No file can grow. */
    DISK_FULL,
    /** The wall clock jumps forwards, then backwards. */
    CLOCK_JUMP;

    /** The fault that calls itself so. */
    public static Fault of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
