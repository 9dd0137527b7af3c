package io.atelier.gateway.webhooks;

import static io.atelier.gateway.webhooks.SampleDeliveries.AT;
import static io.atelier.gateway.webhooks.SampleDeliveries.delivery;
import static io.atelier.gateway.webhooks.SampleDeliveries.failed;
import static io.atelier.gateway.webhooks.SampleDeliveries.failedAt;
import static io.atelier.gateway.webhooks.SampleDeliveries.pending;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingDeliveriesTests {

    private static final String URL = "https://receiver.example/hook";

    private final PendingDeliveries deliveries = new PendingDeliveries(2, 5, 3);

    @Test
    void lastRecordCounts() {
        deliveries.read("a", 0, pending("a", URL));
        deliveries.read("b", 1, pending("b", URL));
        deliveries.read("a", 2, delivery("a", URL, Status.DELIVERED, List.of(), null));
        deliveries.read("c", 3, pending("c", URL));
        deliveries.read("c", 4, null);

        assertThat(started()).containsExactly("b");
    }

    @Test
    void attemptsStartWhenTheyAreDueTheOldestFirst() {
        deliveries.read("later", 0, delivery("later", URL, Status.PENDING, failed(1), AT.plusSeconds(10)));
        deliveries.read("second", 1, delivery("second", URL, Status.PENDING, failed(1), AT));
        deliveries.read("first", 2, delivery("first", URL, Status.PENDING, failed(1), AT.minusSeconds(10)));

        assertThat(started()).containsExactly("first", "second");
        assertThat(deliveries.nextDueAt()).contains(AT.plusSeconds(10));
        assertThat(deliveries.running()).isEqualTo(2);
        assertThat(deliveries.size()).isEqualTo(3);
    }

    @Test
    void attemptsAtTheSameTimeAreLimitedForEachHostAndInAll() {
        for (int i = 0; i < 5; i++) {
            deliveries.read("a" + i, i, pending("a" + i, "https://One.example/" + i));
            deliveries.read("b" + i, 10 + i, pending("b" + i, "https://two.example:8443/" + i));
        }

        assertThat(started()).containsExactly("a0", "a1", "a2", "b0", "b1");
        assertThat(started()).isEmpty();

        succeed("a0", 20);
        assertThat(started()).containsExactly("a3");
        succeed("b1", 21);
        assertThat(started()).containsExactly("b2");
    }

    @Test
    void attemptRunsUntilItsRecordWasReadAgain() {
        deliveries.read("a", 0, pending("a", URL));
        assertThat(started()).containsExactly("a");
        var attempt = failedAt(AT);

        deliveries.published("a", attempt);
        assertThat(started()).isEmpty();
        // The lifecycle or a client wrote it before the attempt was published.
        deliveries.read("a", 1, pending("a", URL));
        assertThat(started()).isEmpty();

        deliveries.read("a", 2, delivery("a", URL, Status.PENDING, List.of(attempt), AT));
        assertThat(started()).containsExactly("a");
    }

    @Test
    void messageThatIsAskedForDuringAnAttemptIsSentAgain() {
        var first = pending("a", URL);
        deliveries.read("a", 0, first);
        assertThat(started()).containsExactly("a");
        var attempt = failedAt(AT);

        deliveries.read("a", 1, first.pendingAt(AT.plusSeconds(1)));
        deliveries.published("a", attempt);
        var again = deliveries.read("a", 2, delivery("a", URL, Status.DELIVERED, List.of(attempt), null));

        assertThat(again).hasValueSatisfying(record -> {
            assertThat(record.status()).isEqualTo(Status.PENDING);
            assertThat(record.attempts()).containsExactly(attempt);
            deliveries.read("a", 3, record);
        });
        assertThat(started(AT.plusSeconds(1))).containsExactly("a");
    }

    @Test
    void recordOfAnAttemptMayBeReadBeforeItsConfirmation() {
        deliveries.read("a", 0, pending("a", URL));
        assertThat(started()).containsExactly("a");
        var attempt = failedAt(AT);

        deliveries.read("a", 1, delivery("a", URL, Status.FAILED, List.of(attempt), null));
        deliveries.read("a", 2, delivery("a", URL, Status.PENDING, List.of(attempt), AT));
        assertThat(started()).isEmpty();
        deliveries.published("a", attempt);

        assertThat(started()).containsExactly("a");
    }

    @Test
    void attemptWithoutARecordIsPlannedAgain() {
        deliveries.read("a", 0, pending("a", URL));
        assertThat(started()).containsExactly("a");

        deliveries.postpone("a", AT.plusSeconds(60));

        assertThat(started()).isEmpty();
        assertThat(deliveries.nextDueAt()).contains(AT.plusSeconds(60));
        assertThat(deliveries.running()).isZero();
    }

    @Test
    void erasureDuringAnAttemptIsDoneAgainIfItsRecordOverwroteIt() {
        deliveries.read("a", 0, pending("a", URL));
        assertThat(started()).containsExactly("a");
        var attempt = failedAt(AT);

        assertThat(deliveries.read("a", 1, null)).isEmpty();
        assertThat(deliveries.published("a", attempt)).isEmpty();
        var again = deliveries.read("a", 2, delivery("a", URL, Status.PENDING, List.of(attempt), AT));

        assertThat(again).hasValueSatisfying(record -> {
            assertThat(record.id()).isEqualTo("a");
            assertThat(record.url() + record.body()).isEmpty();
            assertThat(record.traceparent()).isNull();
            assertThat(record.status()).isEqualTo(Status.FAILED);
        });
        assertThat(deliveries.size()).isZero();
    }

    @Test
    void erasureAfterTheRecordOfAnAttemptStands() {
        deliveries.read("a", 0, pending("a", URL));
        assertThat(started()).containsExactly("a");
        var attempt = failedAt(AT);

        deliveries.read("a", 1, delivery("a", URL, Status.PENDING, List.of(attempt), AT));
        deliveries.read("a", 2, null);

        assertThat(deliveries.published("a", attempt)).isEmpty();
        assertThat(deliveries.size()).isZero();
    }

    @Test
    void onlySomeRecordsAreKept() {
        for (int i = 0; i < 3; i++) {
            deliveries.read("a" + i, i, pending("a" + i, URL));
        }

        var started = deliveries.start(AT);

        assertThat(started).extracting(PlannedAttempt::offset).containsExactly(0L, 1L, 2L);
        assertThat(started.get(0).delivery()).isEqualTo(pending("a0", URL));
        assertThat(started.get(1).delivery()).isEqualTo(pending("a1", URL));
        assertThat(started.get(2).delivery()).isNull();
        deliveries.read("b", 3, pending("b", "https://two.example/"));
        assertThat(deliveries.start(AT).get(0).delivery()).isNotNull();
    }

    @Test
    void recordThatIsNotThereAnyMoreIsReplacedByTheNewerOne() {
        deliveries.read("a", 0, pending("a", URL));
        var stale = deliveries.start(AT).get(0);

        deliveries.replaced(stale);
        assertThat(deliveries.size()).isZero();

        deliveries.read("a", 1, pending("a", URL));
        assertThat(started()).containsExactly("a");
    }

    @Test
    void sameAttemptsStartAfterAnotherElection() {
        deliveries.read("a", 0, pending("a", URL));
        assertThat(started()).containsExactly("a");

        deliveries.clear();
        assertThat(deliveries.size()).isZero();
        assertThat(deliveries.published("a", failedAt(AT))).isEmpty();

        deliveries.read("a", 0, pending("a", URL));
        assertThat(started()).containsExactly("a");
    }

    private List<String> started() {
        return started(AT);
    }

    private List<String> started(Instant now) {
        return deliveries.start(now).stream().map(PlannedAttempt::id).toList();
    }

    private void succeed(String id, long offset) {
        var attempt = new WebhookDelivery.Attempt(AT, 200, null, 10);
        deliveries.published(id, attempt);
        deliveries.read(id, offset, delivery(id, URL, Status.DELIVERED, List.of(attempt), null));
    }
}
