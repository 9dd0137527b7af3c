package io.atelier.acceptance.crash.plan;

import java.util.Locale;

/** The kinds of faults. */
public enum Fault {
    /** {@code kill -9}, and a restart 0 to 2 s later. */
    KILL,
    /** {@code kill -9}, and a restart 10 s later. */
    OUTAGE,
    /** The process is stopped for 10 s, with all its connections open. */
    FREEZE,
    /** The process is stopped for longer than a lease, like a suspended machine. */
    SUSPEND,
    /** The store takes seconds for each response. */
    SLOW_STORE,
    /** The store returns errors and closes connections, before or after it has processed the request. */
    FAILING_STORE,
    /** No file can grow. */
    DISK_FULL,
    /** The wall clock is set forwards, then backwards. */
    CLOCK_JUMP;

    /** The fault with the given name, such as {@code slow-store}. */
    public static Fault of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
