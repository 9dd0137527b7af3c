package io.atelier.gateway.webhooks;

import static io.atelier.gateway.webhooks.SampleDeliveries.SECRET;
import static io.atelier.gateway.webhooks.SampleDeliveries.delivery;
import static io.atelier.gateway.webhooks.SampleDeliveries.failed;
import static io.atelier.gateway.webhooks.SampleDeliveries.pending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.embedded.EmbeddedBroker;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.Topic;
import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Senders with a real broker and a real receiver. */
class WebhookSenderIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    private final String id = UUID.randomUUID().toString();
    private WebhookReceiver receiver;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(folder, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void startReceiver() throws IOException {
        receiver = new WebhookReceiver();
    }

    @AfterEach
    void stopReceiver() {
        receiver.close();
    }

    @Test
    void messageIsSentAndNotedAsDelivered() {
        try (var sender = sender()) {
            publish(sender, pending(id, receiver.url("/hook?a=b")));

            var last = awaitStatus(Status.DELIVERED);

            assertThat(receiver.messages(id)).singleElement().satisfies(message -> {
                assertThat(message.path()).isEqualTo("/hook?a=b");
                assertThat(message.body()).isEqualTo(last.body());
                assertThat(message.signature())
                        .isEqualTo(
                                WebhookSecret.of(SECRET).sign(id + "." + message.timestamp() + "." + message.body()));
            });
            assertThat(last.attempts()).singleElement().satisfies(attempt -> {
                assertThat(attempt.httpStatus()).isEqualTo(204);
                assertThat(attempt.error()).isNull();
            });
            assertThat(last.nextAttemptAt()).isNull();
            assertThat(sender.getBean(MeterRegistry.class)
                            .get("atelier.webhook.attempts")
                            .tag("outcome", "delivered")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void failedAttemptIsRepeated() {
        receiver.answerWith(500);
        try (var sender = sender()) {
            publish(sender, pending(id, receiver.url("/")));
            await().atMost(TIMEOUT)
                    .until(() -> last(id).filter(record -> record.attempts().size() == 1)
                            .isPresent());
            receiver.answerWith(200);

            var last = awaitStatus(Status.DELIVERED);

            assertThat(last.attempts())
                    .extracting(WebhookDelivery.Attempt::httpStatus)
                    .containsExactly(500, 200);
            assertThat(receiver.messages(id))
                    .hasSize(2)
                    .extracting(WebhookReceiver.Message::timestamp)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void nextSenderContinuesWithWhatIsPending() {
        var delivered = UUID.randomUUID().toString();
        var erased = UUID.randomUUID().toString();
        var later = UUID.randomUUID().toString();
        try (var first = sender()) {
            publish(first, pending(delivered, receiver.url("/")));
            await().atMost(TIMEOUT)
                    .until(() -> last(delivered)
                            .filter(record -> record.status() == Status.DELIVERED)
                            .isPresent());
        }
        try (var writer = writer()) {
            publish(writer, pending(id, receiver.url("/")));
            publish(
                    writer,
                    delivery(
                            later,
                            receiver.url("/"),
                            Status.PENDING,
                            failed(1),
                            Instant.now().plus(Duration.ofHours(1))));
            publish(writer, delivery(erased, receiver.url("/"), Status.FAILED, failed(1), null));
        }
        try (var second = sender()) {
            awaitStatus(Status.DELIVERED);
            await().atMost(TIMEOUT)
                    .until(() -> second.getBean(MeterRegistry.class)
                                    .get("atelier.webhook.pending")
                                    .gauge()
                                    .value()
                            == 1);
        }

        assertThat(receiver.messages()).extracting(WebhookReceiver.Message::id).containsExactly(delivered, id);
    }

    @Test
    void oneOfSeveralGatewaysSendsAndAnotherReplacesIt() {
        var first = sender();
        try (var second = sender()) {
            publish(second, pending(id, receiver.url("/")));
            awaitStatus(Status.DELIVERED);
            var attempts = attempts(first) + attempts(second);
            var other = UUID.randomUUID().toString();

            first.close();
            publish(second, pending(other, receiver.url("/")));

            await().atMost(TIMEOUT)
                    .until(() -> last(other)
                            .filter(record -> record.status() == Status.DELIVERED)
                            .isPresent());
            assertThat(attempts).isEqualTo(1);
            assertThat(receiver.messages(id)).hasSize(1);
            assertThat(receiver.messages(other)).hasSize(1);
        } finally {
            first.close();
        }
    }

    @Test
    void deliveryThatWasGivenUpIsSentAgainWhenSomebodyAsks() {
        try (var sender = sender()) {
            publish(sender, delivery(id, receiver.url("/"), Status.FAILED, failed(10), null));
            publish(sender, delivery(id, receiver.url("/"), Status.PENDING, failed(10), Instant.now()));

            var last = awaitStatus(Status.DELIVERED);

            assertThat(last.attempts()).hasSize(11);
            assertThat(receiver.messages(id)).hasSize(1);
        }
    }

    @Test
    void privateAddressIsRefusedByDefault() {
        try (var sender = run(SenderApplication.class, "--io.atelier.webhooks.secrets=" + SECRET)) {
            publish(sender, delivery(id, receiver.url("/"), Status.PENDING, failed(9), Instant.now()));

            var last = awaitStatus(Status.FAILED);

            assertThat(last.attempts())
                    .last()
                    .satisfies(attempt -> assertThat(attempt.error()).contains("private network"));
            assertThat(receiver.messages()).isEmpty();
        }
    }

    @Test
    void recordIsReadAgainByItsOffset() {
        // Not pending, so that no sender of another test takes them.
        var one = delivery(id, receiver.url("/"), Status.FAILED, failed(1), null);
        var other = delivery(UUID.randomUUID().toString(), receiver.url("/"), Status.FAILED, failed(2), null);
        var partition = new TopicPartition(Topic.WEBHOOK_DELIVERIES, 0);
        try (var writer = writer();
                var reader = new DeliveryReader(consumer(), partition);
                var end = consumer()) {
            publish(writer, one);
            publish(writer, other);
            long next = end.endOffsets(List.of(partition)).getOrDefault(partition, 0L);

            assertThat(reader.at(next - 1)).contains(other);
            assertThat(reader.at(next - 2)).contains(one);
            assertThat(reader.at(next - 1)).contains(other);
        }
    }

    @Test
    void withoutASecretNothingIsSent() {
        try (var gateway = run(SenderApplication.class)) {
            assertThat(gateway.getBean(WebhookSender.class).isRunning()).isFalse();
        }
    }

    private static double attempts(ConfigurableApplicationContext gateway) {
        return gateway.getBean(MeterRegistry.class).get("atelier.webhook.attempts").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private WebhookDelivery awaitStatus(Status status) {
        await().atMost(TIMEOUT)
                .until(() ->
                        last(id).filter(record -> record.status() == status).isPresent());
        return last(id).orElseThrow();
    }

    /** The last record of a delivery. */
    private static Optional<WebhookDelivery> last(String id) {
        var partition = new TopicPartition(Topic.WEBHOOK_DELIVERIES, 0);
        try (var consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            var last = Optional.<WebhookDelivery>empty();
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key().equals(id)) {
                        last = Optional.of(EventCodec.read(record.value(), WebhookDelivery.class));
                    }
                }
            }
            return last;
        }
    }

    private static KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private static void publish(ConfigurableApplicationContext gateway, WebhookDelivery record) {
        gateway.getBean(EventPublisher.class).publish(record).join();
    }

    private static ConfigurableApplicationContext sender() {
        return run(
                SenderApplication.class,
                "--io.atelier.webhooks.secrets=" + SECRET,
                "--io.atelier.webhooks.addresses=any");
    }

    private static ConfigurableApplicationContext writer() {
        return run(WriterApplication.class);
    }

    private static ConfigurableApplicationContext run(Class<?> application, String... arguments) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.config.name=none",
                        "io.atelier.messaging.bootstrap-servers=" + broker.bootstrapServers())
                .run(arguments);
    }

    /** What of the gateway writes deliveries. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import(MessagingConfiguration.class)
    static class WriterApplication {}

    /** What of the gateway sends messages. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({MessagingConfiguration.class, WebhookConfiguration.class})
    static class SenderApplication {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }
}
