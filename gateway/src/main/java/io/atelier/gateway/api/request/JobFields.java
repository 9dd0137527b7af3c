package io.atelier.gateway.api.request;

import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.GenerationRequestBuilder;
import io.atelier.contract.job.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that say nothing about images, so that all kinds of jobs have them.
 *
 * @param header what a header sets, in the form in which it is part of the digest
 */
record JobFields(
        Terms terms,
        Map<String, String> labels,
        Optional<String> clientRef,
        Optional<Webhook> webhook,
        boolean isCanceledOnDisconnect,
        String header) {

    /**
     * Reads the fields.
     *
     * @param cancelAfter the header of that name; null if absent
     * @param defaultRetain how long a job is kept whose request does not say; null for ever
     */
    static JobFields read(
            JsonFields fields,
            @Nullable String cancelAfter,
            Instant now,
            @Nullable Duration defaultRetain,
            WebhookPolicy webhooks) {
        return new JobFields(
                new LifetimeFields(fields, now).read(cancelAfter, defaultRetain),
                LabelFields.read(fields, Set.of()),
                fields.text("client_ref", 0, RequestLimits.MAX_CLIENT_REF_LENGTH),
                WebhookFields.read(fields, webhooks),
                GenerationRequestReader.isCanceledOnDisconnect(fields),
                GenerationRequestReader.header(cancelAfter));
    }

    /** The builder with the values of these fields. */
    GenerationRequestBuilder applyTo(GenerationRequestBuilder request) {
        return request.terms(terms)
                .labels(labels)
                .clientRef(clientRef.orElse(null))
                .webhook(webhook.orElse(null));
    }
}
