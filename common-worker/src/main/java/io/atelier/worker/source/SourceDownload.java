package io.atelier.worker.source;

import io.atelier.http.PrivateAddress;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.engine.TaskInterrupted;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Fetches files from addresses that clients named and nothing vouches for: from public https addresses only, which are checked again where a
 * redirect leads and when a connection is opened; with limits on length and time. No circuit breaker: the servers have nothing to do with other
 * jobs. Thread-safe. Calls block their thread and can be interrupted.
 */
public final class SourceDownload implements AutoCloseable {

    private final RemoteSourceProperties settings;
    private final OkHttpClient client;

    /** Creates a download; opens no connection. */
    public SourceDownload(RemoteSourceProperties settings) {
        this(settings, Dns.SYSTEM, new OkHttpClient());
    }

    /**
     * Creates a download; opens no connection.
     *
     * @param resolver finds the addresses of hosts
     * @param base what its client is made of
     */
    SourceDownload(RemoteSourceProperties settings, Dns resolver, OkHttpClient base) {
        this.settings = settings;
        var dispatcher = new Dispatcher();
        // The slots of the worker are the limit.
        dispatcher.setMaxRequests(Integer.MAX_VALUE);
        dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
        var plain = base.newBuilder()
                .dispatcher(dispatcher)
                .connectTimeout(settings.timeouts().connectTimeout())
                .readTimeout(settings.timeouts().readTimeout())
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .build();
        this.client = settings.fetchPrivate() ? plain : httpsOnly(new AddressGuard(resolver).guarding(plain));
    }

    /**
     * Fetches a file. Repeats a request that failed because of the network, or with a status from 500 on.
     *
     * @return at most as many bytes as the settings allow
     * @throws DownloadFailed if there is no file, if it is too long, or if it must not be fetched
     * @throws TaskInterrupted if the cancellation was requested; the connection is closed by then
     */
    public byte[] fetch(String address, Cancellation cancellation) throws DownloadFailed, InterruptedException {
        if (!settings.enabled()) {
            throw failed(
                    "this installation fetches no images (ATELIER_FETCH_ADDRESSES is false). Upload the image to /v1/files, and give its 'file_id'.",
                    null);
        }
        @Nullable HttpUrl url = HttpUrl.parse(address);
        if (url == null) {
            throw failed("the address is not a valid http or https URL.", null);
        }
        long end = System.nanoTime() + settings.timeouts().totalTimeout().toNanos();
        for (int repetition = 0; ; repetition++) {
            var limit = shorter(settings.timeouts().callTimeout(), Duration.ofNanos(end - System.nanoTime()));
            try {
                return follow(url, limit, cancellation);
            } catch (DownloadFailed e) {
                var interval = settings.retry().interval(repetition);
                if (!e.isRepeatable()
                        || repetition == settings.retry().maxRetries()
                        || interval.toNanos() >= end - System.nanoTime()) {
                    throw e;
                }
                if (cancellation.await(interval)) {
                    throw new TaskInterrupted();
                }
            }
        }
    }

    /** Cancels all requests and closes all connections. */
    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    private static OkHttpClient httpsOnly(OkHttpClient client) {
        return client.newBuilder()
                .addInterceptor(chain -> {
                    if (!chain.request().isHttps()) {
                        throw new PlainHttp();
                    }
                    return chain.proceed(chain.request());
                })
                .build();
    }

    /** Sends a request and follows its redirects, all within one limit. */
    private byte[] follow(HttpUrl url, Duration limit, Cancellation cancellation)
            throws DownloadFailed, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        var next = url;
        for (int followed = 0; ; followed++) {
            var response = send(next, Duration.ofNanos(end - System.nanoTime()), limit, cancellation);
            var location = response.location();
            if (location.isEmpty()) {
                return response.file();
            }
            try {
                next = Redirects.target(next, location.get(), followed);
            } catch (Redirects.Refused e) {
                throw failed("a redirect %s is not followed.".formatted(e.detail()), e);
            }
        }
    }

    /** @param limit of which {@code remaining} is left */
    private DownloadResponse send(HttpUrl url, Duration remaining, Duration limit, Cancellation cancellation)
            throws DownloadFailed, InterruptedException {
        if (remaining.isNegative() || remaining.isZero()) {
            throw timeout(limit, null);
        }
        var call = client.newCall(new Request.Builder().url(url).build());
        call.timeout().timeout(remaining.toNanos(), TimeUnit.NANOSECONDS);
        var result = new CompletableFuture<DownloadResponse>();
        call.enqueue(new DownloadResponse.Reader(
                result, settings.limits().maxResponse().toBytes()));
        var registration = cancellation.onRequest(() -> result.cancel(false));
        try {
            // The HTTP client has the same limit, but cannot interrupt a resolver that hangs.
            return result.get(remaining.toNanos(), TimeUnit.NANOSECONDS);
        } catch (CancellationException e) {
            throw new TaskInterrupted();
        } catch (TimeoutException e) {
            throw timeout(limit, e);
        } catch (ExecutionException e) {
            throw failed(e.getCause(), limit);
        } finally {
            registration.close();
            call.cancel();
        }
    }

    private DownloadFailed failed(@Nullable Throwable thrown, Duration limit) {
        if (thrown instanceof PrivateAddress) {
            return failed("it is in a private network.", thrown);
        }
        if (thrown instanceof PlainHttp) {
            return failed("it is not at an https address.", thrown);
        }
        if (thrown instanceof DownloadResponse.TooLong) {
            return failed(
                    "the response is longer than %d bytes."
                            .formatted(settings.limits().maxResponse().toBytes()),
                    thrown);
        }
        if (thrown instanceof SocketTimeoutException) {
            boolean connecting =
                    String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT).contains("connect");
            return timeout(
                    connecting
                            ? settings.timeouts().connectTimeout()
                            : settings.timeouts().readTimeout(),
                    thrown);
        }
        // The limit of the whole call.
        if (thrown instanceof InterruptedIOException) {
            return timeout(limit, thrown);
        }
        if (thrown instanceof IOException) {
            return new DownloadFailed(reason(thrown), true, thrown);
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        throw new IllegalStateException(thrown);
    }

    private static DownloadFailed failed(String message, @Nullable Throwable cause) {
        return new DownloadFailed(message, false, cause);
    }

    private static DownloadFailed timeout(Duration limit, @Nullable Throwable cause) {
        var seconds = limit.toMillis() % 1000 == 0
                ? Long.toString(limit.toSeconds())
                : Double.toString(limit.toMillis() / 1000.0);
        return new DownloadFailed("the request timed out after %s s.".formatted(seconds), true, cause);
    }

    private static String reason(Throwable thrown) {
        if (thrown instanceof UnknownHostException) {
            return "the server's name is not known.";
        }
        if (thrown instanceof ConnectException || thrown instanceof NoRouteToHostException) {
            return "the server cannot be reached.";
        }
        return thrown instanceof SSLException
                ? "there is no secure connection to the server."
                : "the connection to the server broke off.";
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** An address is public, but not https. */
    private static final class PlainHttp extends IOException {

        private static final long serialVersionUID = 1L;

        private PlainHttp() {
            super("The address is not https");
        }
    }
}
