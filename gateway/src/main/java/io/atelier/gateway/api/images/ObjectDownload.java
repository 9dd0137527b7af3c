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
 * Content of the store on its way to a client, closed exactly once and never while it is read: a stream of an HTTP client that is closed by
 * one thread while another reads it can hand its connection, with bytes still in it, to somebody else's request.
 *
 * <p>Thread-safe. Whoever closes while a read is under way leaves it to the reader to close; content that arrives after that is closed at
 * once.
 */
final class ObjectDownload {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectDownload.class);

    private final CompletableFuture<ObjectContent> opening;
    private final Scheduler io;
    private final Runnable afterwards;

    private @Nullable ObjectContent content;
    private boolean reading;
    private boolean closing;
    private boolean closed;

    /** @param afterwards runs once, when the content is closed or will never come */
    ObjectDownload(CompletableFuture<ObjectContent> opening, Scheduler io, Runnable afterwards) {
        this.io = io;
        this.afterwards = afterwards;
        this.opening = opening.whenComplete(this::arrived);
    }

    /** The length of the content, once it is open. */
    Mono<Long> length() {
        return Mono.fromFuture(opening, true).map(ObjectContent::length);
    }

    /**
     * The next bytes. Blocks: only to be called on a thread of the scheduler, by one caller at a time.
     *
     * @return fewer than asked for at the end only; none if the download was closed
     */
    byte[] read(int most) throws IOException {
        var source = begin();
        if (source == null) {
            return new byte[0];
        }
        try {
            var bytes = new byte[most];
            int count = source.stream().readNBytes(bytes, 0, most);
            return count == most ? bytes : Arrays.copyOf(bytes, count);
        } finally {
            end(source);
        }
    }

    /** Ends the download. Never blocks; safe to call again. */
    void close() {
        ObjectContent idle;
        synchronized (this) {
            closing = true;
            idle = reading ? null : content;
        }
        if (idle != null) {
            closeElsewhere(idle);
        }
    }

    private void arrived(@Nullable ObjectContent opened, @Nullable Throwable failure) {
        if (opened == null) {
            afterwards.run();
            return;
        }
        boolean late;
        synchronized (this) {
            content = opened;
            late = closing;
        }
        if (late) {
            closeElsewhere(opened);
        }
    }

    private synchronized @Nullable ObjectContent begin() {
        reading = !closing;
        return reading ? content : null;
    }

    private void end(ObjectContent source) {
        boolean last;
        synchronized (this) {
            reading = false;
            last = closing;
        }
        if (last) {
            closeHere(source);
        }
    }

    private void closeElsewhere(ObjectContent source) {
        try {
            io.schedule(() -> closeHere(source));
        } catch (RejectedExecutionException stopping) {
            LOG.debug("The gateway is stopping: closing on the calling thread", stopping);
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
            LOG.debug("Content of the store did not close cleanly", e);
        } finally {
            afterwards.run();
        }
    }
}
