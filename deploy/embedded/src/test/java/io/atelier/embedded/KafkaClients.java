package io.atelier.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plain Kafka clients for tests. */
final class KafkaClients {

    static final String TOPIC = "records";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Map<String, Object> bootstrap;

    KafkaClients(String bootstrapServers) {
        this.bootstrap = Map.of("bootstrap.servers", bootstrapServers);
    }

    /** Creates the topic with one partition, and lets the share group start at its beginning. */
    void prepare(String shareGroup) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(bootstrap)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
            var group = new ConfigResource(ConfigResource.Type.GROUP, shareGroup);
            var earliest =
                    new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(group, List.of(earliest)))
                    .all()
                    .get();
        }
    }

    void send(String... values) throws ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<>(bootstrap, new StringSerializer(), new StringSerializer())) {
            for (var value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value)).get();
            }
        }
    }

    /** Reads the topic from the beginning until it has that many records. */
    List<String> readAll(int count) {
        try (var consumer = new KafkaConsumer<>(bootstrap, new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var values = new ArrayList<String>();
            for (long end = deadline(); values.size() < count && System.nanoTime() < end; ) {
                consumer.poll(Duration.ofMillis(200)).forEach(received -> values.add(received.value()));
            }
            return values;
        }
    }

    /** Receives that many records as a member of the share group, and acknowledges them. */
    List<String> receive(String shareGroup, int count) {
        var settings = new HashMap<>(bootstrap);
        settings.put("group.id", shareGroup);
        try (var consumer = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            var values = new ArrayList<String>();
            for (long end = deadline(); values.size() < count && System.nanoTime() < end; ) {
                consumer.poll(Duration.ofMillis(200)).forEach(received -> values.add(received.value()));
                consumer.commitSync();
            }
            return values;
        }
    }

    private static long deadline() {
        return System.nanoTime() + TIMEOUT.toNanos();
    }
}
