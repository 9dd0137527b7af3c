package io.atelier.messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/**
 * Makes every Kafka client that the binders of Spring Cloud Stream do not make, with the settings that all clients have in common: the brokers,
 * and what {@code spring.kafka} says of security (SASL, TLS) and in {@code spring.kafka.properties}. Immutable.
 */
public final class KafkaClientFactory {

    private final String bootstrapServers;
    private final Map<String, Object> common;

    private KafkaClientFactory(String bootstrapServers, Map<String, Object> settings) {
        this.bootstrapServers = bootstrapServers;
        var clean = new HashMap<>(settings);
        clean.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        // Two clients of a process with one name hide each other's metrics.
        clean.remove(CommonClientConfigs.CLIENT_ID_CONFIG);
        this.common = Map.copyOf(clean);
    }

    /** Clients of brokers that ask for no security. */
    public static KafkaClientFactory of(String bootstrapServers) {
        return new KafkaClientFactory(bootstrapServers, Map.of());
    }

    /** Clients with the common settings of {@code spring.kafka}, for other brokers than its own. */
    static KafkaClientFactory of(String bootstrapServers, KafkaProperties properties) {
        return new KafkaClientFactory(bootstrapServers, properties.buildAdminProperties());
    }

    /** {@code host:port}, several separated by commas. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** All settings of a client, by Kafka's names. */
    public Map<String, Object> settings(Map<String, ?> own) {
        var all = new HashMap<>(common);
        all.putAll(own);
        return all;
    }

    /** All settings of a Kafka Streams application, by Kafka's names; they go on to its clients. */
    public Properties streamsSettings(Map<?, ?> own) {
        var all = new Properties();
        all.putAll(common);
        all.putAll(own);
        return all;
    }

    /** An admin client; does not wait for the brokers. */
    public Admin admin(Map<String, ?> own) {
        return Admin.create(settings(own));
    }

    /** A consumer; does not wait for the brokers. */
    public <K, V> Consumer<K, V> consumer(Map<String, ?> own, Deserializer<K> key, Deserializer<V> value) {
        return new KafkaConsumer<>(settings(own), key, value);
    }

    /** A producer; does not wait for the brokers. */
    public <K, V> Producer<K, V> producer(Map<String, ?> own, Serializer<K> key, Serializer<V> value) {
        return new KafkaProducer<>(settings(own), key, value);
    }
}
