package io.atelier.gateway.api.images;

import io.atelier.storage.ObjectContent;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The content of an object while it is sent to a client. It is closed exactly once and never while it is read: if one thread closes a stream
 * of the HTTP client while another reads it, the connection may be used for another request with bytes still in it.
 *
 * <p>Thread-safe. If the download is closed during a read, the reading thread closes the content; content that arrives after that is closed
 * at once.
 */
final class ObjectDownload {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectDownload.class);

    private final CompletableFuture<ObjectContent> opening;
    private final Scheduler io;
    private final Runnable onClosed;

    private @Nullable ObjectContent content;
    private boolean reading;
    private boolean closing;
    private boolean closed;

    /** @param onClosed runs once, when the content is closed or could not be opened */
    ObjectDownload(CompletableFuture<ObjectContent> opening, Scheduler io, Runnable onClosed) {
        this.io = io;
        this.onClosed = onClosed;
        this.opening = opening.whenComplete(this::opened);
    }

    /** The length of the content, once it is open. */
    Mono<Long> length() {
        return Mono.fromFuture(opening, true).map(ObjectContent::length);
    }

    /**
     * The next bytes. Blocks: call it on a thread of the scheduler only, by one caller at a time.
     *
     * @param max the number of bytes to read
     * @return fewer than {@code max} only at the end; none if the download was closed
     */
    byte[] read(int max) throws IOException {
        var source = begin();
        if (source == null) {
            return new byte[0];
        }
        try {
            var bytes = new byte[max];
            int count = source.stream().readNBytes(bytes, 0, max);
            return count == max ? bytes : Arrays.copyOf(bytes, count);
        } finally {
            end(source);
        }
    }

    /** Ends the download. Never blocks; idempotent. */
    void close() {
        ObjectContent idle;
        synchronized (this) {
            closing = true;
            idle = reading ? null : content;
        }
        if (idle != null) {
            closeOnScheduler(idle);
        }
    }

    private void opened(@Nullable ObjectContent source, @Nullable Throwable failure) {
        if (source == null) {
            onClosed.run();
            return;
        }
        boolean isClosing;
        synchronized (this) {
            content = source;
            isClosing = closing;
        }
        if (isClosing) {
            closeOnScheduler(source);
        }
    }

    private synchronized @Nullable ObjectContent begin() {
        reading = !closing;
        return reading ? content : null;
    }

    private void end(ObjectContent source) {
        boolean isClosing;
        synchronized (this) {
            reading = false;
            isClosing = closing;
        }
        if (isClosing) {
            closeHere(source);
        }
    }

    private void closeOnScheduler(ObjectContent source) {
        try {
            io.schedule(() -> closeHere(source));
        } catch (RejectedExecutionException stopping) {
            LOG.debug("The gateway is stopping: closing content on the calling thread", stopping);
            closeHere(source);
        }
    }

    private void closeHere(ObjectContent source) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            source.close();
        } catch (IOException e) {
            LOG.debug("Closing content of the store failed", e);
        } finally {
            onClosed.run();
        }
    }
}
