package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.SplitRequested;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of {@link EventPublisher}. */
public abstract class EventPublisherContract {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** The publisher under test; unused before the test. */
    protected abstract EventPublisher publisher();

    /** A pool that no other test uses. */
    protected abstract String pool();

    /** The values received from a topic since the start of the test, in order. */
    protected abstract List<Object> received(String topic);

    @Test
    void aGeneratorTaskGoesToTheTopicOfItsPool() {
        var task = Samples.requested(pool(), "generate");

        confirmed(publisher().publish(task));

        assertReceived(Topic.generationRequested(pool()), task);
    }

    @Test
    void reportsKeepTheirOrder() {
        var reports = List.<JobEvent>of(Samples.started(), Samples.failed(), Samples.succeeded());

        reports.forEach(report -> confirmed(publisher().publish(report)));

        assertReceived(Topic.TASK_REPORTS, reports.toArray());
    }

    @Test
    void reportsKeepTheirOrderWithoutWaitingForConfirmations() {
        var reports = IntStream.rangeClosed(1, 50)
                .mapToObj(attempt ->
                        new JobEvent.TaskStarted(Samples.JOB, "generate", attempt, Samples.AT, Samples.WORKER))
                .toList();

        var confirmations = reports.stream().map(publisher()::publish).toArray(CompletableFuture<?>[]::new);
        confirmed(CompletableFuture.allOf(confirmations));

        assertReceived(Topic.TASK_REPORTS, reports.toArray());
    }

    @Test
    void aSplitTaskIsReceived() {
        confirmed(publisher().publish(Samples.split()));

        assertReceived(Topic.SPLIT_REQUESTED, Samples.split());
    }

    @Test
    void cancellationsKeepTheirOrder() {
        // A job of its own, because workers of other tests receive the request too.
        var job = JobId.create(Samples.AT, new Random());
        var sample = Samples.cancelRequested();
        var cancel = new JobEvent.CancelRequested(job, sample.at(), sample.by(), sample.reason(), sample.grace());
        var erase = new JobEvent.EraseRequested(job, sample.at());

        confirmed(publisher().publish(cancel));
        confirmed(publisher().publish(erase));

        assertReceived(Topic.CANCELLATIONS, cancel, erase);
    }

    @Test
    void aDeadLetterIsReceived() {
        confirmed(publisher().deadLetter(Samples.deadLetter()));

        assertReceived(Topic.DEAD_LETTERS, Samples.deadLetter());
    }

    private void assertReceived(String topic, Object... published) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(received(topic)).containsExactly(published));
    }

    private static void confirmed(CompletableFuture<Void> publication) {
        assertThat(publication).succeedsWithin(30, TimeUnit.SECONDS);
    }

    /** The type of the values in a topic. */
    protected static Class<?> kind(String topic) {
        return switch (topic) {
            case Topic.SPLIT_REQUESTED -> SplitRequested.class;
            case Topic.DEAD_LETTERS -> DeadLetter.class;
            default -> JobEvent.class;
        };
    }
}
