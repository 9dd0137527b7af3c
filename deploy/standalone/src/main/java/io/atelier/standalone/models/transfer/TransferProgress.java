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

    private final Console console;
    private final long total;
    private final LongSupplier nanos;
    private String file = "";
    private long done;
    private long measured;
    private long measuredAt;
    private double rate;
    private int tenth;

    /** @param total bytes of all files */
    public TransferProgress(Console console, long total) {
        this(console, total, System::nanoTime);
    }

    TransferProgress(Console console, long total, LongSupplier nanos) {
        this.console = console;
        this.total = total;
        this.nanos = nanos;
        this.measuredAt = nanos.getAsLong();
    }

    /** From now on the bytes are those of this file. */
    public void file(String path) {
        file = path;
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
        if (now - measuredAt >= UPDATE_NANOS) {
            measure(now);
            show();
        } else if (done >= total) {
            show();
        }
    }

    /** Takes back bytes that turned out to be unusable. */
    void discard(long bytes) {
        done -= bytes;
        measured -= bytes;
    }

    /** What keeps the transfer from going on for a while. */
    void interrupted(String reason) {
        console.notice(reason);
    }

    private void measure(long now) {
        double seconds = (now - measuredAt) / 1e9;
        double current = (done - measured) / seconds;
        // The first rate counts alone; a stall lowers the later ones within seconds.
        double weight = rate == 0 ? 1 : 1 - Math.exp(-seconds / RATE_MEMORY_SECONDS);
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
        if (rate < 1 || done >= total) {
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
