package io.atelier.standalone.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.storage.ObjectContent;
import io.atelier.storage.ObjectStoreFailed;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DiskCallsTests {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final DiskCalls calls = new DiskCalls();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch disk = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    @AfterEach
    void close() {
        disk.countDown();
        calls.close();
    }

    @Test
    void failsACallThatTakesTooLong() {
        var call = calls.start("put jobs/0.png", Duration.ofMillis(10), this::awaitDisk);

        var failure = call.handle((value, thrown) -> thrown).join();

        assertThat(failure)
                .isInstanceOf(ObjectStoreFailed.class)
                .hasMessageContaining("could not put jobs/0.png now: the disk did not respond");
    }

    @Test
    void closesAContentThatArrivesTooLate() throws InterruptedException {
        CompletableFuture<ObjectContent> call;
        do {
            // One that times out before its turn is not made.
            call = calls.start("open jobs/0.png", Duration.ofMillis(10), this::openAfterTheDisk);
            assertThat(call.handle((value, thrown) -> thrown).join()).isInstanceOf(ObjectStoreFailed.class);
        } while (started.getCount() > 0);

        disk.countDown();

        closed.await();
        assertThat(call).isCompletedExceptionally();
    }

    @Test
    void closesAContentThatArrivesAfterItsCallWasCancelled() throws InterruptedException {
        var call = calls.start("open jobs/0.png", MINUTE, this::openAfterTheDisk);

        started.await();
        call.cancel(false);
        disk.countDown();

        closed.await();
        assertThat(call).isCancelled();
    }

    private String awaitDisk() {
        try {
            started.countDown();
            disk.await();
            return "done";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private ObjectContent openAfterTheDisk() {
        awaitDisk();
        return new ObjectContent(
                new ByteArrayInputStream(new byte[1]) {
                    @Override
                    public void close() {
                        closed.countDown();
                    }
                },
                1);
    }
}
