package io.atelier.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.work.TaskProgress;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Samples;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.cancellation.CancellationRequest;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.lease.TaskDisposition;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is reported of a task, and what becomes of its order, with engines that stop in different ways or not at all. */
final class ReportingTaskHandlerTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InMemoryEventPublisher told = new InMemoryEventPublisher();
    private final Cancellation cancellation = new Cancellation();
    private final CompletableFuture<TaskDisposition> settled = new CompletableFuture<>();
    private final AtomicInteger restarts = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private boolean restartWhenStuck;

    @AfterEach
    void endEngines() {
        mayEnd.countDown();
    }

    @Test
    void startAndEndOfATaskAreReported() throws Exception {
        assertThat(handle(run -> ScriptedTaskLogic.MADE)).isEqualTo(TaskDisposition.ACCEPT);

        assertThat(told.events()).hasSize(2);
        assertThat(told.events().get(0)).isInstanceOf(TaskStarted.class);
        var succeeded = told.events(TaskSucceeded.class).get(0);
        assertThat(succeeded.images()).containsExactly(Samples.IMAGE);
        assertThat(succeeded.engineMillis()).isEqualTo(7);
    }

    @Test
    void whatAnEngineGivesOrThrowsComesBackFromItsThread() throws Exception {
        assertThat(handle(run -> run.draw(() -> ScriptedTaskLogic.MADE))).isEqualTo(TaskDisposition.ACCEPT);
        handle(run -> run.draw(() -> {
            throw new UnsupportedOperationException();
        }));
        handle(run -> run.draw(() -> {
            throw new OutOfMemoryError("in a test");
        }));

        assertThat(told.events(TaskSucceeded.class)).hasSize(1);
        assertThat(told.events(TaskFailed.class))
                .extracting(failed -> failed.failure().code())
                .containsExactly(Failure.Code.REQUEST_REJECTED, Failure.Code.OUT_OF_MEMORY);
    }

    @Test
    void errorsAndSurprisesAreFailuresOfTheEngine() throws Exception {
        handle(run -> {
            throw new NoClassDefFoundError("gone");
        });
        handle(run -> {
            throw new IllegalStateException("a secret");
        });

        assertThat(told.events(TaskFailed.class))
                .hasSize(2)
                .allSatisfy(failed -> assertThat(failed.failure().code()).isEqualTo(Failure.Code.ENGINE_ERROR))
                .allSatisfy(failed -> assertThat(failed.failure().message()).doesNotContain("secret"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void nameOfAServerIsLoggedAndNotReported(CapturedOutput log) throws Exception {
        handle(run -> {
            throw new UnsupportedOperationException("Unsupported.", new ConnectException("gpu-7 is not there"));
        });

        assertThat(told.events(TaskFailed.class).get(0).failure().message()).doesNotContain("gpu-7");
        assertThat(log).contains("Unsupported. (java.net.ConnectException: gpu-7 is not there)");
    }

    @Test
    void canceledTaskIsReportedWhenItsEngineIsIdle() throws Exception {
        var idle = new CountDownLatch(1);
        var verdict = handling(run -> run.draw(() -> {
            begun.countDown();
            run.cancellation().await(PATIENCE);
            idle.countDown();
            throw new IllegalStateException("as engines do that are stopped");
        }));
        awaitZero(begun);

        cancellation.request(CancellationRequest.receivedNow(PATIENCE));

        assertThat(verdict).succeedsWithin(PATIENCE).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(idle.getCount()).isZero();
        var canceled = canceled();
        assertThat(canceled.freedBy()).isEqualTo("engine");
        assertThat(canceled.freedAfterMillis()).isBetween(0L, PATIENCE.toMillis());
        assertThat(canceled.attempt()).isEqualTo(2);
    }

    @Test
    void engineThatEndsAlthoughItWasRecalledIsNotKept() throws Exception {
        var verdict = handling(run -> run.draw(() -> {
            begun.countDown();
            run.cancellation().await(PATIENCE);
            return ScriptedTaskLogic.MADE;
        }));
        awaitZero(begun);

        cancellation.request(CancellationRequest.receivedNow(PATIENCE));

        assertThat(verdict).succeedsWithin(PATIENCE).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(canceled().freedBy()).isEqualTo("engine");
    }

    @Test
    void cancellationAfterTheEngineComesTooLate() throws Exception {
        var verdict = handle(run -> {
            var made = run.draw(() -> ScriptedTaskLogic.MADE);
            cancellation.request(CancellationRequest.receivedNow(PATIENCE));
            return made;
        });

        assertThat(verdict).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(told.events()).last().isInstanceOf(TaskSucceeded.class);
    }

    @Test
    void taskThatIsStoppedWithItsProcessIsGivenBackWithoutAReport() throws Exception {
        var verdict = handling(run -> run.draw(() -> {
            begun.countDown();
            run.cancellation().await(PATIENCE);
            throw new TaskInterrupted();
        }));
        awaitZero(begun);

        cancellation.request();

        assertThat(verdict).succeedsWithin(PATIENCE).isEqualTo(TaskDisposition.RELEASE);
        assertThat(told.events()).hasOnlyElementsOfType(TaskStarted.class);
    }

    @Test
    void taskThatIsCanceledBeforeItsStartIsNotBegun() throws Exception {
        cancellation.request(CancellationRequest.receivedNow(PATIENCE));

        assertThat(handle(run -> ScriptedTaskLogic.MADE)).isEqualTo(TaskDisposition.ACCEPT);

        assertThat(told.events()).hasOnlyElementsOfType(TaskCanceled.class).hasSize(1);
    }

    @Test
    void deafEngineIsInterrupted() throws Exception {
        var verdict = handling(run -> run.draw(() -> {
            begun.countDown();
            mayEnd.await();
            return ScriptedTaskLogic.MADE;
        }));
        awaitZero(begun);

        cancellation.request(CancellationRequest.receivedNow(Duration.ofMillis(50)));

        assertThat(verdict).succeedsWithin(PATIENCE).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(canceled().freedBy()).isEqualTo("interrupt");
        assertThat(canceled().freedAfterMillis()).isGreaterThanOrEqualTo(50);
    }

    @Test
    void engineThatNothingStopsIsGivenUpAndKeepsItsPlace() throws Exception {
        var verdict = handling(run -> run.draw(this::numb));
        awaitZero(begun);

        cancellation.request(CancellationRequest.receivedNow(Duration.ofMillis(50)));

        assertThat(settled).succeedsWithin(PATIENCE).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(canceled().freedAfterMillis()).isNull();
        assertThat(verdict).isNotDone();
        assertThat(restarts).hasValue(0);
        mayEnd.countDown();
        assertThat(verdict).succeedsWithin(PATIENCE).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(told.events(TaskSucceeded.class)).isEmpty();
    }

    @Test
    void engineThatNothingStopsEndsAProcessThatMayRestart() throws Exception {
        restartWhenStuck = true;
        var verdict = handling(run -> run.draw(this::numb));
        awaitZero(begun);

        cancellation.request(CancellationRequest.receivedNow(Duration.ofMillis(50)));

        await().atMost(PATIENCE).until(() -> restarts.get() == 1);
        assertThat(canceled().freedBy()).isEqualTo("restart");
        assertThat(canceled().freedAfterMillis()).isGreaterThanOrEqualTo(50);
        // Before it has ended nothing may have been accepted: whoever gets the order leaves it alone.
        assertThat(settled).isNotDone();
        assertThat(verdict).succeedsWithin(PATIENCE).isEqualTo(TaskDisposition.RELEASE);
    }

    @Test
    void canceledTaskThatCannotBeReportedIsGivenBack() throws Exception {
        var verdict = handling(run -> run.draw(() -> {
            begun.countDown();
            run.cancellation().await(PATIENCE);
            return ScriptedTaskLogic.MADE;
        }));
        awaitZero(begun);
        told.goDown();

        cancellation.request(CancellationRequest.receivedNow(PATIENCE));

        assertThat(verdict).succeedsWithin(PATIENCE).isEqualTo(TaskDisposition.RELEASE);
    }

    @Test
    void waitForTheStoreIsToldAndEndsWhenTheJobIsCanceled() throws Exception {
        var verdict = handling(run -> {
            begun.countDown();
            run.waitForStore(PATIENCE);
            return ScriptedTaskLogic.MADE;
        });
        awaitZero(begun);

        cancellation.request(CancellationRequest.receivedNow(PATIENCE));

        assertThat(verdict).succeedsWithin(PATIENCE).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(canceled().freedBy()).isEqualTo("engine");
        assertThat(told.progress()).extracting(TaskProgress::phase).containsExactly("waiting for the store");
    }

    private TaskCanceled canceled() {
        assertThat(told.events()).hasSize(2).first().isInstanceOf(TaskStarted.class);
        return told.events(TaskCanceled.class).get(0);
    }

    /** Neither hears a cancellation nor an interrupt. */
    private TaskOutput numb() {
        begun.countDown();
        while (true) {
            try {
                mayEnd.await();
                return ScriptedTaskLogic.MADE;
            } catch (InterruptedException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    private TaskDisposition handle(ScriptedTaskLogic.Script script) throws Exception {
        return handling(script).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<TaskDisposition> handling(ScriptedTaskLogic.Script script) {
        var properties =
                new WorkerProperties(Duration.ofMillis(200), restartWhenStuck, Duration.ZERO, Duration.ofSeconds(5));
        var handler = new ReportingTaskHandler<>(
                new ScriptedTaskLogic(script), told, () -> Samples.AT, properties, restarts::incrementAndGet);
        var order = Samples.requested("default", "generate");
        var lease = new Lease<GenerationRequested>(order, "a-topic", 2, 2, cancellation, settled::complete);
        var verdict = new CompletableFuture<TaskDisposition>();
        new Thread(() -> {
                    try {
                        verdict.complete(handler.handle(lease));
                    } catch (InterruptedException | RuntimeException | Error e) {
                        verdict.completeExceptionally(e);
                    }
                })
                .start();
        return verdict;
    }

    private static void awaitZero(CountDownLatch latch) {
        await().atMost(PATIENCE).until(() -> latch.getCount() == 0);
    }
}
