package io.atelier.gateway;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.webhooks.WebhookDeliveries;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.WebhookDelivery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;

/** Deliveries that a test adds, and those that were published later. */
final class FakeWebhookDeliveries implements WebhookDeliveries {

    private final List<WebhookDelivery> added = new CopyOnWriteArrayList<>();
    private final InMemoryEventPublisher publisher;

    FakeWebhookDeliveries(InMemoryEventPublisher publisher) {
        this.publisher = publisher;
    }

    WebhookDelivery add(WebhookDelivery delivery) {
        added.add(delivery);
        return delivery;
    }

    @Override
    public Mono<List<WebhookDelivery>> of(Job job) {
        return Mono.fromSupplier(() -> {
            Map<String, WebhookDelivery> last = new LinkedHashMap<>();
            added.forEach(delivery -> last.put(delivery.id(), delivery));
            publisher.webhookDeliveries().forEach(delivery -> last.put(delivery.id(), delivery));
            return last.values().stream()
                    .filter(delivery -> delivery.job().equals(job.id()))
                    .toList();
        });
    }
}
