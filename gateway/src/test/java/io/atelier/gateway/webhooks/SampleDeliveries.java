package io.atelier.gateway.webhooks;

import io.atelier.contract.job.JobId;
import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Attempt;
import io.atelier.messaging.WebhookDelivery.Status;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Deliveries for tests. */
final class SampleDeliveries {

    static final Instant AT = Instant.parse("2026-07-30T10:00:00Z");
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private SampleDeliveries() {}

    /** A pending delivery without attempts. */
    static WebhookDelivery pending(String id, String url) {
        return delivery(id, url, Status.PENDING, List.of(), AT);
    }

    static WebhookDelivery delivery(
            String id, String url, Status status, List<Attempt> attempts, @Nullable Instant nextAttemptAt) {
        return new WebhookDelivery(
                id,
                new JobId("gen_06dahq1v1tw0f8v0sjy2m7sqs0"),
                "generation.succeeded",
                url,
                "{\"type\":\"generation.succeeded\",\"data\":{\"client_ref\":\"déjà vu\"}}",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                AT,
                status,
                attempts,
                nextAttemptAt);
    }

    /** Attempts that failed, one a minute. */
    static List<Attempt> failed(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> failedAt(AT.plusSeconds(60L * number)))
                .toList();
    }

    static Attempt failedAt(Instant at) {
        return new Attempt(at, 500, "The receiver answered with status 500.", 20);
    }
}
