package io.atelier.standalone.models.transfer;

import io.atelier.standalone.console.ByteCount;
import io.atelier.standalone.console.Console;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The progress of a transfer of several files, with its rate and the time that is left: one line that is overwritten on a terminal, otherwise a
 * line for each tenth. For one thread.
 */
public final class TransferProgress {

    private static final int BAR_WIDTH = 20;
    private static final int TENTHS = 10;
    private static final long UPDATE_NANOS = Duration.ofMillis(250).toNanos();

    /** Rates of more than this time ago hardly count. */
    private static final double RATE_MEMORY_SECONDS = 5;

    /** What was measured for less time says more about the buffers on the way than about the rate. */
    private static final double SHORTEST_MEASUREMENT_SECONDS = 2;

    private final Console console;
    private final long total;
    private final LongSupplier nanos;
    private String file = "";
    private long done;

    /** Whether bytes have arrived since the last file began, or since the last break: the waits before them are none of the rate. */
    private boolean isArriving;

    private long measured;
    private long measuredAt;
    private double measuredSeconds;
    private double rate;
    private long shownAt;
    private int tenth;

    /** @param total bytes of all files */
    public TransferProgress(Console console, long total) {
        this(console, total, System::nanoTime);
    }

    TransferProgress(Console console, long total, LongSupplier nanos) {
        this.console = console;
        this.total = total;
        this.nanos = nanos;
        this.shownAt = nanos.getAsLong();
    }

    /** From now on the bytes are those of this file. */
    public void file(String path) {
        file = path;
        isArriving = false;
    }

    /** Bytes that were there before count as done, but not for the rate. */
    public void present(long bytes) {
        done += bytes;
        measured += bytes;
        show();
    }

    /** Bytes that have arrived. */
    public void add(long bytes) {
        done += bytes;
        long now = nanos.getAsLong();
        if (!isArriving) {
            isArriving = true;
            measured = done;
            measuredAt = now;
        } else if (now - measuredAt >= UPDATE_NANOS) {
            measure(now);
        }
        if (now - shownAt >= UPDATE_NANOS || done >= total) {
            shownAt = now;
            show();
        }
    }

    /** Takes back bytes that turned out to be unusable. */
    void discard(long bytes) {
        done -= bytes;
        measured -= bytes;
    }

    /** The transfer goes on after a while, which does not count for the rate. */
    void interrupted() {
        isArriving = false;
    }

    private void measure(long now) {
        double seconds = (now - measuredAt) / 1e9;
        double current = (done - measured) / seconds;
        measuredSeconds += seconds;
        // All of the first seconds counts alike; a stall lowers the rate within seconds.
        double weight = Math.max(seconds / measuredSeconds, 1 - Math.exp(-seconds / RATE_MEMORY_SECONDS));
        rate += weight * (current - rate);
        measured = done;
        measuredAt = now;
    }

    private void show() {
        double fraction = total == 0 ? 1 : Math.min(1, (double) done / total);
        if (console.terminal().err()) {
            int full = (int) (fraction * BAR_WIDTH);
            console.progress("[%s%s] %3d%%  %s%s  %s"
                    .formatted(
                            "#".repeat(full),
                            ".".repeat(BAR_WIDTH - full),
                            (int) (fraction * 100),
                            amount(),
                            speed(),
                            file));
        } else if ((int) (fraction * TENTHS) > tenth) {
            tenth = (int) (fraction * TENTHS);
            console.progress("%d %%: %s%s".formatted(tenth * TENTHS, amount(), speed()));
        }
    }

    private String amount() {
        return ByteCount.text(done) + " of " + ByteCount.text(total);
    }

    private String speed() {
        if (measuredSeconds < SHORTEST_MEASUREMENT_SECONDS || rate < 1 || done >= total) {
            return "";
        }
        var left = Duration.ofSeconds((long) Math.ceil((total - done) / rate));
        return ", %s/s, %s left".formatted(ByteCount.text((long) rate), text(left));
    }

    private static String text(Duration time) {
        if (time.toHours() > 0) {
            return "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
                : time.toSeconds() + " s";
    }
}
