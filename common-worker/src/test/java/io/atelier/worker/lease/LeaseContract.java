package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.DeadLetter;
import io.atelier.messaging.Samples;
import io.atelier.worker.cancellation.CancellationRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the lease loop owes on any Kafka that has share groups. */
abstract class LeaseContract {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private LeaseHarness crew;

    /** A broker that outlives the test. */
    abstract String bootstrapServers();

    @BeforeEach
    void hire() {
        crew = new LeaseHarness(bootstrapServers());
    }

    @AfterEach
    void dismiss() {
        crew.close();
    }

    @Test
    void ordersWrittenBeforeTheGroupSubscribedAreDone() {
        var done = new CopyOnWriteArrayList<String>();
        crew.order("early-1");
        crew.order("early-2");

        crew.worker(1, lease -> {
            done.add(lease.order().task());
            return TaskDisposition.ACCEPT;
        });

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(done).containsExactly("early-1", "early-2"));
    }

    @Test
    void shortTasksDoNotWaitForALongOne() {
        var race = new Race();

        crew.worker(2, race, LeaseHarness.QUICK);
        race.run(crew);

        assertThat(race.overtaken)
                .as("all short tasks ended while the long one ran")
                .isTrue();
        assertThat(race.runs).as("no task ran twice").doesNotHaveDuplicates();
    }

    /** Proves that the test above can fail: this is how the client's documentation would renew. */
    @Test
    void renewalByBarePollMakesShortTasksWait() {
        var race = new Race();

        crew.worker(2, race, LeaseHarness.QUICK, new BareRenewal());
        race.run(crew);

        assertThat(race.overtaken)
                .as("all short tasks ended while the long one ran")
                .isFalse();
    }

    @Test
    void orderOfATaskThatDoesNotStopGoesToAnotherWorker() {
        var stuck = new CountDownLatch(1);
        var attempts = new CopyOnWriteArrayList<Integer>();
        crew.order("stubborn");
        var first = crew.worker(1, lease -> {
            attempts.add(lease.attempt());
            stuck.await();
            return TaskDisposition.ACCEPT;
        });
        await().atMost(PATIENCE).until(() -> attempts.size() == 1);

        first.stop();
        crew.worker(1, lease -> {
            attempts.add(lease.attempt());
            return TaskDisposition.ACCEPT;
        });

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(attempts).containsExactly(1, 2));
        stuck.countDown();
    }

    @Test
    void stoppingTellsATaskThatOutlastsTheGraceAndGivesItsOrderBack() {
        var begun = new CountDownLatch(1);
        var told = new CountDownLatch(1);
        var taken = new CopyOnWriteArrayList<Integer>();
        crew.order("long");
        var first = crew.worker(1, lease -> {
            begun.countDown();
            lease.cancellation().onRequest(told::countDown);
            return told.await(30, TimeUnit.SECONDS) ? TaskDisposition.RELEASE : TaskDisposition.ACCEPT;
        });
        awaitZero(begun);

        first.stop();

        assertThat(told.getCount()).isZero();
        crew.worker(1, lease -> {
            taken.add(lease.delivery());
            return TaskDisposition.ACCEPT;
        });
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(taken).containsExactly(2));
    }

    @Test
    void stoppingLetsATaskFinishWithinTheGrace() {
        var begun = new CountDownLatch(1);
        var canceled = new AtomicInteger();
        crew.order("nearly-done");
        var first = crew.worker(1, lease -> {
            begun.countDown();
            // Long enough for a renewal while the container is stopping.
            lease.cancellation().onRequest(canceled::incrementAndGet);
            new CountDownLatch(1).await(600, TimeUnit.MILLISECONDS);
            return TaskDisposition.ACCEPT;
        });
        awaitZero(begun);

        first.stop();

        assertThat(canceled).hasValue(0);
        assertThat(nextTask()).isEqualTo("next");
    }

    @Test
    void orderWhoseAttemptsAreUsedUpIsReportedAndBuriedInsteadOfRun() {
        var attempts = new CopyOnWriteArrayList<Integer>();
        crew.order("poison", 2);

        crew.worker(1, lease -> {
            attempts.add(lease.attempt());
            throw new IllegalStateException("as if it killed its worker");
        });

        await().atMost(PATIENCE).until(() -> !crew.told().letters().isEmpty());
        assertThat(attempts).containsExactly(1, 2);
        var report = crew.told().events(JobEvent.TaskFailed.class).get(0);
        assertThat(report.failure().code()).isEqualTo(Failure.Code.POISONED);
        assertThat(report.attempt()).isEqualTo(2);
        assertThat(crew.told().letters())
                .extracting(DeadLetter::key, DeadLetter::task, DeadLetter::attempt, DeadLetter::topic)
                .containsExactly(tuple(Samples.JOB.value(), "poison", 3, crew.topic()));
    }

    @Test
    void poisonedOrderIsKeptUntilItIsBuried() {
        var attempts = new CopyOnWriteArrayList<Integer>();
        crew.told().goDown();
        crew.order("poison", 1);

        crew.worker(1, lease -> {
            attempts.add(lease.attempt());
            return TaskDisposition.RELEASE;
        });
        await().atMost(PATIENCE).until(() -> !attempts.isEmpty());
        crew.told().comeBack();

        await().atMost(PATIENCE).until(() -> crew.told().letters().size() == 1);
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void unreadableRecordIsBuriedAndTheNextOrderDone() {
        crew.garble("no-job", "{\"no\": order");
        crew.order("next");
        var done = new CopyOnWriteArrayList<String>();

        crew.worker(1, lease -> {
            done.add(lease.order().task());
            return TaskDisposition.ACCEPT;
        });

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(done).containsExactly("next"));
        await().atMost(PATIENCE).until(() -> crew.told().letters().size() == 1);
        var letter = crew.told().letters().get(0);
        assertThat(letter.order()).isEqualTo("{\"no\": order");
        assertThat(letter.key()).isEqualTo("no-job");
        assertThat(crew.told().events()).isEmpty();
    }

    @Test
    void runningTaskIsRecalledWithItsJobAndItsOrderEnds() {
        var begun = new CountDownLatch(1);
        var recalled = new CopyOnWriteArrayList<Duration>();
        crew.order("unwanted");
        crew.worker(1, lease -> {
            if (lease.order().task().equals("next")) {
                return TaskDisposition.RELEASE;
            }
            begun.countDown();
            lease.cancellation().await(PATIENCE);
            lease.cancellation()
                    .cancellationRequest()
                    .ifPresent(cancellationRequest -> recalled.add(cancellationRequest.grace()));
            return TaskDisposition.ACCEPT;
        });
        awaitZero(begun);

        crew.canceled().add(Samples.JOB, CancellationRequest.receivedNow(Duration.ofSeconds(7)));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(recalled).containsExactly(Duration.ofSeconds(7)));
        crew.order("next");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(crew.told().events(JobEvent.TaskCanceled.class))
                        .extracting(JobEvent.TaskCanceled::task)
                        .containsExactly("next"));
    }

    @Test
    void slotWhoseTaskDoesNotStopTakesNothingUntilItDoes() {
        var stuck = new CountDownLatch(1);
        var done = new CopyOnWriteArrayList<String>();
        crew.order("stuck");
        var loop = crew.worker(1, lease -> {
            if (lease.order().task().equals("stuck")) {
                lease.settled().accept(TaskDisposition.ACCEPT);
                stuck.await();
            }
            done.add(lease.order().task());
            return TaskDisposition.ACCEPT;
        });

        await().atMost(PATIENCE).until(() -> loop.status().leasing() == 0);
        assertThat(loop.status().stuck()).isEqualTo(1);
        crew.order("next");
        var other = new CopyOnWriteArrayList<String>();
        crew.worker(1, lease -> {
            other.add(lease.order().task());
            return TaskDisposition.ACCEPT;
        });
        // What the stuck task's order came to is known, too: it was accepted.
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(other).containsExactly("next"));
        assertThat(done).isEmpty();

        stuck.countDown();

        await().atMost(PATIENCE).until(() -> loop.status().leasing() == 1);
        assertThat(loop.status().stuck()).isZero();
        assertThat(done).containsExactly("stuck");
    }

    /** Orders one more task, and names what a new worker is given first: an order that was not accepted lies before it. */
    private String nextTask() {
        var first = new CopyOnWriteArrayList<String>();
        crew.order("next");
        crew.worker(1, lease -> {
            first.add(lease.order().task());
            return TaskDisposition.ACCEPT;
        });
        await().atMost(PATIENCE).until(() -> !first.isEmpty());
        return first.get(0);
    }

    private static void awaitZero(CountDownLatch latch) {
        await().atMost(PATIENCE).until(() -> latch.getCount() == 0);
    }

    /** Two slots, one partition: a long task that ends when all short ones have, or gives up on them. */
    private static final class Race implements TaskHandler<GenerationRequested> {

        private static final int SHORT_TASKS = 20;

        private final List<String> runs = new CopyOnWriteArrayList<>();
        private final CountDownLatch shortTasks = new CountDownLatch(SHORT_TASKS);
        private final CountDownLatch longTask = new CountDownLatch(1);
        private volatile boolean overtaken;

        @Override
        public TaskDisposition handle(Lease<GenerationRequested> lease) throws InterruptedException {
            runs.add(lease.order().task());
            if (lease.order().task().equals("long")) {
                overtaken = shortTasks.await(8, TimeUnit.SECONDS);
                longTask.countDown();
            } else {
                new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
                shortTasks.countDown();
            }
            return TaskDisposition.ACCEPT;
        }

        void run(LeaseHarness crew) {
            crew.order("long");
            await().atMost(PATIENCE).until(() -> runs.contains("long"));
            IntStream.range(0, SHORT_TASKS).forEach(number -> crew.order("short-" + number));
            awaitZero(longTask);
            awaitZero(shortTasks);
        }
    }

    /** Renews by a poll alone, which fetches as well. */
    private static final class BareRenewal implements LeaseListener.Renewal {

        @Override
        public Duration every() {
            return LeaseHarness.QUICK.renewInterval();
        }

        @Override
        public void renew(ConsumerRecord<String, byte[]> taken, ShareConsumer<String, byte[]> consumer) {
            consumer.acknowledge(taken, AcknowledgeType.RENEW);
            consumer.poll(Duration.ofSeconds(1));
        }
    }
}
