package io.atelier.generator.provider;

import io.atelier.worker.source.Redirects;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Sends one request and reads its response. Follows redirects by the rules of {@link Redirects}; headers with credentials are not sent to
 * another origin. The response is read while it arrives, up to a maximum size. Canceling the subscription closes the connection.
 */
final class HttpExchange {

    private static final int READ_BYTES = 1 << 16;
    private static final Set<String> CREDENTIAL_HEADERS = Set.of("Authorization", "Cookie", "api-key", "x-api-key");

    private final OkHttpClient client;
    private final long maxBytes;
    private final boolean followPostAsGet;
    private final Consumer<String> lineListener;

    /** @param client must not follow redirects itself */
    HttpExchange(OkHttpClient client, long maxBytes, boolean followPostAsGet) {
        this(client, maxBytes, followPostAsGet, line -> {});
    }

    /** @param lineListener receives each line of a {@code text/event-stream} response as it arrives; must not block */
    HttpExchange(OkHttpClient client, long maxBytes, boolean followPostAsGet, Consumer<String> lineListener) {
        this.client = client;
        this.maxBytes = maxBytes;
        this.followPostAsGet = followPostAsGet;
        this.lineListener = lineListener;
    }

    /** Fails with the exceptions of OkHttp, {@link ResponseTooLong} or {@link Redirects.Refused}. */
    Mono<ProviderResponse> send(Request request) {
        return send(request, 0);
    }

    private Mono<ProviderResponse> send(Request request, int redirects) {
        return sendOnce(request).flatMap(response -> {
            var location = response.header("Location");
            if (!Redirects.isRedirect(response.status()) || location.isEmpty()) {
                return Mono.just(response);
            }
            var target = Redirects.target(request.url(), location.get(), redirects);
            return send(redirected(request, response.status(), target), redirects + 1);
        });
    }

    private Request redirected(Request request, int status, HttpUrl target) {
        var next = request.newBuilder().url(target);
        boolean keepsMethod = status == 307 || status == 308 || request.method().equals("GET");
        if (!keepsMethod && !followPostAsGet) {
            // Without its body it would be a different request, and the caller would take its response for this one's.
            throw new Redirects.Refused(
                    "of a %s with status %d, which would drop its body,".formatted(request.method(), status));
        }
        if (!keepsMethod) {
            next.get().removeHeader("Content-Type");
        }
        if (!sameOrigin(request.url(), target)) {
            CREDENTIAL_HEADERS.forEach(next::removeHeader);
        }
        return next.build();
    }

    private static boolean sameOrigin(HttpUrl one, HttpUrl other) {
        return one.host().equals(other.host())
                && one.port() == other.port()
                && one.scheme().equals(other.scheme());
    }

    private Mono<ProviderResponse> sendOnce(Request request) {
        return Mono.create(sink -> {
            var call = client.newCall(request);
            sink.onDispose(call::cancel);
            try {
                call.enqueue(new ResponseCallback(sink));
            } catch (Error e) {
                // For example, no thread can be created. Reactor takes some errors for fatal, and then signals nothing.
                sink.error(ProviderImageDecoder.ownFault(e));
            }
        });
    }

    /** Reads the response on OkHttp's thread. */
    private final class ResponseCallback implements Callback {

        private final MonoSink<ProviderResponse> sink;

        private ResponseCallback(MonoSink<ProviderResponse> sink) {
            this.sink = sink;
        }

        @Override
        public void onResponse(Call call, Response response) {
            try (response) {
                sink.success(new ProviderResponse(response.code(), response.headers(), body(response)));
            } catch (IOException | RuntimeException e) {
                fail(call, e);
            } catch (Error e) {
                // OkHttp would only cancel the call, and its caller would wait until the last timeout.
                fail(call, ProviderImageDecoder.ownFault(e));
            }
        }

        @Override
        public void onFailure(Call call, IOException e) {
            fail(call, e);
        }

        /** Ignores the failure of a canceled call: it has no subscriber any more, and Reactor would log the error as dropped. */
        private void fail(Call call, Exception cause) {
            if (!call.isCanceled()) {
                sink.error(cause);
            }
        }

        private byte[] body(Response response) throws IOException {
            var source = response.body().source();
            var read = new Buffer();
            var lines = new LineReader(read, isEventStream(response) ? lineListener : line -> {});
            while (source.read(read, READ_BYTES) != -1) {
                if (read.size() > maxBytes) {
                    throw new ResponseTooLong(maxBytes);
                }
                lines.readAvailable();
            }
            return read.readByteArray();
        }

        private boolean isEventStream(Response response) {
            var type = response.header("Content-Type", "");
            return response.isSuccessful() && type != null && type.startsWith("text/event-stream");
        }
    }

    /** The response is longer than the settings allow. */
    static final class ResponseTooLong extends IOException {

        private static final long serialVersionUID = 1L;

        ResponseTooLong(long maxBytes) {
            super("The response is longer than %d bytes".formatted(maxBytes));
        }
    }
}
