package io.atelier.generator.provider;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
import java.awt.image.BufferedImage;
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
 * The server behind an engine: one HTTP client for all calls, made with the first one, and all that makes calls safe. Thread-safe. Its
 * callers block, and may be interrupted.
 */
public final class ProviderClient implements AutoCloseable {

    private final ProviderSettings settings;
    private final Resilience resilience;
    private final AddressGuard guard = new AddressGuard(Dns.SYSTEM);
    private @Nullable OkHttpClient client;

    ProviderClient(ProviderSettings settings, Resilience resilience) {
        this.settings = settings;
        this.resilience = resilience;
    }

    public ProviderSettings settings() {
        return settings;
    }

    /** Whether the server is well, as far as the last calls tell. */
    public EngineStatus status() {
        return resilience.status();
    }

    /**
     * Asks, and asks again where that is worth it.
     *
     * @param reader makes something of an answer, whatever its status, or throws what {@link ProviderResponse#failure} makes of it: its code decides
     *     about another call. Called once for each answer, on a thread that must not block
     * @throws GenerationFailed if no call succeeded: how the last one failed
     * @throws GenerationCanceled if the run was told to stop; by then the connection is closed
     */
    public <T> T call(Request request, GenerationRun run, Function<ProviderResponse, T> reader) {
        return call(request, run, line -> {}, reader);
    }

    /**
     * The same for a server that may tell, before its answer ends, how far it is.
     *
     * @param lines hears each line of an answer of the type {@code text/event-stream} when it comes, without its end, on a thread that must
     *     not block; from the beginning if the call is made again. The answer that the reader gets has all of them
     */
    public <T> T call(
            Request request, GenerationRun run, Consumer<String> lines, Function<ProviderResponse, T> reader) {
        return await(resilience.around(asked(request, lines).map(reader)), run);
    }

    /**
     * Asks once, beside the jobs: takes no place among them, tells the breaker nothing, and is not made again. For questions of progress,
     * and to tell a server to stop.
     */
    public <T> T ask(Request request, GenerationRun run, Function<ProviderResponse, T> reader) {
        return ask(request, run, settings.call(), reader);
    }

    /** The same, for an answer that is of no use after so long. */
    public <T> T ask(Request request, GenerationRun run, Duration limit, Function<ProviderResponse, T> reader) {
        var answer = asked(request)
                .map(reader)
                .timeout(limit)
                .onErrorMap(TimeoutException.class, e -> TransportFailures.timeout(limit, e));
        return await(answer, run);
    }

    /** The same, for when nobody waits: what becomes of it is only logged, if at all. */
    public void tell(Request request) {
        var unused =
                asked(request).timeout(settings.acquire()).onErrorComplete().subscribe();
    }

    /**
     * Gets a picture that an answer only named. The address is a stranger's word: no header of ours goes along, and unless the settings
     * allow it nothing is fetched from private networks.
     *
     * @throws GenerationFailed if there is none, or if it may not be fetched
     */
    public BufferedImage fetch(String address, GenerationRun run, Failure otherwise) {
        var answer = strangers(address, Failure.Code.INVALID_RESPONSE, otherwise);
        return await(resilience.around(answer.map(file -> image(file.body(), otherwise))), run);
    }

    /**
     * Gets the file of a picture whose address a client named, by the same rules. How that server does is nobody else's concern: the breaker
     * is not told.
     *
     * @throws GenerationFailed if there is none, or if it may not be fetched
     */
    public SourceImage fetchFile(String address, GenerationRun run, Failure otherwise) {
        var answer = strangers(address, otherwise.code(), otherwise);
        return await(resilience.aside(answer.map(file -> file(file.body(), otherwise))), run);
    }

