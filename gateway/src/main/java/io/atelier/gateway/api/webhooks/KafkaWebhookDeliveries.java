package io.atelier.gateway.api.webhooks;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.topics.TopicQueries;
import io.atelier.gateway.api.topics.TopicQuery;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.messaging.WebhookDelivery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Reads the deliveries of a job from their topic for each request, from the time on at which the job was created. */
public final class KafkaWebhookDeliveries implements WebhookDeliveries, Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaWebhookDeliveries.class);

    /** How much the clock of the gateway that created the job may be ahead of the clock of the broker. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private final TopicQueries queries;

    public KafkaWebhookDeliveries(KafkaClientFactory clients) {
        this.queries = new TopicQueries(clients, "webhook deliveries");
    }

    @Override
    public Mono<List<WebhookDelivery>> of(Job job) {
        return job.request().webhook() == null ? Mono.just(List.of()) : queries.read(query -> read(query, job));
    }

    @Override
    public void dispose() {
        queries.dispose();
    }

    private static List<WebhookDelivery> read(TopicQuery query, Job job) {
        var found = new LinkedHashMap<String, WebhookDelivery>();
        query.since(
                Topic.WEBHOOK_DELIVERIES, job.createdAt().minus(CLOCK_TOLERANCE), record -> add(record, job, found));
        return List.copyOf(found.values());
    }

    private static void add(ConsumerRecord<String, byte[]> record, Job job, Map<String, WebhookDelivery> found) {
        if (record.value() == null) {
            found.remove(record.key());
        } else if (EventCodec.subject(record.headers()).filter(job.id()::equals).isPresent()) {
            try {
                found.put(record.key(), EventCodec.read(record.value(), WebhookDelivery.class));
            } catch (UnreadableRecord e) {
                LOG.warn(
                        "The record {}-{}@{} is not a readable delivery to a webhook: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        e.getMessage());
            }
        }
    }
}
