package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every publisher owes. */
public abstract class EventPublisherContract {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The publisher under test; nothing was said through it before. */
    protected abstract EventPublisher publisher();

    /** A pool that nobody else uses. */
    protected abstract String pool();

    /** What was heard on a topic since the test began, in order. */
    protected abstract List<Object> heard(String topic);

    @Test
    void orderForGeneratorsGoesToTheTopicOfItsPool() {
        var order = Samples.requested(pool(), "generate");

        confirmed(publisher().publish(order));

        hears(Topic.generationRequested(pool()), order);
    }

    @Test
    void reportsKeepTheirOrder() {
        var reports = List.<JobEvent>of(Samples.started(), Samples.failed(), Samples.succeeded());

        reports.forEach(report -> confirmed(publisher().publish(report)));

        hears(Topic.TASK_REPORTS, reports.toArray());
    }

    @Test
    void reportsSaidWithoutWaitingKeepTheirOrder() {
        var reports = IntStream.rangeClosed(1, 50)
                .mapToObj(attempt ->
                        new JobEvent.TaskStarted(Samples.JOB, "generate", attempt, Samples.AT, Samples.WORKER))
                .toList();

        var confirmations = reports.stream().map(publisher()::publish).toArray(CompletableFuture<?>[]::new);
        confirmed(CompletableFuture.allOf(confirmations));

        hears(Topic.TASK_REPORTS, reports.toArray());
    }

    @Test
    void orderForSplittersIsHeard() {
        confirmed(publisher().publish(Samples.split()));

        hears(Topic.SPLIT_REQUESTED, Samples.split());
    }

    @Test
    void cancellationsKeepTheirOrder() {
        // Of a job of its own: workers of other tests hear it, too.
        var job = JobId.create(Samples.AT, new Random());
        var sample = Samples.cancelRequested();
        var cancel = new JobEvent.CancelRequested(job, sample.at(), sample.by(), sample.reason(), sample.grace());
        var erase = new JobEvent.EraseRequested(job, sample.at());

        confirmed(publisher().publish(cancel));
        confirmed(publisher().publish(erase));

        hears(Topic.CANCELLATIONS, cancel, erase);
    }

    @Test
    void workerIsHeard() {
        confirmed(publisher().publish(Samples.worker()));

        hears(Topic.WORKERS, Samples.worker());
    }

    @Test
    void letterIsHeard() {
        confirmed(publisher().deadLetter(Samples.letter()));

        hears(Topic.DEAD_LETTERS, Samples.letter());
    }

    @Test
    void progressIsHeardSoonerOrLater() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            publisher().publish(Samples.progress());
            assertThat(heard(Topic.PROGRESS)).contains(Samples.progress());
        });
    }

    private void hears(String topic, Object... said) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard(topic)).containsExactly(said));
    }

    private static void confirmed(CompletableFuture<Void> publication) {
        assertThat(publication).succeedsWithin(30, TimeUnit.SECONDS);
    }

    /** The topics that the publisher writes, and what lies in each. */
    protected static Class<?> kind(String topic) {
        return switch (topic) {
            case Topic.SPLIT_REQUESTED -> SplitRequested.class;
            case Topic.PROGRESS -> TaskProgress.class;
            case Topic.DEAD_LETTERS -> DeadLetter.class;
            case Topic.WORKERS -> WorkerAnnounced.class;
            default -> JobEvent.class;
        };
    }
}
