package io.atelier.gateway.webhooks;

import static io.atelier.gateway.webhooks.SampleDeliveries.AT;
import static io.atelier.gateway.webhooks.SampleDeliveries.delivery;
import static io.atelier.gateway.webhooks.SampleDeliveries.failed;
import static io.atelier.gateway.webhooks.SampleDeliveries.pending;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Attempt;
import io.atelier.messaging.WebhookDelivery.Status;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTests {

    private static final String URL = "https://receiver.example/hook";
    private static final Instant LATER = AT.plus(Duration.ofDays(1));

    private final RetrySchedule exact = new RetrySchedule(() -> 0);

    @ParameterizedTest
    @CsvSource({"0, PT5S", "1, PT5M", "2, PT30M", "3, PT2H", "4, PT5H", "5, PT10H", "6, PT14H", "7, PT20H", "8, PT24H"})
    void failedAttemptIsRepeatedAfterADelay(int before, Duration delay) {
        var next = exact.after(withFailed(before), result(500, null));

        assertThat(next.status()).isEqualTo(Status.PENDING);
        assertThat(next.nextAttemptAt()).isEqualTo(LATER.plusMillis(80).plus(delay));
        assertThat(next.attempts())
                .hasSize(before + 1)
                .last()
                .isEqualTo(result(500, null).attempt());
    }

    @Test
    void delayIsLongerByUpToATenth() {
        var next = new RetrySchedule(() -> 1).after(withFailed(2), result(500, null));

        assertThat(next.nextAttemptAt()).isEqualTo(LATER.plusMillis(80).plus(Duration.ofMinutes(33)));
    }

    @Test
    void tenthFailureIsTheLast() {
        var next = exact.after(withFailed(9), result(500, Duration.ofSeconds(1)));

        assertThat(next.status()).isEqualTo(Status.FAILED);
        assertThat(next.nextAttemptAt()).isNull();
        assertThat(next.attempts()).hasSize(10);
    }

    @Test
    void deliveryThatIsAskedForAfterTheLastFailureGetsOneAttempt() {
        assertThat(exact.after(withFailed(10), result(500, null)).status()).isEqualTo(Status.FAILED);
        assertThat(exact.after(withFailed(10), result(204, null)).status()).isEqualTo(Status.DELIVERED);
    }

    @ParameterizedTest
    @CsvSource({"200", "204", "299"})
    void successEndsTheDelivery(int status) {
        var next = exact.after(pending("a", URL), result(status, null));

        assertThat(next.status()).isEqualTo(Status.DELIVERED);
        assertThat(next.nextAttemptAt()).isNull();
    }

    @Test
    void receiverThatIsGoneEndsTheDelivery() {
        var next = exact.after(pending("a", URL), result(410, null));

        assertThat(next.status()).isEqualTo(Status.FAILED);
        assertThat(next.nextAttemptAt()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"PT1S, PT5S", "PT5S, PT5S", "PT1H, PT1H", "PT24H, PT24H", "PT720H, PT24H"})
    void receiverMayAskForALongerDelayOfADayAtMost(Duration retryAfter, Duration delay) {
        var next = exact.after(pending("a", URL), result(503, retryAfter));

        assertThat(next.nextAttemptAt()).isEqualTo(LATER.plusMillis(80).plus(delay));
    }

    @Test
    void messageStaysAsItIs() {
        var before = pending("a", URL);

        var next = exact.after(before, result(500, null));

        assertThat(next)
                .usingRecursiveComparison()
                .ignoringFields("attempts", "nextAttemptAt")
                .isEqualTo(before);
    }

    private static WebhookDelivery withFailed(int attempts) {
        return delivery("a", URL, Status.PENDING, failed(attempts), AT);
    }

    private static AttemptResult result(int status, @Nullable Duration retryAfter) {
        return new AttemptResult(new Attempt(LATER, status, AttemptFailures.of(status), 80), retryAfter);
    }
}
