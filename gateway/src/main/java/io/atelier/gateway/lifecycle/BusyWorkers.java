package io.atelier.gateway.lifecycle;

import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.UnreadableRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Finds the live workers that run tasks, from the records of their topic. Not thread-safe. */
final class BusyWorkers {

    /** Heartbeats that may be missing. */
    private static final int MISSED_HEARTBEATS = 3;

    private final Instant now;
    private final Map<String, Instant> startTimes = new HashMap<>();

    BusyWorkers(Instant now) {
        this.now = now;
    }

    /** Adds a heartbeat. The last one of a worker counts. */
    void add(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            startTimes.remove(record.key());
            return;
        }
        try {
            var worker = EventCodec.read(record.value(), WorkerAnnounced.class);
            var lost =
                    Instant.ofEpochMilli(record.timestamp()).plusMillis(MISSED_HEARTBEATS * worker.heartbeatMillis());
            if (worker.running() > 0 && !worker.leaving() && lost.isAfter(now)) {
                startTimes.put(worker.id(), worker.startedAt());
            } else {
                startTimes.remove(worker.id());
            }
        } catch (UnreadableRecord e) {
            // The view of workers reports it.
            return;
        }
    }

    /** When the processes of these workers started, by the id of the worker. */
    Map<String, Instant> startTimes() {
        return Map.copyOf(startTimes);
    }
}
