package io.atelier.gateway.upkeep.janitor;

import io.atelier.gateway.upkeep.sweep.SweepSchedule;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs the sweeps of the janitor on a thread of their own. */
public final class OrphanSweepScheduler implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweepScheduler.class);

    private final Janitor janitor;
    private final Counter deleted;
    private final Counter bytes;
    private final Counter refused;
    private final SweepSchedule schedule;

    /** @param interval the longest time between two sweeps; zero for no sweeps */
    public OrphanSweepScheduler(Janitor janitor, Duration interval, MeterRegistry meters) {
        this.janitor = janitor;
        this.deleted = Counter.builder("atelier.janitor.deleted")
                .description("Objects that were deleted because no job needs them")
                .register(meters);
        this.bytes = Counter.builder("atelier.janitor.deleted.bytes")
                .description("Bytes of the objects that were deleted because no job needs them")
                .register(meters);
        this.refused = Counter.builder("atelier.janitor.refused")
                .description(
                        "Lists of published copies that stayed in a sweep, because the copies could not be deleted")
                .register(meters);
        this.schedule = new SweepSchedule("janitor", "The janitor's sweep", interval, this::sweep);
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
        try {
            report(janitor.sweep());
        } catch (JobsNotReady e) {
            LOG.info("The janitor's sweep is postponed: the view of jobs has not caught up.");
        }
    }

    private void report(SweepResult result) {
        deleted.increment((double) result.deleted());
        bytes.increment((double) result.bytes());
        refused.increment((double) result.refused());
        LOG.info(
                "The janitor saw {} objects and deleted {} of them ({} bytes); {} belong to no known job, and {} lists of published copies stay, because the copies could not be deleted.",
                result.seen(),
                result.deleted(),
                result.bytes(),
                result.unknown(),
                result.refused());
    }
}
