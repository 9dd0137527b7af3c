package io.atelier.gateway.api.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.atelier.storage.ObjectContent;
import io.atelier.storage.ObjectStoreFailed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class ObjectDownloadTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Scheduler io = Schedulers.newBoundedElastic(2, 100, "download-tests");
    private final AtomicInteger closedCount = new AtomicInteger();
    private final CompletableFuture<ObjectContent> opening = new CompletableFuture<>();
    private final ObjectDownload download = new ObjectDownload(opening, io, closedCount::incrementAndGet);
    private final Stream stream = new Stream();

    @AfterEach
    void stop() {
        stream.proceed.countDown();
        io.dispose();
    }

    @Test
    void contentIsReadAndClosedOnce() throws IOException {
        stream.proceed.countDown();
        opening.complete(new ObjectContent(stream, 3));

        assertThat(download.length().block(TIMEOUT)).isEqualTo(3);
        assertThat(download.read(2)).containsExactly(1, 2);
        assertThat(download.read(2)).containsExactly(3);
        download.close();
        download.close();

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(closedCount).hasValue(1));
        assertThat(stream.closed).hasValue(1);
    }

    @Test
    void closeWaitsForTheReader() throws Exception {
        opening.complete(new ObjectContent(stream, 3));
        var reading = CompletableFuture.supplyAsync(this::read);
        assertThat(stream.started.await(10, TimeUnit.SECONDS)).isTrue();

        download.close();
        // Runs after everything that the close has scheduled.
        assertThat(CompletableFuture.runAsync(() -> {}, io::schedule)).succeedsWithin(TIMEOUT);

        assertThat(stream.closed).hasValue(0);
        stream.proceed.countDown();
        assertThat(reading).succeedsWithin(TIMEOUT);
        assertThat(stream.closed).hasValue(1);
        assertThat(closedCount).hasValue(1);
    }

    @Test
    void contentThatArrivesAfterTheCloseIsClosed() throws IOException {
        download.close();
        assertThat(closedCount).hasValue(0);

        opening.complete(new ObjectContent(stream, 3));

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(closedCount).hasValue(1));
        assertThat(stream.closed).hasValue(1);
        assertThat(download.read(2)).isEmpty();
        assertThat(stream.started.getCount()).isEqualTo(1);
    }

    @Test
    void contentThatCannotBeOpenedEndsTheDownload() {
        opening.completeExceptionally(new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "down"));

        assertThatThrownBy(() -> download.length().block(TIMEOUT)).isInstanceOf(ObjectStoreFailed.class);
        download.close();
        assertThat(closedCount).hasValue(1);
    }

    @Test
    void downloadIsClosedAlsoWhenTheGatewayStops() {
        opening.complete(new ObjectContent(stream, 3));
        io.dispose();

        download.close();

        assertThat(stream.closed).hasValue(1);
        assertThat(closedCount).hasValue(1);
    }

    private byte[] read() {
        try {
            return download.read(2);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Three bytes whose first read waits for the test. */
    private static final class Stream extends InputStream {

        private final ByteArrayInputStream bytes = new ByteArrayInputStream(new byte[] {1, 2, 3});
        private final CountDownLatch started = new CountDownLatch(1);
        private final CountDownLatch proceed = new CountDownLatch(1);
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            started.countDown();
            try {
                if (!proceed.await(10, TimeUnit.SECONDS)) {
                    throw new IOException("The test did not continue");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
            return bytes.read(target, offset, length);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
