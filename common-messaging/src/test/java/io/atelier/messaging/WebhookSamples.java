package io.atelier.messaging;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Webhook;
import java.util.List;
import java.util.Set;

/** A sample of a job with a webhook, and of the delivery. */
final class WebhookSamples {

    private static final String URL = "https://example.org/hooks/atelier?tenant=7";

    private WebhookSamples() {}

    static JobEvent.GenerationRequested requested() {
        var plain = Samples.requested("default", "generate");
        return plain.with(plain.request().toBuilder()
                .webhook(new Webhook(URL, Set.of(JobStatus.FAILED, JobStatus.SUCCEEDED)))
                .build());
    }

    static List<GenerationEvent> events() {
        return EventVariants.of(PublicSamples.events(), request -> requested().request(), WebhookSamples::withWebhook);
    }

    static Job job() {
        return withWebhook(Samples.job());
    }

    private static Job withWebhook(Job job) {
        return EventVariants.withRequest(job, requested().request());
    }

    static WebhookDelivery delivery() {
        return new WebhookDelivery(
                "019a9b5c-0000-7000-8000-000000000009",
                Samples.JOB,
                "generation.succeeded",
                URL,
                "{\"type\":\"generation.succeeded\"}",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                Samples.AT,
                WebhookDelivery.Status.PENDING,
                List.of(
                        new WebhookDelivery.Attempt(Samples.AT, 503, "The receiver answered with status 503.", 84),
                        new WebhookDelivery.Attempt(Samples.AT.plusSeconds(5), null, "No answer within 15 s.", 15_000)),
                Samples.AT.plusSeconds(305));
    }
}
