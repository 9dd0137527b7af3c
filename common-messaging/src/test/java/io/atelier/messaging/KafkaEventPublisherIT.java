package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The Kafka publisher on the embedded broker, and without any. */
final class KafkaEventPublisherIT extends KafkaPublisherContract {

    private static final String NOBODY = "127.0.0.1:1";

    @Override
    String bootstrapServers() {
        return SharedBroker.bootstrapServers();
    }

    @Test
    void orderForAPoolWithoutTopicFailsInsteadOfMakingOne() {
        try (var hasty = publisher(bootstrapServers(), Duration.ofSeconds(10), Duration.ofMillis(500))) {
            assertThat(hasty.publish(Samples.requested("nowhere", "generate")))
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(PublishingFailed.class)
                    .withMessageContaining("atelier.generation-requested.nowhere");
        }
    }

    @Test
    void brokerThatIsNotThereFailsAPublicationSoon() {
        try (var alone = publisher(NOBODY, Duration.ofMillis(500), Duration.ofMillis(300))) {
            assertThat(alone.publish(Samples.started()))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(PublishingFailed.class)
                    .withMessageContaining(NOBODY);
        }
    }

    @Test
    void progressWithoutABrokerIsLostAndHoldsNobodyUp() {
        try (var alone = publisher(NOBODY, Duration.ofMinutes(2), Duration.ofMinutes(1))) {
            var start = System.nanoTime();

            for (int step = 0; step < 100; step++) {
                alone.publish(Samples.progress());
            }

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        }
    }

    private static KafkaEventPublisher publisher(String servers, Duration deliveryTimeout, Duration metadataTimeout) {
        var properties = new MessagingProperties(
                servers, "test", List.of(), 1, deliveryTimeout, metadataTimeout, Duration.ofSeconds(1));
        return new KafkaEventPublisher(properties, ObservationRegistry.NOOP);
    }
}
