package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.DeadLetter;
import io.atelier.messaging.Samples;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.TaskHandler.Disposition;
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

/** What task consumers do on any Kafka that has share groups. */
abstract class LeaseContract {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private LeaseHarness harness;

    /** A broker that outlives the test. */
    abstract String bootstrapServers();

    @BeforeEach
    void open() {
        harness = new LeaseHarness(bootstrapServers());
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void tasksPublishedBeforeTheGroupSubscribesAreRun() {
        var done = new CopyOnWriteArrayList<String>();
        harness.publish("early-1");
        harness.publish("early-2");

        harness.worker(1, lease -> {
            done.add(lease.task().task());
            return Disposition.ACCEPT;
        });

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(done).containsExactly("early-1", "early-2"));
    }

    @Test
    void shortTasksDoNotWaitForALongOne() {
        var race = new Race(Duration.ofSeconds(8));

        harness.worker(2, race, LeaseHarness.SHORT);
        race.run(harness);

        assertThat(race.shortTasksEndedFirst)
                .as("all short tasks ended while the long one ran")
                .isTrue();
        assertThat(race.runs).as("no task ran twice").doesNotHaveDuplicates();
    }

    /**
     * Shows that the test above can fail: this is how the documentation of the client renews. A race in which no renewal happens to fetch a short
     * task shows nothing, so there are several.
     */
    @Test
    void renewalByBarePollMakesShortTasksWait() {
        assertThat(IntStream.range(0, 5).anyMatch(number -> !raceWithBareRenewal().shortTasksEndedFirst))
                .as("a short task waited for the long one, in one of five races")
                .isTrue();
    }

    private Race raceWithBareRenewal() {
        var race = new Race(Duration.ofSeconds(2));
        var worker = harness.worker(2, race, LeaseHarness.SHORT, new BareRenewal());
        race.run(harness);
        worker.stop();
        return race;
    }

