package io.atelier.gateway.webhooks;

import io.atelier.messaging.WebhookDelivery.Attempt;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of an attempt.
 *
 * @param attempt the attempt
 * @param retryAfter the shortest time until the next attempt, from 0 on, that the receiver asked for; null if it did not
 */
record AttemptResult(Attempt attempt, @Nullable Duration retryAfter) {

    private static final int GONE = 410;

    boolean isDelivered() {
        return attempt.error() == null;
    }

    /** Whether the receiver does not want the message at any time. */
    boolean isRefusedForEver() {
        var status = attempt.httpStatus();
        return status != null && status == GONE;
    }

    Instant endedAt() {
        return attempt.at().plusMillis(attempt.millis());
    }
}
