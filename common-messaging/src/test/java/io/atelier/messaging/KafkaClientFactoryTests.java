package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

class KafkaClientFactoryTests {

    private static final String BROKERS = "127.0.0.1:1";

    @Test
    void eachKindOfClientHasTheCommonSettingsAndItsOwn() {
        var clients = factory(Map.of(
                "spring.kafka.properties[sasl.mechanism]", "PLAIN",
                "spring.kafka.properties[retry.backoff.ms]", "1",
                "spring.kafka.consumer.properties[retry.backoff.ms]", "2",
                "spring.kafka.producer.properties[retry.backoff.ms]", "3",
                "spring.kafka.streams.properties[retry.backoff.ms]", "4",
                "spring.kafka.producer.compression-type", "zstd"));

        assertThat(clients.shareConsumerSettings(Map.of()))
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("retry.backoff.ms", "2")
                .doesNotContainKey("compression.type");
        assertThat(clients.producerSettings(Map.of()))
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("retry.backoff.ms", "3")
                .containsEntry("compression.type", "zstd");
        assertThat(clients.streamsSettings(Map.of()))
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("retry.backoff.ms", "4");
    }

    @Test
    void settingsOfTheCodeWinOverThoseOfTheOperator() {
        var clients = factory(Map.of("spring.kafka.producer.acks", "0"));

        assertThat(clients.producerSettings(Map.of("acks", "all"))).containsEntry("acks", "all");
    }

    @Test
    void whatAClientIsForIsNotASetting() {
        var clients = factory(Map.of(
                "spring.kafka.bootstrap-servers", "elsewhere:9092",
                "spring.kafka.client-id", "one",
                "spring.kafka.consumer.group-id", "two",
                "spring.kafka.consumer.auto-offset-reset", "latest",
                "spring.kafka.consumer.enable-auto-commit", "true",
                "spring.kafka.producer.properties[transactional.id]", "three"));

        assertThat(clients.shareConsumerSettings(Map.of()))
                .containsEntry("bootstrap.servers", BROKERS)
                .doesNotContainKeys("client.id", "group.id", "auto.offset.reset", "enable.auto.commit");
        assertThat(clients.producerSettings(Map.of()))
                .containsEntry("bootstrap.servers", BROKERS)
                .doesNotContainKeys("client.id", "transactional.id");
    }

    @Test
    void shareConsumersTakeWhatKafkaAllowsThem() {
        var clients = factory(Map.of(
                "spring.kafka.consumer.heartbeat-interval", "1s",
                "spring.kafka.consumer.isolation-level", "read-committed",
                "spring.kafka.consumer.properties[session.timeout.ms]", "9000",
                "spring.kafka.consumer.properties[group.protocol]", "consumer"));
        var settings = clients.shareConsumerSettings(Map.of("group.id", "workers"));

        assertThatCode(() ->
                        new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer()).close())
                .doesNotThrowAnyException();
    }

    private static KafkaClientFactory factory(Map<String, String> settings) {
        var properties = new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("spring.kafka", Bindable.of(KafkaProperties.class));
        return KafkaClientFactory.of(BROKERS, properties);
    }
}
