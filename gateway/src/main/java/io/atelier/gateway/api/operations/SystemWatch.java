package io.atelier.gateway.api.operations;

import io.atelier.contract.job.JobFolder;
import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.storage.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Watches the disk, the brokers and the image store, and logs each change of their states in one line. The messages of the clients of Kafka
 * and S3 about the same shortage, thousands in a minute, are below the level of the log. Thread-safe.
 */
public final class SystemWatch implements SystemNotices, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SystemWatch.class);
    private static final Duration DISK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration SERVER_INTERVAL = Duration.ofSeconds(5);
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(5);

    private final DiskSpace disk;
    private final BrokerProbe brokers;
    private final ObjectStore store;
    private final Map<Part, String> notices = new EnumMap<>(Part.class);
    private volatile @Nullable ScheduledThreadPoolExecutor thread;

    public SystemWatch(DiskSpace disk, BrokerProbe brokers, ObjectStore store) {
        this.disk = disk;
        this.brokers = brokers;
        this.store = store;
    }

    @Override
    public void start() {
        var executor = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("system-watch"));
        thread = executor;
        // A gateway that starts on a full disk accepts nothing.
        checkDisk();
        var unused = executor.scheduleWithFixedDelay(
                this::checkDisk, DISK_INTERVAL.toSeconds(), DISK_INTERVAL.toSeconds(), TimeUnit.SECONDS);
        unused = executor.scheduleWithFixedDelay(
                this::checkServers, SERVER_INTERVAL.toSeconds(), SERVER_INTERVAL.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void stop() {
        var running = thread;
        if (running != null) {
            thread = null;
            running.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    @Override
    public List<String> current() {
        synchronized (notices) {
            return new ArrayList<>(notices.values());
        }
    }

    @Override
    public boolean isDiskLow() {
        return disk.isLow();
    }

    void checkDisk() {
        disk.measure();
        report(Part.DISK, disk.notice());
    }

    /** Asks the servers, which answer later. */
    void checkServers() {
        brokers.reachable()
                .subscribe(reachable -> report(
                        Part.BROKER,
                        reachable
                                ? Optional.empty()
                                : Optional.of(
                                        "No Kafka broker answers: new generations are refused, and running ones wait. "
                                                + "Start the brokers; the connection returns by itself.")));
        var unused = store.list(JobFolder.ROOT, null, 1)
                .orTimeout(STORE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .whenComplete((page, failure) -> report(
                        Part.STORE,
                        failure == null
                                ? Optional.empty()
                                : Optional.of("The image store does not answer: images cannot be read, and running "
                                        + "generations wait. Start the store; the connection returns by itself.")));
    }

    private void report(Part part, Optional<String> notice) {
        synchronized (notices) {
            var before = notices.get(part);
            notice.ifPresentOrElse(sentence -> notices.put(part, sentence), () -> notices.remove(part));
            if (thread == null) {
                return;
            }
            if (before == null && notice.isPresent()) {
                LOG.warn("{}", notice.get());
            } else if (before != null && notice.isEmpty()) {
                LOG.warn("{}", part.recovered);
            }
        }
    }

    /** What is watched. */
    private enum Part {
        DISK("The disk of the data folder has enough free space again: new generations are accepted."),
        BROKER("A Kafka broker answers again."),
        STORE("The image store answers again.");

        private final String recovered;

        Part(String recovered) {
            this.recovered = recovered;
        }
    }
}
