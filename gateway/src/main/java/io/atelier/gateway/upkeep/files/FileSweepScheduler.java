package io.atelier.gateway.upkeep.files;

import io.atelier.gateway.files.ExpiredFileSweep;
import io.atelier.gateway.upkeep.sweep.SweepSchedule;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs the sweeps of uploaded files on a thread of their own. */
public final class FileSweepScheduler implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(FileSweepScheduler.class);

    private final ExpiredFileSweep sweep;
    private final Duration pageInterval;
    private final Counter deleted;
    private final SweepSchedule schedule;

    /**
     * @param interval the longest time between two sweeps; zero for no sweeps
     * @param pageInterval the time between two pages of a listing
     */
    public FileSweepScheduler(ExpiredFileSweep sweep, Duration interval, Duration pageInterval, MeterRegistry meters) {
        this.sweep = sweep;
        this.pageInterval = pageInterval;
        this.deleted = Counter.builder("atelier.files.expired")
                .description("Uploaded files that were deleted because their time to live had passed")
                .register(meters);
        this.schedule = new SweepSchedule("file-sweep", "The sweep of uploaded files", interval, this::sweep);
    }

    @Override
    public void start() {
        schedule.start();
    }

    @Override
    public void stop() {
        schedule.stop();
    }

    @Override
    public boolean isRunning() {
        return schedule.isRunning();
    }

    private void sweep() throws InterruptedException {
        int files = sweep.sweep(pageInterval);
        deleted.increment(files);
        if (files > 0) {
            LOG.info("{} uploaded files were deleted: their time to live has passed.", files);
        }
    }
}
