package io.atelier.gateway.webhooks;

import io.atelier.messaging.WebhookDelivery.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the attempts of this gateway and its pending deliveries. Thread-safe. */
final class WebhookMetrics {

    private final Map<Status, Counter> attempts = new EnumMap<>(Status.class);
    private final AtomicInteger pending = new AtomicInteger();

    WebhookMetrics(MeterRegistry meters) {
        Arrays.stream(Status.values())
                .forEach(status -> attempts.put(
                        status,
                        Counter.builder("atelier.webhook.attempts")
                                .description("Attempts to deliver messages to webhooks, by what became of the delivery")
                                .tag("outcome", status.word())
                                .register(meters)));
        Gauge.builder("atelier.webhook.pending", pending, AtomicInteger::get)
                .description("Deliveries to webhooks that wait for an attempt; 0 in a gateway that is not the sender")
                .register(meters);
    }

    /** @param status of the delivery after the attempt */
    void attempted(Status status) {
        Objects.requireNonNull(attempts.get(status)).increment();
    }

    void pending(int deliveries) {
        pending.set(deliveries);
    }
}
