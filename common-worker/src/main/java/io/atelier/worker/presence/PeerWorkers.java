package io.atelier.worker.presence;

import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/** The other workers, by their last heartbeats. Thread-safe. */
public final class PeerWorkers {

    private static final Logger LOG = LoggerFactory.getLogger(PeerWorkers.class);

    /** Heartbeats that may be missing. */
    private static final int MISSED_HEARTBEATS = 3;

    private final String ownId;
    private final InstantSource clock;

    /** In whole milliseconds, as clocks of machines may be read with less precision later. */
    private final Instant startedAt;

    private final Map<String, Peer> peers = new ConcurrentHashMap<>();
    private final CountDownLatch caughtUp = new CountDownLatch(1);

    /** @param ownId the id of this worker, whose heartbeats are ignored */
    public PeerWorkers(String ownId, InstantSource clock) {
        this.ownId = ownId;
        this.clock = clock;
        this.startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Handles one record of the topic of heartbeats; one that cannot be read is skipped with a log line. */
    public void receive(Message<byte[]> message) {
        try {
            var worker = EventCodec.read(message.getPayload(), WorkerAnnounced.class);
            long millis = Objects.requireNonNull(message.getHeaders().get(KafkaHeaders.RECEIVED_TIMESTAMP, Long.class));
            put(worker, Instant.ofEpochMilli(millis));
        } catch (UnreadableRecord e) {
            LOG.warn("Skipped a record on {} that is no heartbeat: {}", Topic.WORKERS, e.getMessage());
        }
    }

    /** @param at when the brokers received the heartbeat */
    void put(WorkerAnnounced worker, Instant at) {
        if (worker.id().equals(ownId)) {
            // If it was published by this process, what was announced before it was received before it. An earlier
            // process may have had the id, which a setting can fix.
            if (!worker.at().isBefore(startedAt)) {
                caughtUp.countDown();
            }
        } else if (worker.leaving()) {
            peers.remove(worker.id());
        } else {
            peers.put(worker.id(), new Peer(worker, at));
        }
    }

    /** Waits until the heartbeats from before the start of this worker were received, at most for a timeout. False if they were not. */
    public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
        boolean isComplete = caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (!isComplete) {
            LOG.warn("{} was not read to its end within {}; other workers may be unknown", Topic.WORKERS, timeout);
        }
        return isComplete;
    }

    /** The live other workers that lease tasks of a pool. */
    public Stream<WorkerAnnounced> ofPool(String pool) {
        var now = clock.instant();
        return peers.values().stream()
                .filter(peer -> peer.worker.pool().equals(pool) && peer.isLive(now))
                .map(Peer::worker);
    }

    private record Peer(WorkerAnnounced worker, Instant at) {

        boolean isLive(Instant now) {
            return at.plusMillis(MISSED_HEARTBEATS * worker.heartbeatMillis()).isAfter(now);
        }
    }
}
