package io.atelier.gateway.webhooks;

import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Attempt;
import io.atelier.messaging.WebhookDelivery.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows an attempt. The place in the schedule is the number of attempts in the record: a delivery that is
 * asked for again continues the schedule, and gets one further attempt if it had ended. Pure, but for the jitter.
 */
final class RetrySchedule {

    /** The time from the end of each attempt to the next one. */
    private static final List<Duration> DELAYS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(24);
    private static final double JITTER = 0.1;

    private final DoubleSupplier random;

    /** @param random numbers from 0 to 1, for the jitter: a delay is longer by up to a tenth */
    RetrySchedule(DoubleSupplier random) {
        this.random = random;
    }

    /** The record of a delivery after an attempt. */
    WebhookDelivery after(WebhookDelivery delivery, AttemptResult result) {
        var attempts = new ArrayList<>(delivery.attempts());
        attempts.add(result.attempt());
        if (result.isDelivered()) {
            return with(delivery, attempts, Status.DELIVERED, null);
        }
        if (result.isRefusedForEver() || attempts.size() > DELAYS.size()) {
            return with(delivery, attempts, Status.FAILED, null);
        }
        return with(
                delivery, attempts, Status.PENDING, result.endedAt().plus(delay(attempts.size(), result.retryAfter())));
    }

    private Duration delay(int attempts, @Nullable Duration retryAfter) {
        var planned = DELAYS.get(attempts - 1);
        var delay = planned.plusMillis((long) (planned.toMillis() * JITTER * random.getAsDouble()));
        if (retryAfter == null || retryAfter.compareTo(delay) < 0) {
            return delay;
        }
        return retryAfter.compareTo(MAX_RETRY_AFTER) < 0 ? retryAfter : MAX_RETRY_AFTER;
    }

    private static WebhookDelivery with(
            WebhookDelivery delivery, List<Attempt> attempts, Status status, @Nullable Instant nextAttemptAt) {
        return new WebhookDelivery(
                delivery.id(),
                delivery.job(),
                delivery.type(),
                delivery.url(),
                delivery.body(),
                delivery.traceparent(),
                delivery.createdAt(),
                status,
                attempts,
                nextAttemptAt);
    }
}
