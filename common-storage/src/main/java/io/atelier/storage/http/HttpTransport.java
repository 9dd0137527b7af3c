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

/** The HTTP connections and threads that the S3 clients of one object store share. Thread-safe. */
public final class HttpTransport implements AutoCloseable {

    private static final int MAX_REQUESTS = 128;
    private static final int MAX_IDLE_CONNECTIONS = 64;

    private final ExecutorService threads;
    private final OkHttpClient streams;
    private final OkHttpClient calls;

    private HttpTransport(OkHttpClient base, Duration connect, Duration silence, Duration call) {
        this.threads = threads();
        var dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(MAX_REQUESTS);
        dispatcher.setMaxRequestsPerHost(MAX_REQUESTS);
        var builder = base.newBuilder()
                .protocols(List.of(Protocol.HTTP_1_1))
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(MAX_IDLE_CONNECTIONS, 1, TimeUnit.MINUTES))
                .socketFactory(new NoDelaySockets())
                // A server that is called by https never gets a call over http.
                .followSslRedirects(false)
                .connectTimeout(connect)
                .readTimeout(silence)
                .writeTimeout(silence);
        // This interceptor sleeps between attempts on a thread that other requests need. AsyncRetry waits without a
        // thread.
        builder.interceptors().removeIf(Http.StatusRetryInterceptor.class::isInstance);
        this.streams = builder.build();
        this.calls = streams.newBuilder().callTimeout(call).build();
    }

    /**
     * Creates a transport; it does not connect yet.
     *
     * @param certificates a PEM file, see {@link PrivateAuthority}; empty to trust what the JVM does
     * @param connect limit for establishing a connection
     * @param silence longest pause within a transfer, in either direction
     * @param call limit for each whole call of {@link #calls()}
     */
    public static HttpTransport to(URI server, String certificates, Duration connect, Duration silence, Duration call) {
        return new HttpTransport(client(server, certificates), connect, silence, call);
    }

    private static OkHttpClient client(URI server, String certificates) {
        if (!certificates.isEmpty()) {
            return PrivateAuthority.client(certificates);
        }
        // The client's default supports SSL_CERT_FILE, but loads all certificates, which takes up to a second. Without
        // TLS they are not needed.
        return "https".equals(server.getScheme()) ? Http.newDefaultClient() : new OkHttpClient();
    }

    /** The client for responses that a reader consumes at its own pace: without a limit for the whole call. */
    public OkHttpClient streams() {
        return streams;
    }

    /** The client for all other calls: with a limit for the whole call. */
    public OkHttpClient calls() {
        return calls;
    }

    /** Cancels running calls and closes all connections. */
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
