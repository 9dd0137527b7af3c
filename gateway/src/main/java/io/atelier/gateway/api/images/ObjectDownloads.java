package io.atelier.gateway.api.images;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.storage.ObjectContent;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStore.ByteRange;
import io.atelier.storage.ObjectStoreFailed;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.channel.AbortedException;

/** Streams objects out of the store, a bounded number at once, on threads that may block. */
public final class ObjectDownloads implements Disposable {

    private static final int CHUNK = 16 * 1024;

    private final ObjectStore store;
    private final ImageProperties properties;
    private final Semaphore free;
    private final Scheduler io;

    public ObjectDownloads(ObjectStore store, ImageProperties properties) {
        this.store = store;
        this.properties = properties;
        this.free = new Semaphore(properties.maxDownloads());
        // A thread more than there are downloads, so that a close never waits behind one.
        this.io = Schedulers.newBoundedElastic(properties.maxDownloads() + 1, 10_000, "downloads");
    }

    /**
     * Sends the bytes of an object. Fails before the answer has begun, with a {@link Problem} or {@link ObjectStoreFailed}, if there is no
     * room or the object cannot be opened or is not as long as it should be.
     */
    Mono<Void> send(ObjectKey key, RangeRequest range, ServerHttpResponse response) {
        return Mono.defer(() -> {
            if (!free.tryAcquire()) {
                return Mono.error(full());
            }
            var ends = new AtomicInteger(2);
            Runnable ended = () -> {
                // The client has it all, or is gone, and the store's stream is closed.
                if (ends.decrementAndGet() == 0) {
                    free.release();
                }
            };
            var download = new ObjectDownload(open(key, range.whole() ? null : range.bytes()), io, ended);
            long expected = range.bytes().length();
            var bytes = download.length()
                    .flatMapMany(length -> length == expected
                            ? chunks(download, length, response.bufferFactory())
                            : Flux.error(changed(key, expected, length)))
                    .doFinally(end -> download.close());
            return response.writeWith(bytes)
                    .timeout(properties.longest(expected))
                    .onErrorMap(TimeoutException.class, late -> tooSlow(key, response.isCommitted()))
                    .doFinally(end -> ended.run());
        });
    }

    @Override
    public void dispose() {
        io.dispose();
    }

    private CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        try {
            return store.open(key, range);
        } catch (RuntimeException e) {
            // A place among the downloads was taken: it has to be given back in one way only.
            return CompletableFuture.failedFuture(e);
        }
    }

    private Flux<DataBuffer> chunks(ObjectDownload download, long length, DataBufferFactory buffers) {
        return Flux.<DataBuffer, Long>generate(() -> length, (left, sink) -> {
                    try {
                        var bytes = download.read((int) Math.min(CHUNK, left));
                        long rest = left - bytes.length;
                        if (bytes.length == 0) {
                            sink.error(
                                    new EOFException("The content of the store ended %d bytes early".formatted(left)));
                            return left;
                        }
                        sink.next(buffers.wrap(bytes));
                        if (rest == 0) {
                            sink.complete();
                        }
                        return rest;
                    } catch (IOException e) {
                        sink.error(e);
                        return left;
                    }
                })
                .subscribeOn(io);
    }

    private static Problem full() {
        return new Problem(ProblemKind.OVERLOADED, "As many pictures as the gateway sends at once are on their way.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static ObjectStoreFailed changed(ObjectKey key, long expected, long found) {
        return new ObjectStoreFailed(
                ObjectStoreFailed.Kind.REFUSED,
                "The store has %d bytes of %s where there should be %d".formatted(found, key, expected));
    }

    private static RuntimeException tooSlow(ObjectKey key, boolean begun) {
        return begun
                ? new AbortedException("The client of %s took its bytes too slowly".formatted(key))
                : new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "Opening %s took too long".formatted(key));
    }
}
