package io.atelier.messaging.clock;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when the clock of the machine was set back, for something to start it again. The clients of Kafka plan by that clock: what
 * is due in five seconds they do when the old time has come again, and until then they neither poll nor beat, nor stop in order.
 */
public final class ClockRollbackWatchdog {

    /** What the process ends with, unlike any status that Java or a signal gives. */
    public static final int SET_BACK_STATUS = 88;

    /** What is due late by this is borne. */
    private static final Duration HARMLESS = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Consumer<Duration> setBack;
    private long ahead;

    /**
     * Begins with the first look.
     *
     * @param nanos a clock that nobody sets, from any beginning
     * @param setBack is told by how much the clock was set back
     */
    ClockRollbackWatchdog(InstantSource clock, LongSupplier nanos, Consumer<Duration> setBack) {
        this.clock = clock;
        this.nanos = nanos;
        this.setBack = setBack;
        this.ahead = ahead();
    }

    /** Has an eye on the clock from now on, as long as the process lives. For {@code main} methods: tests have a process of others. */
    public static void start() {
        var watch =
                new ClockRollbackWatchdog(InstantSource.system(), System::nanoTime, ClockRollbackWatchdog::endProcess);
        var looks = Executors.newSingleThreadScheduledExecutor(look -> {
            var thread = new Thread(look, "clock-watch");
            thread.setDaemon(true);
            return thread;
        });
        var unused = looks.scheduleWithFixedDelay(watch::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Holds the two clocks against each other, as at the last look. */
    void look() {
        long before = ahead;
        ahead = ahead();
        if (before - ahead > HARMLESS.toMillis()) {
            setBack.accept(Duration.ofMillis(before - ahead));
        }
    }

    private long ahead() {
        return clock.millis() - TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
    }

    private static void endProcess(Duration setBack) {
        LoggerFactory.getLogger(ClockRollbackWatchdog.class)
                .error(
                        "The clock of this machine was set back by {}. The process ends with status {}, to be started again.",
                        setBack,
                        SET_BACK_STATUS);
        Runtime.getRuntime().halt(SET_BACK_STATUS);
    }
}
