package io.atelier.generator.provider;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.http.PrivateAddress;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.png.PngImage;
import io.atelier.worker.source.AddressGuard;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Client of the server behind an engine: one HTTP client for all calls, created with the first call, with retries, rate limit, circuit
 * breaker and time limits. Thread-safe. Calls block their thread and can be interrupted.
 */
public final class ProviderClient implements AutoCloseable {

    private final ProviderSettings settings;
    private final Resilience resilience;
    private final DecodingBudget budget;
    private final AddressGuard guard = new AddressGuard(Dns.SYSTEM);
    private @Nullable OkHttpClient client;

    /** @param budget for decoding the images that the server sends */
    ProviderClient(ProviderSettings settings, Resilience resilience, DecodingBudget budget) {
        this.settings = settings;
        this.resilience = resilience;
        this.budget = budget;
    }

    public ProviderSettings settings() {
        return settings;
    }

    /** The state of the circuit breaker, which depends on the last calls. */
    public EngineStatus status() {
        return resilience.status();
    }

    /**
     * Sends a request for images, with retries as the settings say. Each call, repeated and failed ones included, is counted by the run; a
     * redirect is part of its call.
     *
     * @param reader converts a response of any status, or throws what {@link ProviderResponse#failure} returns; the code of that failure decides
     *     whether the call is retried. Called once for each response, on a thread of this client; it may decode images, for which it may have to
     *     wait, and must not block otherwise. Its time is not part of the call timeout
     * @throws GenerationFailed the failure of the last call, if no call succeeded
     * @throws GenerationCanceled if the run was canceled; the connection is closed by then
     */
    public <T> T call(Request request, GenerationRun run, Function<ProviderResponse, T> reader) {
        return call(request, run, line -> {}, reader);
    }

    /**
     * Sends a request to a server that may report progress before its response ends.
     *
     * @param lineListener receives each line of a {@code text/event-stream} response as it arrives, without line end, on a thread that must not
     *     block; a retry starts from the first line again. The response passed to the reader contains all lines
     */
    public <T> T call(
            Request request, GenerationRun run, Consumer<String> lineListener, Function<ProviderResponse, T> reader) {
        return await(
                resilience.protect(
                        exchange(request, lineListener, run.providerCallListener()::onCall), guarded(reader)),
                run);
    }

    /** Sends a request about images that were asked for before, such as for their state; like {@link #call}, but the run does not count it. */
    public <T> T query(Request request, GenerationRun run, Function<ProviderResponse, T> reader) {
        return await(resilience.protect(exchange(request), guarded(reader)), run);
    }

    /**
     * Sends a request once, for queries of progress and for cancellation: it needs no free connection of the engine, is not counted by the
     * circuit breaker and is not retried. Limited by the call timeout.
     */
    public <T> T callOnce(Request request, GenerationRun run, Function<ProviderResponse, T> reader) {
        return callOnce(request, run, settings.timeouts().callTimeout(), reader);
    }

    /** Like {@link #callOnce(Request, GenerationRun, Function)}, with another limit than the call timeout. */
    public <T> T callOnce(Request request, GenerationRun run, Duration timeout, Function<ProviderResponse, T> reader) {
        var response = exchange(request)
                .timeout(timeout)
                .onErrorMap(TimeoutException.class, e -> TransportFailures.timeout(timeout, e))
                .map(guarded(reader));
        return await(response, run);
    }

    /** Sends a request once, without waiting for the response; a failure is ignored. */
    public void sendWithoutResponse(Request request) {
        var unused = exchange(request)
                .timeout(settings.timeouts().acquireTimeout())
                .onErrorComplete()
                .subscribe();
    }

    /**
     * Downloads an image that a response named by its address. The address is not trusted: the request carries no header of the engine, and
     * private networks are rejected unless the settings allow them.
     *
     * @param otherwise the failure to throw; the reason is added to its message
     * @throws GenerationFailed if there is no image, or it must not be fetched
     */
    public PngImage downloadImage(String address, GenerationRun run, Failure otherwise) {
        var file = download(address, otherwise);
        return await(resilience.protect(file, guarded(response -> decode(response.body(), otherwise))), run);
    }

