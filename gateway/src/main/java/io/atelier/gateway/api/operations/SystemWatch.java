package io.atelier.gateway.api.operations;

import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    /** In a new system the first worker creates the bucket, which may take it half a minute from the start of the gateway. */
    private static final int CHECKS_WITHOUT_BUCKET = 6;

    private static final Optional<Notice> NO_BROKER = Optional.of(new Notice(
            Condition.NO_BROKER,
            "No Kafka broker answers: new generations are refused, and running ones wait. Start the brokers; the "
                    + "connection returns by itself."));

    private final DiskSpace disk;
    private final BrokerProbe brokers;
    private final StoreProbe store;
    private final Map<Part, Notice> notices = new EnumMap<>(Part.class);
    private final AtomicInteger withoutBucket = new AtomicInteger();
    private volatile @Nullable ScheduledThreadPoolExecutor thread;

    public SystemWatch(DiskSpace disk, BrokerProbe brokers, StoreProbe store) {
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
            return notices.values().stream().map(Notice::sentence).toList();
        }
    }

    @Override
    public boolean isDiskLow() {
        return disk.isLow();
    }

    void checkDisk() {
        disk.measure();
        report(Part.DISK, disk.notice().map(sentence -> new Notice(Condition.DISK_LOW, sentence)));
    }

    /** Asks the servers, which answer later. The answer of the store is shared with the probes of {@link GatewayChecks}. */
    void checkServers() {
        brokers.reachable().subscribe(reachable -> report(Part.BROKER, reachable ? Optional.empty() : NO_BROKER));
        store.failure().subscribe(this::reportStore);
    }

    private void reportStore(Optional<ObjectStoreFailed> failure) {
        if (failure.isEmpty()) {
            withoutBucket.set(CHECKS_WITHOUT_BUCKET);
        }
        boolean isNew = failure.filter(ObjectStoreFailed::isBucketMissing).isPresent()
                && withoutBucket.incrementAndGet() <= CHECKS_WITHOUT_BUCKET;
        if (!isNew) {
            report(Part.STORE, failure.map(SystemWatch::storeNotice));
        }
    }

    /** A store that refuses must be repaired; one that is away comes back. */
    private static Notice storeNotice(ObjectStoreFailed failure) {
        return failure.kind() == ObjectStoreFailed.Kind.UNAVAILABLE
                ? new Notice(
                        Condition.STORE_UNAVAILABLE,
                        "The image store is not available: images cannot be read, and running generations wait. Start"
                                + " or repair the store; the connection returns by itself.")
                : new Notice(
                        Condition.STORE_REFUSES,
                        "The image store cannot be used: images cannot be read, and generations fail. "
                                + failure.publicMessage());
    }

    private void report(Part part, Optional<Notice> notice) {
        synchronized (notices) {
            var before = notices.get(part);
            notice.ifPresentOrElse(current -> notices.put(part, current), () -> notices.remove(part));
            if (thread == null) {
                return;
            }
            if (notice.isPresent()) {
                // The figures in a sentence may change while its condition stays.
                if (before == null || before.condition != notice.get().condition) {
                    LOG.warn("{}", notice.get().sentence);
                }
            } else if (before != null) {
                LOG.warn("{}", part.recovered);
            }
        }
    }

    /** What is watched. */
    private enum Part {
        DISK("The disk of the data folder has enough free space again: new generations are accepted."),
        BROKER("A Kafka broker answers again."),
        STORE("The image store can be used again.");

        private final String recovered;

        Part(String recovered) {
            this.recovered = recovered;
        }
    }

    /** What can be wrong. The log has one line for each beginning of a condition. */
    private enum Condition {
        DISK_LOW,
        NO_BROKER,
        STORE_UNAVAILABLE,
        STORE_REFUSES
    }

    /** A condition that holds now, in a sentence for people. */
    private record Notice(Condition condition, String sentence) {}
}
