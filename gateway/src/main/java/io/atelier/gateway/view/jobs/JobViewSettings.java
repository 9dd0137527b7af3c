package io.atelier.gateway.view.jobs;

import io.atelier.gateway.streams.StateStoreMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** The settings of Kafka Streams for a {@link JobView}. */
final class JobViewSettings {

    private static final Logger LOG = LoggerFactory.getLogger(JobViewSettings.class);

    /** Also the name of the store's folder: a store with another layout needs another name. */
    private static final String APPLICATION_ID = "atelier-job-view-2";

    /** The names of earlier layouts. The first one had no index of labels. */
    private static final List<String> FORMER_IDS = List.of("atelier-job-view");

    private JobViewSettings() {}

    /** @param stateDirectory of this gateway instance */
    static Map<String, Object> in(Path stateDirectory) {
        return Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                APPLICATION_ID,
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

    /** Deletes the stores of earlier layouts: nothing reads them, and the present one is made from the topic. */
    static void deleteFormerStores(Map<String, ?> settings) {
        var stateDirectory = Path.of(String.valueOf(settings.get(StreamsConfig.STATE_DIR_CONFIG)));
        for (var id : FORMER_IDS) {
            var folder = stateDirectory.resolve(id);
            try {
                if (FileSystemUtils.deleteRecursively(folder)) {
                    LOG.info(
                            "Deleted {}, which an earlier version used. The view of jobs is made again from the topic.",
                            folder);
                }
            } catch (IOException e) {
                LOG.warn(
                        "{}, which an earlier version used, cannot be deleted and takes space: {}",
                        folder,
                        e.toString());
            }
        }
    }
}
