package io.atelier.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerCommand;
import io.atelier.messaging.DeadLetter;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.ForwardedTask;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.PublishingFailed;
import io.atelier.messaging.Samples;
import io.atelier.messaging.WebhookDelivery;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.micrometer.observation.ObservationRegistry;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Reports and dispositions of tasks whose engines stop in different ways or not at all. */
final class ReportingTaskHandlerTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private Duration startReportGracePeriod = Duration.ZERO;

    private final InMemoryEventPublisher published = new InMemoryEventPublisher();
    private EventPublisher publisher = published;
    private final List<TaskProgress> progress = new CopyOnWriteArrayList<>();
    private final Cancellation cancellation = new Cancellation();
    private final CompletableFuture<Disposition> earlyDisposition = new CompletableFuture<>();
    private final AtomicInteger restarts = new AtomicInteger();
    private final AtomicInteger endsOfWork = new AtomicInteger();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private boolean restartWhenStuck;

    @AfterEach
    void endEngines() {
        mayEnd.countDown();
    }

    @Test
    void startAndEndOfATaskAreReported() throws Exception {
        assertThat(handle(context -> ScriptedTaskLogic.OUTPUT)).isEqualTo(Disposition.ACCEPT);

        assertThat(published.events()).hasSize(2);
        assertThat(published.events().get(0)).isInstanceOf(TaskStarted.class);
        var succeeded = published.events(TaskSucceeded.class).get(0);
        assertThat(succeeded.images()).containsExactly(Samples.IMAGE);
        assertThat(succeeded.engineMillis()).isEqualTo(7);
    }

    @Test
    void taskRunsWhileItsStartIsBeingConfirmedAndIsReportedAfterThat() throws Exception {
        var startConfirmed = new CompletableFuture<Void>();
        publisher = new LateConfirmation(published, startConfirmed);

        var disposition = handling(context -> {
            started.countDown();
            return ScriptedTaskLogic.OUTPUT;
        });
        awaitZero(started);
        assertThat(published.events()).hasOnlyElementsOfType(TaskStarted.class);
        startConfirmed.complete(null);

        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.ACCEPT);
        assertThat(published.events()).hasSize(2);
    }

    @Test
    void slotIsFreeBeforeTheEndIsReported() throws Exception {
        var confirmed = new CompletableFuture<Void>();
        publisher = new LateConfirmation(published, confirmed);

        var disposition = handling(context -> ScriptedTaskLogic.OUTPUT);

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(endsOfWork).hasValue(1));
        assertThat(disposition).isNotDone();
        confirmed.complete(null);
        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.ACCEPT);
    }

    @Test
    void taskWhoseStartIsNotConfirmedIsReleasedWithoutAReportOfItsEnd() throws Exception {
        var startConfirmed = new CompletableFuture<Void>();
        publisher = new LateConfirmation(published, startConfirmed);

        var disposition = handle(context -> {
            startConfirmed.completeExceptionally(new PublishingFailed("no broker", new ConnectException()));
            return ScriptedTaskLogic.OUTPUT;
        });

        assertThat(disposition).isEqualTo(Disposition.RELEASE);
        assertThat(published.events(TaskSucceeded.class)).isEmpty();
    }

    @Test
    void startOfAShortTaskIsReportedWithItsEnd() throws Exception {
        startReportGracePeriod = Duration.ofHours(1);

        assertThat(handle(context -> ScriptedTaskLogic.OUTPUT)).isEqualTo(Disposition.ACCEPT);

        assertThat(published.events()).singleElement().isInstanceOfSatisfying(TaskSucceeded.class, succeeded -> {
            assertThat(succeeded.startedAt()).isEqualTo(Samples.AT);
            assertThat(succeeded.start())
                    .hasValueSatisfying(start -> assertThat(start.worker()).isEqualTo(succeeded.worker()));
        });
    }

    @Test
    void startOfATaskThatTakesLongerIsReportedWhileItRuns() {
        startReportGracePeriod = Duration.ofMillis(20);

        var disposition = handling(context -> {
            mayEnd.await();
            return ScriptedTaskLogic.OUTPUT;
        });
        await().atMost(TIMEOUT).until(() -> published.events().size() == 1);
        mayEnd.countDown();

        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.ACCEPT);
        assertThat(published.events(TaskStarted.class)).hasSize(1);
        assertThat(published.events(TaskSucceeded.class))
                .singleElement()
                .extracting(TaskSucceeded::startedAt)
                .isNull();
    }

    @Test
    void progressIsReportedAfterTheStartOnly() throws Exception {
        startReportGracePeriod = Duration.ofHours(1);

        handle(context -> {
            context.progress("load", 1, 2);
            context.progress("load", 2, 2);
            assertThat(progress).isEmpty();
            context.reportStart();
            assertThat(progress).extracting(TaskProgress::step).containsExactly(2);
            context.progress("denoise", 1, 4);
            return ScriptedTaskLogic.OUTPUT;
        });

        assertThat(progress).extracting(TaskProgress::phase).containsExactly("load", "denoise");
    }

    @Test
    void previewRepeatsTheLatestProgressAndIsNamedByLaterOnes() throws Exception {
        var preview = new TaskProgress.Preview(1, 0, 1, 4, 64, 64, 900);

        handle(context -> {
            context.progress("denoise", 1, 4);
            context.preview(preview);
            context.progress("denoise", 2, 4);
            return ScriptedTaskLogic.OUTPUT;
        });

        assertThat(progress).extracting(TaskProgress::step).containsExactly(1, 1, 2);
        assertThat(progress.get(1)).isEqualTo(progress.get(0).withPreview(preview));
        assertThat(progress.get(2).preview()).isEqualTo(preview);
    }

    @Test
    void startIsReportedBeforeAProviderIsCalled() throws Exception {
        startReportGracePeriod = Duration.ofHours(1);

        handle(context -> {
            context.countProviderCall();
            assertThat(published.events()).singleElement().isInstanceOf(TaskStarted.class);
            return ScriptedTaskLogic.OUTPUT;
        });

        assertThat(published.events()).hasSize(2);
    }

    @Test
    void shortTaskThatIsReleasedReportsNothing() throws Exception {
        startReportGracePeriod = Duration.ofMillis(20);

        var disposition = handle(context -> {
            cancellation.request();
            throw new TaskInterrupted();
        });

        assertThat(disposition).isEqualTo(Disposition.RELEASE);
        await().during(Duration.ofMillis(100)).until(() -> published.events().isEmpty());
    }

    /** Confirms starts of tasks with a given future, and everything else at once. */
    private record LateConfirmation(EventPublisher publisher, CompletableFuture<Void> startConfirmed)
            implements EventPublisher {

        @Override
        public CompletableFuture<Void> publish(JobEvent event) {
            var confirmed = publisher.publish(event);
            return event instanceof TaskStarted ? startConfirmed : confirmed;
        }

        @Override
        public CompletableFuture<Void> publish(SplitRequested task) {
            return publisher.publish(task);
        }

        @Override
        public CompletableFuture<Void> publish(WorkerCommand command) {
            return publisher.publish(command);
        }

        @Override
        public CompletableFuture<Void> forward(ForwardedTask task) {
            return publisher.forward(task);
        }

        @Override
        public CompletableFuture<Void> deadLetter(DeadLetter deadLetter) {
            return publisher.deadLetter(deadLetter);
        }

        @Override
        public CompletableFuture<Void> publish(WebhookDelivery delivery) {
            return publisher.publish(delivery);
        }
    }

    @Test
    void callsOfAProviderAreReportedHoweverTheAttemptEnds() throws Exception {
        handle(context -> {
            context.countProviderCall();
            context.countProviderCall();
            return ScriptedTaskLogic.OUTPUT;
        });
        handle(context -> {
            context.countProviderCall();
            throw new UnsupportedOperationException();
        });
        handle(context -> {
            throw new IllegalStateException("before any call");
        });
        handle(context -> {
            context.countProviderCall();
            cancellation.request(Cancellation.Request.receivedNow(TIMEOUT));
            throw new TaskInterrupted();
        });

        assertThat(published.events(TaskSucceeded.class))
                .extracting(TaskSucceeded::providerCalls)
                .containsExactly(2);
        assertThat(published.events(TaskFailed.class))
                .extracting(TaskFailed::providerCalls)
                .containsExactly(1, null);
        assertThat(published.events(TaskCanceled.class))
                .extracting(TaskCanceled::providerCalls)
                .containsExactly(1);
    }

    @Test
    void usageOfAProviderIsAddedAndReportedHoweverTheAttemptEnds() throws Exception {
        var usage = ProviderUsage.ofImages(2);
        handle(context -> {
            context.addProviderUsage(usage);
            context.addProviderUsage(usage);
            return ScriptedTaskLogic.OUTPUT;
        });
        handle(context -> {
            context.addProviderUsage(usage);
            throw new UnsupportedOperationException();
        });
        handle(context -> {
            throw new IllegalStateException("before any call");
        });
        handle(context -> {
            context.addProviderUsage(usage);
            cancellation.request(Cancellation.Request.receivedNow(TIMEOUT));
            throw new TaskInterrupted();
        });

        assertThat(published.events(TaskSucceeded.class))
                .extracting(TaskSucceeded::providerUsage)
                .containsExactly(ProviderUsage.ofImages(4));
        assertThat(published.events(TaskFailed.class))
                .extracting(TaskFailed::providerUsage)
                .containsExactly(usage, null);
        assertThat(published.events(TaskCanceled.class))
                .extracting(TaskCanceled::providerUsage)
                .containsExactly(usage);
    }

    @Test
    void resultsAndExceptionsOfAnEngineComeBackFromItsThread() throws Exception {
        assertThat(handle(context -> context.runEngine(() -> ScriptedTaskLogic.OUTPUT)))
                .isEqualTo(Disposition.ACCEPT);
        handle(context -> context.runEngine(() -> {
            throw new UnsupportedOperationException();
        }));
        handle(context -> context.runEngine(() -> {
            throw new OutOfMemoryError("in a test");
        }));

        assertThat(published.events(TaskSucceeded.class)).hasSize(1);
        assertThat(published.events(TaskFailed.class))
                .extracting(failed -> failed.failure().code())
                .containsExactly(Failure.Code.REQUEST_REJECTED, Failure.Code.OUT_OF_MEMORY);
    }

    @Test
    void errorsAndUnexpectedExceptionsAreEngineErrors() throws Exception {
        handle(context -> {
            throw new NoClassDefFoundError("gone");
        });
        handle(context -> {
            throw new IllegalStateException("a secret");
        });

        assertThat(published.events(TaskFailed.class))
                .hasSize(2)
                .allSatisfy(failed -> assertThat(failed.failure().code()).isEqualTo(Failure.Code.ENGINE_ERROR))
                .allSatisfy(failed -> assertThat(failed.failure().message()).doesNotContain("secret"));
    }

    @Test
    void namesOfServersAreLoggedAndNotReported() throws Exception {
        // Not the console: an application that another test of this JVM has run may have changed its levels.
        var logger = (Logger) LoggerFactory.getLogger(ReportingTaskHandler.class);
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        try {
            handle(context -> {
                throw new UnsupportedOperationException("Unsupported.", new ConnectException("gpu-7 is not there"));
            });
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }

        assertThat(published.events(TaskFailed.class).get(0).failure().message())
                .doesNotContain("gpu-7");
        assertThat(log.list)
                .anyMatch(line -> line.getFormattedMessage()
                        .contains("Unsupported. (java.net.ConnectException: gpu-7 is not there)"));
    }

    @Test
    void canceledTaskIsReportedWhenItsEngineIsIdle() throws Exception {
        var idle = new CountDownLatch(1);
        var disposition = handling(context -> context.runEngine(() -> {
            started.countDown();
            context.cancellation().await(TIMEOUT);
            idle.countDown();
            throw new IllegalStateException("as some stopped engines do");
        }));
        awaitZero(started);

        cancellation.request(Cancellation.Request.receivedNow(TIMEOUT));

        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.ACCEPT);
        assertThat(idle.getCount()).isZero();
        var canceled = canceled();
        assertThat(canceled.freedBy()).isEqualTo("engine");
        assertThat(canceled.freedAfterMillis()).isBetween(0L, TIMEOUT.toMillis());
        assertThat(canceled.attempt()).isEqualTo(2);
    }

    @Test
    void resultOfACanceledEngineIsDropped() throws Exception {
        var disposition = handling(context -> context.runEngine(() -> {
            started.countDown();
            context.cancellation().await(TIMEOUT);
            return ScriptedTaskLogic.OUTPUT;
        }));
        awaitZero(started);

        cancellation.request(Cancellation.Request.receivedNow(TIMEOUT));

        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.ACCEPT);
        assertThat(canceled().freedBy()).isEqualTo("engine");
    }

    @Test
    void cancellationAfterTheEndOfTheEngineHasNoEffect() throws Exception {
        var disposition = handle(context -> {
            var output = context.runEngine(() -> ScriptedTaskLogic.OUTPUT);
            cancellation.request(Cancellation.Request.receivedNow(TIMEOUT));
            return output;
        });

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(published.events()).last().isInstanceOf(TaskSucceeded.class);
    }

    @Test
    void taskOfAStoppingProcessIsReleasedWithoutAReport() throws Exception {
        var disposition = handling(context -> context.runEngine(() -> {
            started.countDown();
            context.cancellation().await(TIMEOUT);
            throw new TaskInterrupted();
        }));
        awaitZero(started);

        cancellation.request();

        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.RELEASE);
        assertThat(published.events()).hasOnlyElementsOfType(TaskStarted.class);
    }

    @Test
    void taskThatIsCanceledBeforeItsStartIsNotRun() throws Exception {
        cancellation.request(Cancellation.Request.receivedNow(TIMEOUT));

        assertThat(handle(context -> ScriptedTaskLogic.OUTPUT)).isEqualTo(Disposition.ACCEPT);

        assertThat(published.events()).hasOnlyElementsOfType(TaskCanceled.class).hasSize(1);
    }

    @Test
    void engineThatIgnoresItsCancellationIsInterrupted() throws Exception {
        var disposition = handling(context -> context.runEngine(() -> {
            started.countDown();
            mayEnd.await();
            return ScriptedTaskLogic.OUTPUT;
        }));
        awaitZero(started);

        cancellation.request(Cancellation.Request.receivedNow(Duration.ofMillis(50)));

        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.ACCEPT);
        assertThat(canceled().freedBy()).isEqualTo("interrupt");
        assertThat(canceled().freedAfterMillis()).isGreaterThanOrEqualTo(50);
    }

    @Test
    void engineThatIgnoresAnInterruptIsGivenUpAndOccupiesItsSlot() throws Exception {
        var disposition = handling(context -> context.runEngine(this::ignoreInterrupts));
        awaitZero(started);

        cancellation.request(Cancellation.Request.receivedNow(Duration.ofMillis(50)));

        assertThat(earlyDisposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.ACCEPT);
        assertThat(canceled().freedAfterMillis()).isNull();
        assertThat(disposition).isNotDone();
        assertThat(restarts).hasValue(0);
        mayEnd.countDown();
        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.ACCEPT);
        assertThat(published.events(TaskSucceeded.class)).isEmpty();
    }

    @Test
    void engineThatIgnoresAnInterruptEndsAProcessThatMayRestart() throws Exception {
        restartWhenStuck = true;
        var disposition = handling(context -> context.runEngine(this::ignoreInterrupts));
        awaitZero(started);

        cancellation.request(Cancellation.Request.receivedNow(Duration.ofMillis(50)));

        await().atMost(TIMEOUT).until(() -> restarts.get() == 1);
        assertThat(canceled().freedBy()).isEqualTo("restart");
        assertThat(canceled().freedAfterMillis()).isGreaterThanOrEqualTo(50);
        // The task must not be accepted before the process has ended: the next worker skips it.
        assertThat(earlyDisposition).isNotDone();
        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.RELEASE);
    }

    @Test
    void canceledTaskThatCannotBeReportedIsReleased() throws Exception {
        var disposition = handling(context -> context.runEngine(() -> {
            started.countDown();
            context.cancellation().await(TIMEOUT);
            return ScriptedTaskLogic.OUTPUT;
        }));
        awaitZero(started);
        published.goDown();

        cancellation.request(Cancellation.Request.receivedNow(TIMEOUT));

        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.RELEASE);
    }

    @Test
    void waitForTheStoreIsReportedAndEndsWhenTheJobIsCanceled() throws Exception {
        var disposition = handling(context -> {
            started.countDown();
            context.waitForStore(TIMEOUT);
            return ScriptedTaskLogic.OUTPUT;
        });
        awaitZero(started);

        cancellation.request(Cancellation.Request.receivedNow(TIMEOUT));

        assertThat(disposition).succeedsWithin(TIMEOUT).isEqualTo(Disposition.ACCEPT);
        assertThat(canceled().freedBy()).isEqualTo("engine");
        assertThat(progress).extracting(TaskProgress::phase).containsExactly("waiting for the store");
    }

    private TaskCanceled canceled() {
        assertThat(published.events()).hasSize(2).first().isInstanceOf(TaskStarted.class);
        return published.events(TaskCanceled.class).get(0);
    }

    /** Ignores cancellations and interrupts. */
    private TaskOutput ignoreInterrupts() {
        started.countDown();
        while (true) {
            try {
                mayEnd.await();
                return ScriptedTaskLogic.OUTPUT;
            } catch (InterruptedException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    private Disposition handle(ScriptedTaskLogic.Script script) throws Exception {
        return handling(script).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<Disposition> handling(ScriptedTaskLogic.Script script) {
        var properties = new WorkerProperties(
                Duration.ofMillis(200),
                restartWhenStuck,
                Duration.ZERO,
                Duration.ofSeconds(5),
                startReportGracePeriod,
                true);
        var handler = new ReportingTaskHandler<>(
                new ScriptedTaskLogic(script),
                publisher,
                progress::add,
                () -> Samples.AT,
                properties,
                ObservationRegistry.NOOP,
                restarts::incrementAndGet);
        var task = Samples.requested("default", "generate");
        var lease = new Lease<GenerationRequested>(
                task, "a-topic", 2, 2, cancellation, earlyDisposition::complete, endsOfWork::incrementAndGet);
        var disposition = new CompletableFuture<Disposition>();
        new Thread(() -> {
                    try {
                        disposition.complete(handler.handle(lease));
                    } catch (InterruptedException | RuntimeException | Error e) {
                        disposition.completeExceptionally(e);
                    }
                })
                .start();
        return disposition;
    }

    private static void awaitZero(CountDownLatch latch) {
        await().atMost(TIMEOUT).until(() -> latch.getCount() == 0);
    }
}
