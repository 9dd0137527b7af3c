package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.JOB;
import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.WEBHOOK_URL;
import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.eraseRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.passed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requestedWithWebhook;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the lifecycle writes for the webhooks of jobs. */
class WebhookRecordsTests {

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "CANCELED", "EXPIRED"})
    void webhookIsNotifiedOfEveryEndThatTheRequestNames(JobStatus status) {
        var announcement = last(requestedWithWebhook(status), end(status));

        assertThat(announcement.webhook()).hasValueSatisfying(delivery -> {
            assertThat(delivery.id()).isEqualTo(announcement.eventId());
            assertThat(delivery.job()).isEqualTo(JOB);
            assertThat(delivery.type()).isEqualTo("generation." + status.word());
            assertThat(delivery.url()).isEqualTo(WEBHOOK_URL);
            assertThat(delivery.status()).isEqualTo(Status.PENDING);
            assertThat(delivery.attempts()).isEmpty();
            assertThat(delivery.createdAt()).isEqualTo(announcement.event().at());
            assertThat(delivery.nextAttemptAt()).isEqualTo(delivery.createdAt());
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "CANCELED", "EXPIRED"})
    void otherEndsMakeNoDelivery(JobStatus status) {
        var others = Stream.of(JobStatus.values())
                .filter(JobStatus::terminal)
                .filter(other -> other != status)
                .toArray(JobStatus[]::new);

        assertThat(last(requestedWithWebhook(others), end(status)).webhook()).isEmpty();
    }

    @Test
    void onlyAnEndMakesADeliveryAndOnlyWithAWebhook() {
        assertThat(last(requestedWithWebhook()).webhook()).isEmpty();
        assertThat(last(requestedWithWebhook(), started("generate", 1)).webhook())
                .isEmpty();
        assertThat(last(requested(), succeeded("generate", 1)).webhook()).isEmpty();
    }

    @Test
    void anErasureDeletesTheDelivery() {
        var history = history(requestedWithWebhook(), succeeded("generate", 1));
        var notified = history.announcement(2).webhook().map(WebhookDelivery::id);

        var erased = history.with(eraseRequested()).announcement(3);

        assertThat(erased.erasedWebhook()).isPresent().isEqualTo(notified);
        assertThat(erased.webhook()).isEmpty();
        assertThat(erased.job().request().webhook())
                .isNotNull()
                .satisfies(webhook -> assertThat(webhook.url()).isEmpty());
    }

    @Test
    void aVersionThatIsAnnouncedAfterTheErasureMakesNoDelivery() {
        var history = history(requestedWithWebhook(), succeeded("generate", 1), eraseRequested());

        assertThat(history.announcement(2).webhook()).isEmpty();
        assertThat(history.announcement(2).erasedWebhook()).isEmpty();
    }

    @Test
    void aJobThatEndsBecauseItIsErasedNotifiesNobody() {
        var erasing = new CancelRequested(JOB, NOON.plusMillis(20), CanceledBy.ERASURE, null, Duration.ZERO);

        var history = history(requestedWithWebhook(), erasing, eraseRequested());

        assertThat(history.announcement(2).job().status()).isEqualTo(JobStatus.CANCELED);
        assertThat(history(requestedWithWebhook(), erasing).announcement(2).webhook())
                .isEmpty();
        assertThat(history.announcement(3).erasedWebhook()).isEmpty();
    }

    @Test
    void anErasureOfAJobWithoutADeliveryDeletesNothing() {
        assertThat(last(requested(), succeeded("generate", 1), eraseRequested()).erasedWebhook())
                .isEmpty();
        assertThat(last(requestedWithWebhook(JobStatus.FAILED), succeeded("generate", 1), eraseRequested())
                        .erasedWebhook())
                .isEmpty();
    }

    @RepeatedTest(100)
    void anyOrderOfEventsMakesOneDeliveryOfTheEnd(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var events = new ArrayList<JobEvent>(List.of(
                requestedWithWebhook(),
                started("generate", 1),
                succeeded("generate", 1),
                failed("generate", 1, Code.PROVIDER_AUTH),
                cancelRequested(20),
                passed(DeadlineKind.START_BY, NOON.plusSeconds(60))));
        IntStream.range(0, 4).forEach(i -> events.add(events.get(random.nextInt(6))));
        Collections.shuffle(events, random);

        var history = history(events.toArray(JobEvent[]::new));

        var deliveries = IntStream.rangeClosed(1, history.version())
                .mapToObj(history::announcement)
                .flatMap(announcement -> announcement.webhook().stream())
                .map(WebhookDelivery::id)
                .toList();
        assertThat(deliveries)
                .containsExactly(history.announcement(history.version()).eventId());
    }

    private static JobEvent end(JobStatus status) {
        return switch (status) {
            case SUCCEEDED -> succeeded("generate", 1);
            case FAILED -> failed("generate", 1, Code.PROVIDER_AUTH);
            case CANCELED -> cancelRequested(20);
            default -> passed(DeadlineKind.START_BY, NOON.plusSeconds(60));
        };
    }

    private static Announcement last(JobEvent... events) {
        var history = history(events);
        return history.announcement(history.version());
    }

    private static JobHistory history(JobEvent... events) {
        var history = JobHistory.empty();
        for (var event : List.of(events)) {
            history = history.with(event);
        }
        return history;
    }
}
