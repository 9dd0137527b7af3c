package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The Kafka publisher with the embedded broker, and without a broker. */
final class KafkaEventPublisherIT extends KafkaPublisherContract {

    private static final String NO_BROKER = "127.0.0.1:1";

    @Override
    String bootstrapServers() {
        return SharedBroker.bootstrapServers();
    }

    @Test
    void aTaskForAPoolWithoutTopicFailsAndCreatesNone() {
        try (var shortTimeout = publisher(bootstrapServers(), Duration.ofSeconds(10), Duration.ofMillis(500))) {
            assertThat(shortTimeout.publish(Samples.requested("nowhere", "generate")))
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(PublishingFailed.class)
                    .withMessageContaining("atelier.generation-requested.nowhere");
        }
    }

    @Test
    void aPublicationWithoutABrokerFailsSoon() {
        try (var disconnected = publisher(NO_BROKER, Duration.ofMillis(500), Duration.ofMillis(300))) {
            assertThat(disconnected.publish(Samples.started()))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(PublishingFailed.class)
                    .withMessageContaining(NO_BROKER);
        }
    }

    private static KafkaEventPublisher publisher(String servers, Duration deliveryTimeout, Duration metadataTimeout) {
        var properties = new MessagingProperties(
                servers, "test", List.of(), 1, deliveryTimeout, metadataTimeout, Duration.ofSeconds(1));
        return new KafkaEventPublisher(properties, KafkaClientFactory.of(servers), ObservationRegistry.NOOP);
    }
}
