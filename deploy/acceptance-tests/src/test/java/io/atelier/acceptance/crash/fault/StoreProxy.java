package io.atelier.acceptance.crash.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the services and the object store: passes everything on unless it is told to be slow, to fail, or to hold an answer back.
 * Thread-safe.
 */
public final class StoreProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int storePort;
    private final Random random;
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicReference<@Nullable Hold> hold = new AtomicReference<>();
    private volatile Mood mood = Mood.WELL;

    private StoreProxy(ServerSocket server, int storePort, long seed) {
        this.server = server;
        this.storePort = storePort;
        this.random = new Random(seed);
    }

    /** A proxy at a port of its own before the store at the given port of this machine. */
    public static StoreProxy to(int storePort, long seed) {
        try {
            var proxy = new StoreProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), storePort, seed);
            new Thread(proxy::accept, "store-proxy").start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on the store seems well, slow or failing. */
    public void be(Mood wanted) {
        mood = wanted;
    }

    /** How many requests met a fault so far. */
    public int faults() {
        return faults.get();
    }

    /**
     * Holds back the store's answer to the next PUT of a wanted path: the object is there, and nobody knows.
     *
     * @return completed with the path when the store has answered that it has the object
     */
    public CompletableFuture<String> holdNextPut(Predicate<String> wanted) {
        var next = new Hold(wanted, new CompletableFuture<>(), new CompletableFuture<>());
        hold.set(next);
        return next.path;
    }

    /** Lets the answer go that was held, and holds no other. */
    public void release() {
        var held = hold.getAndSet(null);
        if (held != null) {
            held.released.complete(null);
        }
    }

    @Override
    public void close() throws IOException {
        release();
        server.close();
    }

    Fate fate() {
        var fate = mood.fate(random);
        if (!fate.equals(Fate.PASS)) {
            faults.incrementAndGet();
        }
        return fate;
    }

    /** Called with an object that the store has just taken, before its client hears of it. */
    void taken(String path) {
        var wanted = hold.get();
        if (wanted != null && wanted.wanted.test(path) && wanted.path.complete(path)) {
            wanted.released.join();
        }
    }

    Socket connectToStore() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), storePort);
    }

    private void accept() {
        try {
            while (true) {
                var connection = new ProxiedConnection(this, server.accept());
                new Thread(connection::serve, "store-proxy-connection").start();
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    /** How the store seems to its clients. */
    public enum Mood {
        /** As it is. */
        WELL,
        /** Each answer takes 0.3 to 3 s longer. */
        SLOW,
        /** About every second request meets an error, a refusal or a broken connection, before or after the store heard of it. */
        FAILING;

        private Fate fate(Random random) {
            return switch (this) {
                case WELL -> Fate.PASS;
                case SLOW -> new Fate(Fate.Kind.PASS, Duration.ofMillis(300 + random.nextInt(2_700)));
                case FAILING -> random.nextBoolean() ? Fate.PASS : Fate.bad(random);
            };
        }
    }

    /** What becomes of one request. */
    record Fate(Kind kind, Duration delay) {

        static final Fate PASS = new Fate(Kind.PASS, Duration.ZERO);

        private static final List<Kind> BAD =
                List.of(Kind.ERROR_500, Kind.REFUSAL_503, Kind.RESET, Kind.DONE_AND_ERROR_500, Kind.DONE_AND_RESET);

        private static Fate bad(Random random) {
            return new Fate(BAD.get(random.nextInt(BAD.size())), Duration.ZERO);
        }

        /** What the client hears. */
        enum Kind {
            PASS,
            ERROR_500,
            REFUSAL_503,
            RESET,
            /** The store does as it was asked, and the client hears an error. */
            DONE_AND_ERROR_500,
            /** The store does as it was asked, and the connection breaks. */
            DONE_AND_RESET
        }
    }

    private static final class Hold {
        private final Predicate<String> wanted;
        private final CompletableFuture<String> path;
        private final CompletableFuture<@Nullable Void> released;

        private Hold(
                Predicate<String> wanted, CompletableFuture<String> path, CompletableFuture<@Nullable Void> released) {
            this.wanted = wanted;
            this.path = path;
            this.released = released;
        }
    }
}
