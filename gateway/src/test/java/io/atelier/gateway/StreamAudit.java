package io.atelier.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import reactor.core.scheduler.Schedulers;

/** Records misuse of streams: concurrent read and close, a read after close, a second close, and any use on an event loop. */
final class StreamAudit {

    private static final long READ_DELAY_NANOS = 1_000_000;

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final Queue<String> misuses = new ConcurrentLinkedQueue<>();

    InputStream audit(InputStream bytes) {
        opened.incrementAndGet();
        return new AuditedStream(bytes);
    }

    int open() {
        return opened.get() - closed.get();
    }

    int opened() {
        return opened.get();
    }

    Queue<String> misuses() {
        return misuses;
    }

    /** A stream whose reads are slow enough for races to happen. */
    private final class AuditedStream extends InputStream {

        private final InputStream bytes;
        private final AtomicBoolean busy = new AtomicBoolean();
        private volatile boolean closedOnce;

        AuditedStream(InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            var buffer = new byte[1];
            return read(buffer, 0, 1) < 0 ? -1 : buffer[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            enter("read");
            try {
                LockSupport.parkNanos(READ_DELAY_NANOS);
                return bytes.read(target, offset, Math.min(length, 16 * 1024));
            } finally {
                busy.set(false);
            }
        }

        @Override
        public void close() {
            enter("closed");
            busy.set(false);
            if (closedOnce) {
                misuses.add("closed twice");
            }
            closedOnce = true;
            closed.incrementAndGet();
        }

        private void enter(String operation) {
            if (!busy.compareAndSet(false, true)) {
                misuses.add(operation + " while in use");
            }
            if (closedOnce && operation.equals("read")) {
                misuses.add("read after close");
            }
            if (Schedulers.isInNonBlockingThread()) {
                misuses.add(operation + " on an event loop");
            }
        }
    }
}