    /**
     * What lies at a stranger's address.
     *
     * @param notThere the code of the failure if it says that there is nothing
     */
    private Mono<ProviderResponse> strangers(String address, Failure.Code notThere, Failure otherwise) {
        var url = HttpUrl.parse(address);
        if (url == null) {
            throw new GenerationFailed(
                    otherwise.inWords(otherwise.message() + ": the picture's address is no web address."));
        }
        var exchange = new HttpExchange(guarded(), settings.maxAnswer().toBytes(), false);
        return exchange.send(new Request.Builder().url(url).build())
                .onErrorMap(AddressGuard.PrivateAddress.class, e -> forbidden(otherwise, e))
                .onErrorMap(e -> TransportFailures.of(e, settings))
                .doOnNext(answer -> {
                    if (!answer.successful()) {
                        throw answer.failure(
                                answer.status() >= 500 ? Failure.Code.PROVIDER_ERROR : notThere,
                                "%s: its address answers with status %d."
                                        .formatted(otherwise.message(), answer.status()));
                    }
                });
    }

    private static GenerationFailed forbidden(Failure otherwise, AddressGuard.PrivateAddress why) {
        return new GenerationFailed(otherwise.inWords(otherwise.message() + ": it lies in a private network."), why);
    }

    /**
     * The picture in the bytes of an answer: PNG, JPEG or WebP, decoded as a whole.
     *
     * @param otherwise what to tell if there is none; the reason is added to its message
     * @throws GenerationFailed that failure
     */
    public BufferedImage image(byte[] bytes, Failure otherwise) {
        return ProviderImageDecoder.decode(bytes, settings.maxPixels(), otherwise);
    }

    /** The file of a picture to change, with what it is: what {@link #image} takes. */
    public SourceImage file(byte[] bytes, Failure otherwise) {
        return ProviderImageDecoder.file(bytes, settings.maxPixels(), otherwise);
    }

    /** Opens a web socket to the server; no retries. Close it when the run ends. */
    public WebSocket open(Request request, WebSocketListener listener) {
        return client().newWebSocket(request, listener);
    }

    /** How many connections are kept for the next call. */
    synchronized int idleConnections() {
        return client == null ? 0 : client.connectionPool().idleConnectionCount();
    }

    /** Ends all calls and connections. */
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

    private Mono<ProviderResponse> asked(Request request) {
        return asked(request, line -> {});
    }

    private Mono<ProviderResponse> asked(Request request, Consumer<String> lines) {
        return Mono.defer(() -> new HttpExchange(
                                client(), settings.maxAnswer().toBytes(), settings.followPostAsGet(), lines)
                        .send(request))
                .onErrorMap(e -> TransportFailures.of(e, settings));
    }

    private static <T> T await(Mono<T> answer, GenerationRun run) {
        var future = new CompletableFuture<T>();
        var subscription =
                answer.subscribe(future::complete, future::completeExceptionally, () -> future.cancel(false));
        var told = run.cancellation().onRequest(() -> future.cancel(false));
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
            throw new IllegalStateException(e.getCause());
        } finally {
            told.close();
            subscription.dispose();
        }
    }

    private OkHttpClient guarded() {
        return settings.fetchPrivate()
                ? client()
                : client().newBuilder()
                        .dns(guard)
                        // Addresses that are numbers are not looked up, so they are checked here, again at each
                        // redirection.
                        .addInterceptor(chain -> {
                            guard.lookup(chain.request().url().host());
                            return chain.proceed(chain.request());
                        })
                        .build();
    }

    private synchronized OkHttpClient client() {
        var known = client;
        if (known == null) {
            known = made();
            client = known;
        }
        return known;
    }

    private OkHttpClient made() {
        var dispatcher = new Dispatcher();
        // The places among the jobs are given out before; questions beside them need no bound.
        dispatcher.setMaxRequests(Integer.MAX_VALUE);
        dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
        return new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(settings.idleConnections(), 5, TimeUnit.MINUTES))
                .connectTimeout(settings.connect())
                .readTimeout(settings.read())
                .writeTimeout(settings.write())
                .followRedirects(false)
                .followSslRedirects(false)
                // Calls are made again by rule, and counted.
                .retryOnConnectionFailure(false)
                .build();
    }
}
