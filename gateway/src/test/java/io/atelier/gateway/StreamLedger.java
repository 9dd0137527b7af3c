package io.atelier.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import reactor.core.scheduler.Schedulers;

/** Watches streams that must not be read and closed at once, read after they were closed, or touched by an event loop. */
final class StreamLedger {

    private static final long SLOWNESS_NANOS = 1_000_000;

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final Queue<String> misuses = new ConcurrentLinkedQueue<>();

    InputStream watch(InputStream bytes) {
        opened.incrementAndGet();
        return new WatchedStream(bytes);
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

    /** A stream that is slow enough for races to happen. */
    private final class WatchedStream extends InputStream {

        private final InputStream bytes;
        private final AtomicBoolean busy = new AtomicBoolean();
        private volatile boolean ended;

        WatchedStream(InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            enter("read");
            try {
                LockSupport.parkNanos(SLOWNESS_NANOS);
                return bytes.read(target, offset, Math.min(length, 16 * 1024));
            } finally {
                busy.set(false);
            }
        }

        @Override
        public void close() {
            enter("closed");
            busy.set(false);
            if (ended) {
                misuses.add("closed twice");
            }
            ended = true;
            closed.incrementAndGet();
        }

        private void enter(String what) {
            if (!busy.compareAndSet(false, true)) {
                misuses.add(what + " while in use");
            }
            if (ended && what.equals("read")) {
                misuses.add("read after close");
            }
            if (Schedulers.isInNonBlockingThread()) {
                misuses.add(what + " on an event loop");
            }
        }
    }
}
