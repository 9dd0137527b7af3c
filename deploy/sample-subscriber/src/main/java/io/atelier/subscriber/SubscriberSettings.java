package io.atelier.subscriber;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the subscriber has to be told.
 *
 * @param bootstrapServers the brokers, {@code ATELIER_KAFKA}
 * @param gateway where pictures are fetched, {@code ATELIER_URL}
 * @param group the consumer group, {@code SUBSCRIBER_GROUP}: its own, or it would take another subscriber's events away
 * @param folder where pictures and the ledger are kept, {@code SUBSCRIBER_FOLDER}
 */
record SubscriberSettings(String bootstrapServers, URI gateway, String group, Path folder) {

    static SubscriberSettings of(Map<String, String> environment) {
        return new SubscriberSettings(
                environment.getOrDefault("ATELIER_KAFKA", "127.0.0.1:9092"),
                URI.create(environment.getOrDefault("ATELIER_URL", "http://127.0.0.1:8080")),
                environment.getOrDefault("SUBSCRIBER_GROUP", "sample-subscriber"),
                Path.of(environment.getOrDefault("SUBSCRIBER_FOLDER", "subscriber")));
    }

    /**
     * For a member of the group. Offsets are committed by hand, after the work is done; a few records a poll, so that the work of one poll
     * is done long before {@code max.poll.interval.ms}.
     */
    Map<String, Object> groupMember() {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                group,
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                10);
    }

    /** For a reader that belongs to no group. */
    Map<String, Object> loneReader() {
        return Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false);
    }
}