    @Test
    void taskThatDoesNotStopIsDeliveredToAnotherWorker() {
        var stuck = new CountDownLatch(1);
        var attempts = new CopyOnWriteArrayList<Integer>();
        harness.publish("stuck");
        var first = harness.worker(1, lease -> {
            attempts.add(lease.attempt());
            stuck.await();
            return Disposition.ACCEPT;
        });
        await().atMost(TIMEOUT).until(() -> attempts.size() == 1);

        first.stop();
        harness.worker(1, lease -> {
            attempts.add(lease.attempt());
            return Disposition.ACCEPT;
        });

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(attempts).containsExactly(1, 2));
        stuck.countDown();
    }

    @Test
    void stoppingCancelsATaskAfterTheGracePeriodAndReleasesIt() {
        var started = new CountDownLatch(1);
        var canceled = new CountDownLatch(1);
        var deliveries = new CopyOnWriteArrayList<Integer>();
        harness.publish("long");
        var first = harness.worker(1, lease -> {
            started.countDown();
            lease.cancellation().onRequest(canceled::countDown);
            return canceled.await(30, TimeUnit.SECONDS) ? Disposition.RELEASE : Disposition.ACCEPT;
        });
        awaitZero(started);

        first.stop();

        assertThat(canceled.getCount()).isZero();
        harness.worker(1, lease -> {
            deliveries.add(lease.delivery());
            return Disposition.ACCEPT;
        });
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(deliveries).containsExactly(2));
    }

    @Test
    void stoppingReleasesATaskThatOnlyWaitsWithoutTheGracePeriod() {
        var started = new CountDownLatch(1);
        var deliveries = new CopyOnWriteArrayList<Integer>();
        harness.publish("waiting");
        var patient = new LeaseProperties(
                Duration.ofSeconds(60),
                Duration.ofMillis(300),
                Duration.ofSeconds(50),
                Duration.ofMillis(500),
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                null);
        var first = harness.worker(
                1,
                lease -> {
                    started.countDown();
                    while (!lease.cancellation().requestedWhileWaiting()) {
                        TimeUnit.MILLISECONDS.sleep(10);
                    }
                    return Disposition.RELEASE;
                },
                patient);
        awaitZero(started);

        long before = System.nanoTime();
        first.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
        harness.worker(1, lease -> {
            deliveries.add(lease.delivery());
            return Disposition.ACCEPT;
        });
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(deliveries).containsExactly(2));
    }

    @Test
    void stoppingWaitsForATaskThatEndsWithinTheGracePeriod() {
        var started = new CountDownLatch(1);
        var cancellations = new AtomicInteger();
        harness.publish("nearly-done");
        var first = harness.worker(1, lease -> {
            started.countDown();
            // Long enough for a renewal while the container stops.
            lease.cancellation().onRequest(cancellations::incrementAndGet);
            new CountDownLatch(1).await(600, TimeUnit.MILLISECONDS);
            return Disposition.ACCEPT;
        });
        awaitZero(started);

        first.stop();

        assertThat(cancellations).hasValue(0);
        assertThat(nextTask()).isEqualTo("next");
    }

    @Test
    void taskWithoutRemainingAttemptsIsReportedAndDeadLettered() {
        var attempts = new CopyOnWriteArrayList<Integer>();
        harness.publish("poison", 2);

        harness.worker(1, lease -> {
            attempts.add(lease.attempt());
            throw new IllegalStateException("as if it killed its worker");
        });

        await().atMost(TIMEOUT).until(() -> !harness.published().deadLetters().isEmpty());
        assertThat(attempts).containsExactly(1, 2);
        var report = harness.published().events(JobEvent.TaskFailed.class).get(0);
        assertThat(report.failure().code()).isEqualTo(Failure.Code.POISONED);
        assertThat(report.attempt()).isEqualTo(2);
        assertThat(harness.published().deadLetters())
                .extracting(DeadLetter::key, DeadLetter::task, DeadLetter::attempt, DeadLetter::topic)
                .containsExactly(tuple(Samples.JOB.value(), "poison", 3, harness.topic()));
    }

    @Test
    void poisonedTaskIsKeptUntilItIsDeadLettered() {
        var attempts = new CopyOnWriteArrayList<Integer>();
        harness.published().goDown();
        harness.publish("poison", 1);

        harness.worker(1, lease -> {
            attempts.add(lease.attempt());
            return Disposition.RELEASE;
        });
        await().atMost(TIMEOUT).until(() -> !attempts.isEmpty());
        harness.published().comeBack();

        await().atMost(TIMEOUT).until(() -> harness.published().deadLetters().size() == 1);
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void unreadableRecordIsDeadLetteredAndTheNextTaskRuns() {
        harness.publishUnreadable("no-job", "{\"no\": task");
        harness.publish("next");
        var done = new CopyOnWriteArrayList<String>();

        harness.worker(1, lease -> {
            done.add(lease.task().task());
            return Disposition.ACCEPT;
        });

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(done).containsExactly("next"));
        await().atMost(TIMEOUT).until(() -> harness.published().deadLetters().size() == 1);
        var deadLetter = harness.published().deadLetters().get(0);
        assertThat(deadLetter.order()).isEqualTo("{\"no\": task");
        assertThat(deadLetter.key()).isEqualTo("no-job");
        assertThat(harness.published().events()).isEmpty();
    }

    @Test
    void runningTaskOfACanceledJobIsCanceledAndAccepted() {
        var started = new CountDownLatch(1);
        var gracePeriods = new CopyOnWriteArrayList<Duration>();
        harness.publish("canceled");
        harness.worker(1, lease -> {
            if (lease.task().task().equals("next")) {
                return Disposition.RELEASE;
            }
            started.countDown();
            lease.cancellation().await(TIMEOUT);
            lease.cancellation().cancellationRequest().ifPresent(request -> gracePeriods.add(request.grace()));
            return Disposition.ACCEPT;
        });
        awaitZero(started);

        harness.canceled().add(Samples.JOB, Cancellation.Request.receivedNow(Duration.ofSeconds(7)));

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(gracePeriods).containsExactly(Duration.ofSeconds(7)));
        harness.publish("next");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(harness.published().events(JobEvent.TaskCanceled.class))
                        .extracting(JobEvent.TaskCanceled::task)
                        .containsExactly("next"));
    }

    @Test
    void slotOfATaskThatDoesNotStopLeasesNothingUntilItStops() {
        var stuck = new CountDownLatch(1);
        var done = new CopyOnWriteArrayList<String>();
        harness.publish("stuck");
        var consumer = harness.worker(1, lease -> {
            if (lease.task().task().equals("stuck")) {
                lease.earlyDisposition().accept(Disposition.ACCEPT);
                stuck.await();
            }
            done.add(lease.task().task());
            return Disposition.ACCEPT;
        });

        await().atMost(TIMEOUT).until(() -> consumer.status().leasing() == 0);
        assertThat(consumer.status().stuck()).isEqualTo(1);
        harness.publish("next");
        var other = new CopyOnWriteArrayList<String>();
        harness.worker(1, lease -> {
            other.add(lease.task().task());
            return Disposition.ACCEPT;
        });
        // The stuck task was accepted, so it is not redelivered.
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(other).containsExactly("next"));
        assertThat(done).isEmpty();

        stuck.countDown();

        await().atMost(TIMEOUT).until(() -> consumer.status().leasing() == 1);
        assertThat(consumer.status().stuck()).isZero();
        assertThat(done).containsExactly("stuck");
    }

    @Test
    void nextTaskIsWorkedOnWhileTheLastOneIsReported() {
        var second = new CountDownLatch(1);
        var done = new CopyOnWriteArrayList<String>();
        harness.publish("first");
        harness.publish("second");

        harness.worker(1, lease -> {
            if (lease.task().task().equals("first")) {
                lease.endOfWork().run();
                if (!second.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                    return Disposition.ACCEPT;
                }
            } else {
                second.countDown();
            }
            done.add(lease.task().task());
            return Disposition.ACCEPT;
        });

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(done).containsExactlyInAnyOrder("first", "second"));
    }

    @Test
    void noMoreTasksAreWorkedOnThanThereAreSlots() {
        var working = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new AtomicInteger();
        var both = new CountDownLatch(2);
        IntStream.range(0, 30).forEach(number -> harness.publish("task-" + number));

        harness.worker(2, lease -> {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            both.countDown();
            if (!both.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                return Disposition.RELEASE;
            }
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
            working.decrementAndGet();
            lease.endOfWork().run();
            new CountDownLatch(1).await(30, TimeUnit.MILLISECONDS);
            done.incrementAndGet();
            return Disposition.ACCEPT;
        });

        await().atMost(TIMEOUT).until(() -> done.get() == 30);
        assertThat(most).hasValue(2);
    }

    /** Publishes one more task and returns the first task that a new worker receives: one that was not accepted comes before it. */
    private String nextTask() {
        var first = new CopyOnWriteArrayList<String>();
        harness.publish("next");
        harness.worker(1, lease -> {
            first.add(lease.task().task());
            return Disposition.ACCEPT;
        });
        await().atMost(TIMEOUT).until(() -> !first.isEmpty());
        return first.get(0);
    }

    private static void awaitZero(CountDownLatch latch) {
        await().atMost(TIMEOUT).until(() -> latch.getCount() == 0);
    }

    /** Two slots, one partition: a long task that ends when all short tasks have ended, or when none has ended for a while. */
    private static final class Race implements TaskHandler<GenerationRequested> {

        private static final int SHORT_TASKS = 20;

        private final List<String> runs = new CopyOnWriteArrayList<>();
        private final CountDownLatch shortTasks = new CountDownLatch(SHORT_TASKS);
        private final CountDownLatch longTask = new CountDownLatch(1);
        private final Duration stall;
        private volatile boolean shortTasksEndedFirst;

        /** @param stall how long no short task ends before one is said to wait */
        Race(Duration stall) {
            this.stall = stall;
        }

        @Override
        public Disposition handle(Lease<GenerationRequested> lease) throws InterruptedException {
            runs.add(lease.task().task());
            if (lease.task().task().equals("long")) {
                shortTasksEndedFirst = awaitShortTasks();
                longTask.countDown();
            } else {
                new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
                shortTasks.countDown();
            }
            return Disposition.ACCEPT;
        }

        private boolean awaitShortTasks() throws InterruptedException {
            long before;
            do {
                before = shortTasks.getCount();
                if (shortTasks.await(stall.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
            } while (shortTasks.getCount() < before);
            return false;
        }

        void run(LeaseHarness harness) {
            harness.publish("long");
            await().atMost(TIMEOUT).until(() -> runs.contains("long"));
            IntStream.range(0, SHORT_TASKS).forEach(number -> harness.publish("short-" + number));
            awaitZero(longTask);
        }
    }

    /** Renews by a poll alone, which also fetches. */
    private static final class BareRenewal implements LeaseRenewal {

        @Override
        public Duration interval() {
            return LeaseHarness.SHORT.renewInterval();
        }

        @Override
        public void renew(ConsumerRecord<String, byte[]> record, ShareConsumer<String, byte[]> consumer) {
            consumer.acknowledge(record, AcknowledgeType.RENEW);
            consumer.poll(Duration.ofSeconds(1));
        }
    }
}