    private Mono<ProviderResponse> download(String address, Failure otherwise) {
        var url = HttpUrl.parse(address);
        if (url == null) {
            throw new GenerationFailed(otherwise.withMessage(
                    otherwise.message() + ": the address of the image is not a valid http or https URL."));
        }
        var exchange = new HttpExchange(
                publicOnlyClient(), settings.limits().maxResponse().toBytes(), false);
        return exchange.send(new Request.Builder().url(url).build())
                .onErrorMap(PrivateAddress.class, e -> forbidden(otherwise, e))
                .onErrorMap(e -> TransportFailures.of(e, settings))
                .doOnNext(response -> {
                    if (!response.successful()) {
                        throw response.failure(
                                response.status() >= 500 ? Failure.Code.PROVIDER_ERROR : Failure.Code.INVALID_RESPONSE,
                                "%s: the server responded with status %d."
                                        .formatted(otherwise.message(), response.status()));
                    }
                });
    }

    private static GenerationFailed forbidden(Failure otherwise, PrivateAddress cause) {
        return new GenerationFailed(
                otherwise.withMessage(otherwise.message() + ": it is in a private network."), cause);
    }

    /**
     * Decodes a PNG, JPEG, WebP or GIF file.
     *
     * @param otherwise the failure to throw; the reason is added to its message
     * @throws GenerationFailed if the bytes are not such a file, it has more pixels than the settings allow, or this process lacks memory for it
     */
    public PngImage decode(byte[] bytes, Failure otherwise) {
        return ProviderImageDecoder.decode(bytes, settings.limits().maxPixels(), budget, otherwise);
    }

    /** Opens a web socket to the server, without retries. The caller closes it. */
    public WebSocket open(Request request, WebSocketListener listener) {
        return client().newWebSocket(request, listener);
    }

    /** The number of open connections that no call uses. */
    synchronized int idleConnections() {
        return client == null ? 0 : client.connectionPool().idleConnectionCount();
    }

    /** Cancels all calls and closes all connections. */
    @Override
    public synchronized void close() {
        var closing = client;
        if (closing != null) {
            closing.dispatcher().cancelAll();
            closing.dispatcher().executorService().shutdown();
            closing.connectionPool().evictAll();
            client = null;
        }
        resilience.close();
    }

    private Mono<ProviderResponse> exchange(Request request) {
        return exchange(request, line -> {}, () -> {});
    }

    /** @param callListener run before each call, also of a retry */
    private Mono<ProviderResponse> exchange(Request request, Consumer<String> lineListener, Runnable callListener) {
        return Mono.defer(() -> {
                    callListener.run();
                    var maxBytes = settings.limits().maxResponse().toBytes();
                    return new HttpExchange(client(), maxBytes, settings.followPostAsGet(), lineListener).send(request);
                })
                .onErrorMap(e -> TransportFailures.of(e, settings));
    }

    /** The reader, whose errors are failures: an error that Reactor takes for fatal would end its thread without a signal to the subscriber. */
    private static <T> Function<ProviderResponse, T> guarded(Function<ProviderResponse, T> reader) {
        return response -> {
            try {
                return reader.apply(response);
            } catch (Error e) {
                throw ProviderImageDecoder.ownFault(e);
            }
        };
    }

    private static <T> T await(Mono<T> response, GenerationRun run) {
        var future = new CompletableFuture<T>();
        var subscription =
                response.subscribe(future::complete, future::completeExceptionally, () -> future.cancel(false));
        var registration = run.cancellation().onRequest(() -> future.cancel(false));
        try {
            return future.get();
        } catch (CancellationException e) {
            throw new GenerationCanceled();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            registration.close();
            subscription.dispose();
        }
    }

    private OkHttpClient publicOnlyClient() {
        return settings.fetchPrivate() ? client() : guard.guarding(client());
    }

    private synchronized OkHttpClient client() {
        var known = client;
        if (known == null) {
            known = newClient();
            client = known;
        }
        return known;
    }

    private OkHttpClient newClient() {
        var dispatcher = new Dispatcher();
        // The bulkhead limits the calls of jobs; queries of progress and cancellations need no limit.
        dispatcher.setMaxRequests(Integer.MAX_VALUE);
        dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
        return new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(settings.connections().idle(), 5, TimeUnit.MINUTES))
                .connectTimeout(settings.timeouts().connectTimeout())
                .readTimeout(settings.timeouts().readTimeout())
                .writeTimeout(settings.timeouts().writeTimeout())
                .followRedirects(false)
                .followSslRedirects(false)
                // Retries are decided and counted by Resilience4j only.
                .retryOnConnectionFailure(false)
                .build();
    }
}
