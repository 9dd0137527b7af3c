package io.atelier.messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/**
 * Makes every Kafka client that the binders of Spring Cloud Stream do not make, with the brokers and with the settings of {@code spring.kafka} as
 * Spring Boot merges them: those of all clients (security too), and over them those of {@code consumer}, {@code producer}, {@code admin} or
 * {@code streams}. What a client is for (its name, its group, where it starts, what it commits) is decided by the code that asks for it. Immutable.
 */
public final class KafkaClientFactory {

    /** What the code that asks for a client decides, and nothing else does. Two clients of a process with one name also hide each other's metrics. */
    private static final Set<String> DECIDED_BY_CODE = Set.of(
            CommonClientConfigs.CLIENT_ID_CONFIG,
            CommonClientConfigs.GROUP_ID_CONFIG,
            CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG);

    /** What Kafka refuses in a share group, beside some of the above; it has no public list. */
    private static final Set<String> NOT_FOR_SHARE_GROUPS = Set.of(
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);

    private final String bootstrapServers;
    private final Map<String, Object> consumer;
    private final Map<String, Object> producer;
    private final Map<String, Object> admin;
    private final Map<String, Object> streams;

    private KafkaClientFactory(String bootstrapServers, KafkaProperties properties) {
        this.bootstrapServers = bootstrapServers;
        this.consumer = common(properties.buildConsumerProperties());
        this.producer = common(properties.buildProducerProperties());
        this.admin = common(properties.buildAdminProperties());
        this.streams = common(properties.buildStreamsProperties());
    }

    /** Clients of brokers that ask for no security. */
    public static KafkaClientFactory of(String bootstrapServers) {
        return new KafkaClientFactory(bootstrapServers, new KafkaProperties());
    }

    /** Clients with the settings of {@code spring.kafka}, for other brokers than its own. */
    static KafkaClientFactory of(String bootstrapServers, KafkaProperties properties) {
        return new KafkaClientFactory(bootstrapServers, properties);
    }

    /** {@code host:port}, several separated by commas. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** All settings of a share consumer, by Kafka's names. */
    public Map<String, Object> shareConsumerSettings(Map<String, ?> own) {
        var all = all(consumer, own);
        all.keySet().removeAll(NOT_FOR_SHARE_GROUPS);
        return all;
    }

    /** All settings of a producer, by Kafka's names. */
    public Map<String, Object> producerSettings(Map<String, ?> own) {
        return all(producer, own);
    }

    /** All settings of a Kafka Streams application, by Kafka's names; they go on to its clients. */
    public Properties streamsSettings(Map<?, ?> own) {
        var all = new Properties();
        all.putAll(streams);
        all.putAll(own);
        return all;
    }

    /** An admin client; does not wait for the brokers. */
    public Admin admin(Map<String, ?> own) {
        return Admin.create(all(admin, own));
    }

    /** A consumer; does not wait for the brokers. */
    public <K, V> Consumer<K, V> consumer(Map<String, ?> own, Deserializer<K> key, Deserializer<V> value) {
        return new KafkaConsumer<>(all(consumer, own), key, value);
    }

    /** A producer; does not wait for the brokers. */
    public <K, V> Producer<K, V> producer(Map<String, ?> own, Serializer<K> key, Serializer<V> value) {
        return new KafkaProducer<>(producerSettings(own), key, value);
    }

    private Map<String, Object> common(Map<String, Object> settings) {
        var clean = new HashMap<>(settings);
        clean.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        clean.keySet().removeAll(DECIDED_BY_CODE);
        return Map.copyOf(clean);
    }

    private static Map<String, Object> all(Map<String, Object> common, Map<String, ?> own) {
        var all = new HashMap<>(common);
        all.putAll(own);
        return all;
    }
}
