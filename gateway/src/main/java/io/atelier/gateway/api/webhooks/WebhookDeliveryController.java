package io.atelier.gateway.api.webhooks;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.EmptyBody;
import io.atelier.gateway.api.request.WebhookPolicy;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.messaging.WebhookDelivery;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Lists the messages to the webhook of a job, and sends one again. */
@RestController
@Tag(name = "Generations")
public final class WebhookDeliveryController {

    private static final DataSize MAX_BODY = DataSize.ofKilobytes(16);

    private static final String NO_FIELDS = "A message is sent again as it was, so this has no fields. Leave it out.";

    private final WebhookDeliveries deliveries;
    private final JobLookup lookup;
    private final NonBlockingPublisher publisher;
    private final WebhookPolicy policy;
    private final BoundedBodyReader bodies;
    private final Clock clock;

    public WebhookDeliveryController(
            WebhookDeliveries deliveries,
            JobLookup lookup,
            NonBlockingPublisher publisher,
            WebhookPolicy policy,
            SubmissionProperties limits,
            Clock clock) {
        this.deliveries = deliveries;
        this.lookup = lookup;
        this.publisher = publisher;
        this.policy = policy;
        this.bodies = new BoundedBodyReader(MAX_BODY, limits.drain(), limits.bodyTimeout());
        this.clock = clock;
    }

    @Operation(
            operationId = "listWebhookDeliveries",
            summary = "List the messages to the webhook of a generation",
            description =
                    "What became of the message about the end of the generation, with the last attempts to send it. Empty"
                            + " until the generation has ended, if its request has no webhook, and 30 days after the last attempt.")
    @GetMapping(path = "/v1/generations/{id}/webhook-deliveries", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<WebhookDeliveryObject.Listing> list(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id) {
        return lookup.find(id)
                .flatMap(deliveries::of)
                .map(found -> new WebhookDeliveryObject.Listing(
                        "list", found.stream().map(WebhookDeliveryObject::of).toList()));
    }

    @Operation(
            operationId = "redeliverWebhook",
            summary = "Send a message to a webhook again",
            description =
                    "Sends the message once more at once, whatever became of it, with the same webhook-id and a new signature."
                            + " The list shows the result.")
    @ApiResponse(responseCode = "202", description = "The message will be sent")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(
            path = "/v1/generations/{id}/webhook-deliveries/{delivery}/redeliver",
            produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<WebhookDeliveryObject> redeliver(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(example = "019a9b5c-0000-7000-8000-000000000009") @PathVariable String delivery,
            @Parameter(hidden = true) ServerHttpRequest request) {
        return bodies.read(request)
                .doOnNext(body -> EmptyBody.require(body, NO_FIELDS))
                .flatMap(body -> lookup.find(id))
                .flatMap(job -> find(job, delivery))
                .flatMap(this::sendAgain)
                .map(WebhookDeliveryObject::of);
    }

    private Mono<WebhookDelivery> find(Job job, String delivery) {
        return deliveries
                .of(job)
                .flatMapIterable(found -> found)
                .filter(each -> each.id().equals(delivery))
                .next()
                .switchIfEmpty(Mono.error(() -> new Problem(
                        ProblemKind.NOT_FOUND,
                        "The generation '%s' has no delivery with this id. GET /v1/generations/%s/webhook-deliveries lists those it has."
                                .formatted(job.id(), job.id()))));
    }

    private Mono<WebhookDelivery> sendAgain(WebhookDelivery delivery) {
        if (!policy.isEnabled()) {
            return Mono.error(new Problem(ProblemKind.VALIDATION_FAILED, WebhookPolicy.DISABLED + "."));
        }
        var pending = delivery.pendingAt(clock.instant().truncatedTo(ChronoUnit.MILLIS));
        return publisher.publish(pending).thenReturn(pending);
    }
}
