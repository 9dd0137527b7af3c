package io.atelier.gateway.webhooks;

import static io.atelier.gateway.webhooks.SampleDeliveries.AT;
import static io.atelier.gateway.webhooks.SampleDeliveries.SECRET;
import static io.atelier.gateway.webhooks.SampleDeliveries.pending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.gateway.webhooks.DeliveryAttempts.Ended;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.WebhookDelivery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which attempts have a record, at a receiver whose host has no address. */
class DeliveryAttemptsTests {

    private final InMemoryEventPublisher publisher = new InMemoryEventPublisher();
    private final DeliveryAttempts attempts = new DeliveryAttempts(
            new WebhookClient(
                    new WebhookSigner(List.of(SECRET)),
                    new GuardedResolver(WebhookAddresses.PUBLIC, host -> {
                        throw new UnknownHostException(host);
                    }),
                    Duration.ofSeconds(15),
                    Clock.fixed(AT, ZoneOffset.UTC)),
            new RetrySchedule(() -> 0),
            publisher,
            new WebhookMetrics(new SimpleMeterRegistry()));

    @AfterEach
    void close() {
        attempts.dispose();
    }

    @Test
    void failureIsARecord() {
        attempts.start(pending("a", "https://receiver.example/hook"));

        assertThat(ended().attempt()).isNotNull();
        assertThat(publisher.webhookDeliveries())
                .singleElement()
                .satisfies(record -> assertThat(record.status()).isEqualTo(WebhookDelivery.Status.PENDING));
    }

    @Test
    void attemptThatTheEndOfTheProcessInterruptsHasNoRecord() {
        attempts.stopping();

        attempts.start(pending("a", "https://receiver.example/hook"));

        assertThat(ended()).isEqualTo(new Ended("a", null));
        assertThat(publisher.webhookDeliveries()).isEmpty();
    }

    private Ended ended() {
        var found = new ArrayList<Ended>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            attempts.pollEnded().ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.get(0);
    }
}
