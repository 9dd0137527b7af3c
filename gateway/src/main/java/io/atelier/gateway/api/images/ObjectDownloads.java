package io.atelier.gateway.api.images;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.storage.ObjectContent;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStore.ByteRange;
import io.atelier.storage.ObjectStoreFailed;
import io.netty.channel.socket.DuplexChannel;
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
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.channel.AbortedException;

/** Streams objects from the store to clients, on threads that may block. Limits the number of downloads. Thread-safe. */
public final class ObjectDownloads implements Disposable {

    private static final int CHUNK_BYTES = 16 * 1024;

    private final ObjectStore store;
    private final ImageProperties properties;
    private final Semaphore free;
    private final Scheduler io;

    public ObjectDownloads(ObjectStore store, ImageProperties properties) {
        this.store = store;
        this.properties = properties;
        this.free = new Semaphore(properties.maxDownloads());
        // One thread more than downloads, so that a close never waits for one.
        this.io = Schedulers.newBoundedElastic(properties.maxDownloads() + 1, 10_000, "downloads");
    }

    /**
     * Sends the bytes of an object. Fails before the response was started, with a {@link Problem} or {@link ObjectStoreFailed}, if there are too
     * many downloads, or if the object cannot be opened or has another length.
     *
     * @param range the part to send; null for the whole object
     * @param expected the number of bytes to send
     */
    Mono<Void> send(ObjectKey key, @Nullable ByteRange range, long expected, ServerHttpResponse response) {
        return Mono.defer(() -> {
            if (!free.tryAcquire()) {
                return Mono.error(full());
            }
            var ended = place();
            return write(content(key, range, expected, response.bufferFactory(), ended), response)
                    .timeout(properties.timeout(expected))
                    .onErrorMap(TimeoutException.class, late -> tooSlow(key, response.isCommitted()))
                    .doFinally(end -> ended.run());
        });
    }

    /** How many downloads there can be at a time. */
    public int places() {
        return properties.maxDownloads();
    }

    /**
     * The bytes of a whole object, for a response that has other bytes around them. Fails like {@link #send}, before its first bytes if the object
     * cannot be opened. It takes one of the places of downloads as long as it is subscribed to.
     *
     * @param expected the number of bytes
     */
    public Flux<DataBuffer> read(ObjectKey key, long expected, DataBufferFactory buffers) {
        return Flux.defer(() -> {
            if (!free.tryAcquire()) {
                return Flux.error(full());
            }
            var ended = place();
            return content(key, null, expected, buffers, ended).doFinally(end -> ended.run());
        });
    }

    /**
     * The bytes of a whole object as one of many in a long response, like {@link #read}. Fails if the client takes them more slowly than images must be
     * taken: without that, a client that stops reading would keep the place until the time of the whole response is over.
     */
    public Flux<DataBuffer> readInTime(ObjectKey key, long expected, DataBufferFactory buffers) {
        return read(key, expected, buffers)
                .takeUntilOther(Mono.delay(properties.timeout(expected))
                        .then(Mono.error(() -> new AbortedException("The client read %s too slowly".formatted(key)))));
    }

    /**
     * Writes a response that contains objects. It is aborted if the client takes it more slowly than images must be taken.
     *
     * @param bytes the length of the body
     */
    public Mono<Void> write(Flux<DataBuffer> body, long bytes, ServerHttpResponse response) {
        return write(body, response)
                .timeout(properties.timeout(bytes))
                .onErrorMap(
                        TimeoutException.class,
                        late -> response.isCommitted()
                                ? new AbortedException("The client read the images too slowly")
                                : new ObjectStoreFailed(
                                        ObjectStoreFailed.Kind.UNAVAILABLE, "Opening the images took too long"));
    }

    /** Reactor Netty completes a response whose client has disconnected in the middle as if all of it was sent. */
    private static Mono<Void> write(Flux<DataBuffer> body, ServerHttpResponse response) {
        return response.writeWith(body)
                .then(Mono.defer(() -> isConnected(response)
                        ? Mono.empty()
                        : Mono.error(
                                new AbortedException("The client disconnected before it had all of the response"))));
    }

    /** A client that has closed its side only may be gone: that looks the same. */
    private static boolean isConnected(ServerHttpResponse response) {
        Object exchange = ServerHttpResponseDecorator.getNativeResponse(response);
        if (!(exchange instanceof Connection connection)) {
            return true;
        }
        var channel = connection.channel();
        return channel.isActive() && !(channel instanceof DuplexChannel client && client.isInputShutdown());
    }

    /** A place is free again when the response was written or aborted, and the stream of the store is closed: when this has run twice. */
    private Runnable place() {
        var pending = new AtomicInteger(2);
        return () -> {
            if (pending.decrementAndGet() == 0) {
                free.release();
            }
        };
    }

    private Flux<DataBuffer> content(
            ObjectKey key, @Nullable ByteRange range, long expected, DataBufferFactory buffers, Runnable closed) {
        var download = new ObjectDownload(open(key, range), io, closed);
        return download.length()
                .flatMapMany(length -> length == expected
                        ? chunks(download, length, buffers)
                        : Flux.error(changed(key, expected, length)))
                .doFinally(end -> download.close());
    }

    @Override
    public void dispose() {
        io.dispose();
    }

    private CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        try {
            return store.open(key, range);
        } catch (RuntimeException e) {
            // The future is the only way in which the place among the downloads is given back.
            return CompletableFuture.failedFuture(e);
        }
    }

    private Flux<DataBuffer> chunks(ObjectDownload download, long length, DataBufferFactory buffers) {
        return Flux.<DataBuffer, Long>generate(() -> length, (remaining, sink) -> {
                    try {
                        var bytes = download.read((int) Math.min(CHUNK_BYTES, remaining));
                        long rest = remaining - bytes.length;
                        if (bytes.length == 0) {
                            sink.error(new EOFException(
                                    "The content of the store ended %d bytes early".formatted(remaining)));
                            return remaining;
                        }
                        sink.next(buffers.wrap(bytes));
                        if (rest == 0) {
                            sink.complete();
                        }
                        return rest;
                    } catch (IOException e) {
                        sink.error(e);
                        return remaining;
                    }
                })
                .subscribeOn(io);
    }

    private static Problem full() {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "The gateway is sending the highest number of images at the same time. Try again in a second.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static ObjectStoreFailed changed(ObjectKey key, long expected, long found) {
        return new ObjectStoreFailed(
                ObjectStoreFailed.Kind.REFUSED,
                "The store has %d bytes of %s; expected were %d".formatted(found, key, expected));
    }

    private static RuntimeException tooSlow(ObjectKey key, boolean isStarted) {
        return isStarted
                ? new AbortedException("The client read %s too slowly".formatted(key))
                : new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "Opening %s took too long".formatted(key));
    }
}
