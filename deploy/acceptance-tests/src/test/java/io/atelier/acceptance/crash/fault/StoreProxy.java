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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Proxy between the services and the object store: forwards all requests, or delays them, fails them, or holds a response back.
 * Thread-safe.
 */
public final class StoreProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int storePort;
    private final Random random;
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicReference<@Nullable HeldResponse> hold = new AtomicReference<>();
    private final List<StoreWrite> writes = new CopyOnWriteArrayList<>();
    private volatile StoreBehaviour behaviour = StoreBehaviour.NORMAL;

    private StoreProxy(ServerSocket server, int storePort, long seed) {
        this.server = server;
        this.storePort = storePort;
        this.random = new Random(seed);
    }

    /** Starts a proxy on a free port for the store at the given local port. */
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

    /** Sets how the store behaves for its clients from now on. */
    public void setBehaviour(StoreBehaviour behaviour) {
        this.behaviour = behaviour;
    }

    /** The number of requests that were affected by a fault. */
    public int faults() {
        return faults.get();
    }

    /** All writes so far, in order. */
    public List<StoreWrite> writes() {
        return List.copyOf(writes);
    }

    /**
     * Holds the response of the store to the next PUT with a matching path: the object is stored, but its client does not know.
     *
     * @return completed with the path when the store has stored the object
     */
    public CompletableFuture<String> holdNextPut(Predicate<String> pathFilter) {
        var next = new HeldResponse(pathFilter, new CompletableFuture<>(), new CompletableFuture<>());
        hold.set(next);
        return next.path;
    }

    /** Releases the held response, and holds no other. */
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

    RequestFault nextFault() {
        var fault = behaviour.nextFault(random);
        if (!fault.equals(RequestFault.PASS)) {
            faults.incrementAndGet();
        }
        return fault;
    }

    /** Called before a write is forwarded to the store. */
    void onWrite(String path) {
        writes.add(new StoreWrite(path, false));
    }

    /** Called when the store has answered that it has the object, before its client gets the response. */
    void onPresent(String path) {
        writes.add(new StoreWrite(path, true));
    }

    /** Called when the store has stored an object, before its client gets the response. */
    void onStored(String path) {
        var held = hold.get();
        if (held != null && held.pathFilter.test(path) && held.path.complete(path)) {
            held.released.join();
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

    /**
     * A step of the write of an object.
     *
     * @param path with the bucket, as in the request
     * @param isPresent whether the store has answered that it has the object; else the request was about to be forwarded
     */
    public record StoreWrite(String path, boolean isPresent) {}

    /** How the store behaves for its clients. */
    public enum StoreBehaviour {
        /** Without faults. */
        NORMAL,
        /** Each response takes 0.3 to 3 s longer. */
        SLOW,
        /** About half of the requests fail with an error, a refusal or a closed connection, before or after the store has processed them. */
        FAILING;

        private RequestFault nextFault(Random random) {
            return switch (this) {
                case NORMAL -> RequestFault.PASS;
                case SLOW -> new RequestFault(RequestFault.Kind.PASS, Duration.ofMillis(300 + random.nextInt(2_700)));
                case FAILING -> random.nextBoolean() ? RequestFault.PASS : RequestFault.failure(random);
            };
        }
    }

    /** What happens to one request. */
    record RequestFault(Kind kind, Duration delay) {

        static final RequestFault PASS = new RequestFault(Kind.PASS, Duration.ZERO);

        private static final List<Kind> FAILURES =
                List.of(Kind.ERROR_500, Kind.REFUSAL_503, Kind.RESET, Kind.STORED_AND_ERROR_500, Kind.STORED_AND_RESET);

        private static RequestFault failure(Random random) {
            return new RequestFault(FAILURES.get(random.nextInt(FAILURES.size())), Duration.ZERO);
        }

        /** The response to the client. */
        enum Kind {
            PASS,
            ERROR_500,
            REFUSAL_503,
            RESET,
            /** The store processes the request, but the client gets an error. */
            STORED_AND_ERROR_500,
            /** The store processes the request, but the connection is reset. */
            STORED_AND_RESET
        }
    }

    private static final class HeldResponse {
        private final Predicate<String> pathFilter;
        private final CompletableFuture<String> path;
        private final CompletableFuture<@Nullable Void> released;

        private HeldResponse(
                Predicate<String> pathFilter,
                CompletableFuture<String> path,
                CompletableFuture<@Nullable Void> released) {
            this.pathFilter = pathFilter;
            this.path = path;
            this.released = released;
        }
    }
}
