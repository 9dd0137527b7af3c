package io.atelier.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.atelier.worker.cancellation.Cancellation;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

@Timeout(60)
class EngineThreadTests {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void threadIsUsedAgainWithoutTheInterruptAndTheLogContextOfTheRunBefore() throws Exception {
        MDC.put("job", "gen_1");
        var first = interruptedRun();
        MDC.clear();

        // Another thread may be free first.
        await().until(() -> run(Thread::currentThread) == first);
        assertThat(run(() -> Thread.currentThread().isInterrupted())).isFalse();
        assertThat(run(() -> MDC.get("job") == null)).isTrue();
    }

    @Test
    void logContextIsThatOfTheCaller() throws Exception {
        MDC.put("job", "gen_2");
        try {
            assertThat(run(() -> MDC.get("job"))).isEqualTo("gen_2");
        } finally {
            MDC.clear();
        }
    }

    @Test
    void interruptedCallerInterruptsItsEngineOnly() throws Exception {
        var other = new CompletableFuture<Boolean>();
        var started = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var otherCaller = new Thread(() -> {
            try {
                other.complete(run(() -> {
                    started.countDown();
                    release.await();
                    return Thread.currentThread().isInterrupted();
                }));
            } catch (Exception e) {
                other.completeExceptionally(e);
            }
        });
        otherCaller.start();
        started.await();
        var ended = new CompletableFuture<Boolean>();

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> run(() -> {
                    try {
                        never.await();
                        return ended.complete(false);
                    } catch (InterruptedException e) {
                        return ended.complete(true);
                    }
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(ended).succeedsWithin(GRACE).isEqualTo(true);
        release.countDown();
        assertThat(other).succeedsWithin(GRACE).isEqualTo(false);
    }

    /** Returns the thread of a run that did not stop until it was interrupted, and that set its interrupt again, as it should. */
    private Thread interruptedRun() {
        var cancellation = new Cancellation();
        var thread = new CompletableFuture<Thread>();
        var run = new EngineThread<>(
                () -> {
                    cancellation.request(Cancellation.Request.receivedNow(Duration.ofMillis(1)));
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    thread.complete(Thread.currentThread());
                    return thread;
                },
                cancellation,
                GRACE);
        assertThatThrownBy(run::result).isInstanceOf(TaskInterrupted.class);
        return thread.join();
    }

    private static <R> R run(Callable<R> engine) throws InterruptedException {
        return new EngineThread<>(engine, new Cancellation(), GRACE).result();
    }
}
