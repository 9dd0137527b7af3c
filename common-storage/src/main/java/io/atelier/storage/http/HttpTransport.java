package io.atelier.storage.http;

import io.minio.Http;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** The connections and threads of one object store's clients. Thread-safe. */
public final class HttpTransport implements AutoCloseable {

    private static final int REQUESTS_AT_ONCE = 128;
    private static final int IDLE_CONNECTIONS = 64;

    private final ExecutorService threads;
    private final OkHttpClient streams;
    private final OkHttpClient calls;

    private HttpTransport(OkHttpClient base, Duration connect, Duration silence, Duration call) {
        this.threads = threads();
        var dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(REQUESTS_AT_ONCE);
        dispatcher.setMaxRequestsPerHost(REQUESTS_AT_ONCE);
        var builder = base.newBuilder()
                .protocols(List.of(Protocol.HTTP_1_1))
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 1, TimeUnit.MINUTES))
                .socketFactory(new NoDelaySockets())
                .connectTimeout(connect)
                .readTimeout(silence)
                .writeTimeout(silence);
        // It would sleep between attempts on a thread that other requests need. FurtherAttempts waits without a thread.
        builder.interceptors().removeIf(Http.StatusRetryInterceptor.class::isInstance);
        this.streams = builder.build();
        this.calls = streams.newBuilder().callTimeout(call).build();
    }

    /**
     * Opens no connection yet.
     *
     * @param connect how long to wait for a connection
     * @param silence the longest pause within a transfer, in either direction
     * @param call the longest that a call of {@link #calls()} may take altogether
     */
    public static HttpTransport to(URI server, Duration connect, Duration silence, Duration call) {
        // The S3 client's own one heeds SSL_CERT_FILE. To read all certificates takes up to a second, for nothing
        // without TLS.
        var base = "https".equals(server.getScheme()) ? Http.newDefaultClient() : new OkHttpClient();
        return new HttpTransport(base, connect, silence, call);
    }

    /** For what is read by somebody at his own pace: without a limit for the whole. */
    public OkHttpClient streams() {
        return streams;
    }

    /** For what is over when it is answered. */
    public OkHttpClient calls() {
        return calls;
    }

    /** Drops all connections, those in use included. */
    @Override
    public void close() {
        streams.dispatcher().cancelAll();
        threads.shutdown();
        streams.connectionPool().evictAll();
    }

    private static ExecutorService threads() {
        var number = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            var thread = new Thread(task, "object-store-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
