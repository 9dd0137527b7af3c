package io.atelier.messaging.clock;

import io.atelier.messaging.thread.DaemonThreads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Halts the process when the system clock was set back by more than 10 seconds, so that its supervisor restarts it. Kafka clients schedule with
 * the system clock: after it was set back, they neither poll, nor send heartbeats, nor shut down until the clock reaches the old time again.
 */
public final class ClockRollbackWatchdog {

    /** The exit status of the process; different from all statuses of the JVM and of signals. */
    public static final int EXIT_STATUS = 88;

    /** The largest rollback without an effect. */
    private static final Duration TOLERANCE = Duration.ofSeconds(10);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Consumer<Duration> onRollback;
    private long offsetMillis;

    /**
     * Creates a watchdog and compares the clocks for the first time.
     *
     * @param nanos monotonic clock in nanoseconds with any origin
     * @param onRollback receives the duration by which the clock was set back
     */
    ClockRollbackWatchdog(InstantSource clock, LongSupplier nanos, Consumer<Duration> onRollback) {
        this.clock = clock;
        this.nanos = nanos;
        this.onRollback = onRollback;
        this.offsetMillis = offsetMillis();
    }

    /** Checks the clock every second until the process ends. Only for {@code main} methods, because it can halt the JVM. */
    public static void start() {
        var watchdog = new ClockRollbackWatchdog(InstantSource.system(), System::nanoTime, ClockRollbackWatchdog::halt);
        var scheduler = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("clock-watch"));
        var unused = scheduler.scheduleWithFixedDelay(
                watchdog::check, CHECK_INTERVAL.toMillis(), CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Compares the offset between the two clocks with that of the last check. */
    void check() {
        long before = offsetMillis;
        offsetMillis = offsetMillis();
        if (before - offsetMillis > TOLERANCE.toMillis()) {
            onRollback.accept(Duration.ofMillis(before - offsetMillis));
        }
    }

    private long offsetMillis() {
        return clock.millis() - TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
    }

    private static void halt(Duration rollback) {
        LoggerFactory.getLogger(ClockRollbackWatchdog.class)
                .error(
                        "The clock of this machine was set back by {}. The process ends with status {} so that it is"
                                + " started again.",
                        rollback,
                        EXIT_STATUS);
        Runtime.getRuntime().halt(EXIT_STATUS);
    }
}
