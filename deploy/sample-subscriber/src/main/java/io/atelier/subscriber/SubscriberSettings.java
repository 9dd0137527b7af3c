package io.atelier.subscriber;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * Settings of the subscriber.
 *
 * @param bootstrapServers the brokers, {@code ATELIER_KAFKA}
 * @param gateway the URL of the gateway, for images, {@code ATELIER_URL}
 * @param group the consumer group, {@code SUBSCRIBER_GROUP}: each service needs its own, because members of a group share the events
 * @param folder the folder for images and the log of processed versions, {@code SUBSCRIBER_FOLDER}
 */
record SubscriberSettings(String bootstrapServers, URI gateway, String group, Path folder) {

    static SubscriberSettings of(Map<String, String> environment) {
        return new SubscriberSettings(
                value(environment, "ATELIER_KAFKA", "127.0.0.1:9092"),
                URI.create(value(environment, "ATELIER_URL", "http://127.0.0.1:8080")),
                value(environment, "SUBSCRIBER_GROUP", "sample-subscriber"),
                Path.of(value(environment, "SUBSCRIBER_FOLDER", "subscriber")));
    }

    /** An empty variable is one that is not set. */
    private static String value(Map<String, String> environment, String name, String standard) {
        var value = environment.getOrDefault(name, "");
        return value.isBlank() ? standard : value;
    }

    /**
     * Consumer configuration for a member of the group. Offsets are committed after the work is done. A poll returns at most 10 records, so that
     * they are handled long before {@code max.poll.interval.ms}.
     */
    Map<String, Object> groupConsumer() {
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

    /** Consumer configuration without a group. */
    Map<String, Object> standaloneConsumer() {
        return Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false);
    }
}
