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

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Scheduler io = Schedulers.newBoundedElastic(2, 100, "download-tests");
    private final AtomicInteger afterwards = new AtomicInteger();
    private final CompletableFuture<ObjectContent> opening = new CompletableFuture<>();
    private final ObjectDownload download = new ObjectDownload(opening, io, afterwards::incrementAndGet);
    private final Stream stream = new Stream();

    @AfterEach
    void stop() {
        stream.goOn.countDown();
        io.dispose();
    }

    @Test
    void contentIsReadAndClosedOnce() throws IOException {
        stream.goOn.countDown();
        opening.complete(new ObjectContent(stream, 3));

        assertThat(download.length().block(PATIENCE)).isEqualTo(3);
        assertThat(download.read(2)).containsExactly(1, 2);
        assertThat(download.read(2)).containsExactly(3);
        download.close();
        download.close();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(afterwards).hasValue(1));
        assertThat(stream.closed).hasValue(1);
    }

    @Test
    void closingWaitsForTheReader() throws Exception {
        opening.complete(new ObjectContent(stream, 3));
        var reading = CompletableFuture.supplyAsync(this::read);
        assertThat(stream.begun.await(10, TimeUnit.SECONDS)).isTrue();

        download.close();
        // Whatever the close has scheduled runs before this does.
        assertThat(CompletableFuture.runAsync(() -> {}, io::schedule)).succeedsWithin(PATIENCE);

        assertThat(stream.closed).hasValue(0);
        stream.goOn.countDown();
        assertThat(reading).succeedsWithin(PATIENCE);
        assertThat(stream.closed).hasValue(1);
        assertThat(afterwards).hasValue(1);
    }

    @Test
    void contentThatComesTooLateIsClosed() throws IOException {
        download.close();
        assertThat(afterwards).hasValue(0);

        opening.complete(new ObjectContent(stream, 3));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(afterwards).hasValue(1));
        assertThat(stream.closed).hasValue(1);
        assertThat(download.read(2)).isEmpty();
        assertThat(stream.begun.getCount()).isEqualTo(1);
    }

    @Test
    void contentThatNeverComesEndsTheDownload() {
        opening.completeExceptionally(new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "down"));

        assertThatThrownBy(() -> download.length().block(PATIENCE)).isInstanceOf(ObjectStoreFailed.class);
        download.close();
        assertThat(afterwards).hasValue(1);
    }

    @Test
    void downloadIsClosedEvenWhenTheGatewayStops() {
        opening.complete(new ObjectContent(stream, 3));
        io.dispose();

        download.close();

        assertThat(stream.closed).hasValue(1);
        assertThat(afterwards).hasValue(1);
    }

    private byte[] read() {
        try {
            return download.read(2);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Three bytes that come when the test says so. */
    private static final class Stream extends InputStream {

        private final ByteArrayInputStream bytes = new ByteArrayInputStream(new byte[] {1, 2, 3});
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            begun.countDown();
            try {
                if (!goOn.await(10, TimeUnit.SECONDS)) {
                    throw new IOException("The test never went on");
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
