package io.atelier.subscriber;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Settings of the subscriber.
 *
 * @param client properties of Kafka's client, such as those of SASL and TLS, from the file {@code SUBSCRIBER_KAFKA_CONFIG}; with
 *     {@code bootstrap.servers}, which {@code ATELIER_KAFKA} sets
 * @param gateway the URL of the gateway, for images, {@code ATELIER_URL}
 * @param group the consumer group, {@code SUBSCRIBER_GROUP}: each service needs its own, because members of a group share the events
 * @param folder the folder for images and the log of processed versions, {@code SUBSCRIBER_FOLDER}
 */
record SubscriberSettings(Map<String, String> client, URI gateway, String group, Path folder) {

    private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

    SubscriberSettings {
        client = Map.copyOf(client);
    }

    /** @throws IllegalArgumentException if a variable cannot be used; the message names it */
    static SubscriberSettings of(Map<String, String> environment) {
        return new SubscriberSettings(
                client(environment),
                uri("ATELIER_URL", value(environment, "ATELIER_URL", "http://127.0.0.1:8080")),
                value(environment, "SUBSCRIBER_GROUP", "sample-subscriber"),
                Path.of(value(environment, "SUBSCRIBER_FOLDER", "subscriber")));
    }

    /** Brokers named by the variable go before those in the file. */
    private static Map<String, String> client(Map<String, String> environment) {
        var client = new HashMap<String, String>();
        var file = value(environment, "SUBSCRIBER_KAFKA_CONFIG", "");
        if (!file.isEmpty()) {
            client.putAll(properties("SUBSCRIBER_KAFKA_CONFIG", Path.of(file)));
        }
        var inFile = client.getOrDefault(BOOTSTRAP_SERVERS, "127.0.0.1:9092");
        client.put(BOOTSTRAP_SERVERS, value(environment, "ATELIER_KAFKA", inFile));
        return client;
    }

    private static Map<String, String> properties(String variable, Path file) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    variable + " must name a file of client properties of Kafka in UTF-8; it cannot be read: " + e, e);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    private static URI uri(String variable, String value) {
        try {
            return URI.create(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    variable + " must be a URL such as http://127.0.0.1:8080; it is " + value, e);
        }
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
        var consumer = standaloneConsumer();
        consumer.put("group.id", group);
        consumer.put("auto.offset.reset", "earliest");
        consumer.put("max.poll.records", 10);
        return consumer;
    }

    /** Consumer configuration without a group. */
    Map<String, Object> standaloneConsumer() {
        var consumer = new HashMap<String, Object>(client);
        consumer.put("enable.auto.commit", false);
        return consumer;
    }
}
