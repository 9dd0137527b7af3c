package io.atelier.gateway.api.webhooks;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.messaging.WebhookDelivery;
import java.util.List;
import reactor.core.publisher.Mono;

/** The messages to the webhooks of jobs, for as long as Kafka keeps them. */
public interface WebhookDeliveries {

    /** Those of a job in their last state, the oldest first. Fails with a {@link Problem} if they cannot be read now. */
    Mono<List<WebhookDelivery>> of(Job job);
}
