package io.atelier.gateway.view.jobs;

import io.atelier.gateway.streams.StateStoreMemory;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of Kafka Streams for a {@link JobView}. */
final class JobViewSettings {

    private JobViewSettings() {}

    /** @param stateDirectory of this gateway instance */
    static Map<String, Object> in(Path stateDirectory) {
        return Map.of(
                // Also the name of the store's folder: a store with another layout needs another name.
                StreamsConfig.APPLICATION_ID_CONFIG,
                "atelier-job-view",
                StreamsConfig.STATE_DIR_CONFIG,
                stateDirectory.toString(),
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                1_000,
                StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
                StateStoreMemory.class,
                // Each partition is restored after the idle fetch of the last: eight times 0.3 s with the default of
                // 500.
                StreamsConfig.globalConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
                50);
    }
}
