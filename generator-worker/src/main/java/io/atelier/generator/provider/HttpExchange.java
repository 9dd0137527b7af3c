package io.atelier.generator.provider;

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
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One request and its answer, over as many redirections as it takes, up to 20. Headers that carry secrets do not follow to another host. The
 * answer is read while it comes, and no further than allowed. Canceling the subscription ends the connection.
 */
final class HttpExchange {

    private static final int MOST_REDIRECTIONS = 20;
    private static final int CHUNK = 1 << 16;
    private static final Set<String> SECRET_HEADERS = Set.of("Authorization", "Cookie", "api-key", "x-api-key");

    private final OkHttpClient client;
    private final long maxBytes;
    private final boolean followPostAsGet;
    private final Consumer<String> lines;

    /** @param client must not follow redirections itself */
    HttpExchange(OkHttpClient client, long maxBytes, boolean followPostAsGet) {
        this(client, maxBytes, followPostAsGet, line -> {});
    }

    /** @param lines hears each line of an answer that tells of events, while it comes; must not block */
    HttpExchange(OkHttpClient client, long maxBytes, boolean followPostAsGet, Consumer<String> lines) {
        this.client = client;
        this.maxBytes = maxBytes;
        this.followPostAsGet = followPostAsGet;
        this.lines = lines;
    }

    /** Fails with what OkHttp throws, {@link TooLong} or {@link BadRedirection}. */
    Mono<ProviderResponse> send(Request request) {
        return send(request, 0);
    }

    private Mono<ProviderResponse> send(Request request, int redirections) {
        return once(request).flatMap(answer -> {
            var location = answer.header("Location");
            if (!isRedirection(answer.status()) || location.isEmpty()) {
                return Mono.just(answer);
            }
            if (redirections == MOST_REDIRECTIONS) {
                return Mono.error(new BadRedirection("more than %d in a row".formatted(MOST_REDIRECTIONS)));
            }
            return send(next(request, answer.status(), location.get()), redirections + 1);
        });
    }

    private static boolean isRedirection(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private Request next(Request request, int status, String location) {
        @Nullable HttpUrl target = request.url().resolve(location);
        if (target == null) {
            throw new BadRedirection("to what is no web address");
        }
        var next = request.newBuilder().url(target);
        boolean keepsMethod = status == 307 || status == 308 || request.method().equals("GET");
        if (!keepsMethod && !followPostAsGet) {
            // Without its body the request would be another one, and its answer would be taken for this one's.
            throw new BadRedirection("of a %s by %d, which would drop its body".formatted(request.method(), status));
        }
        if (!keepsMethod) {
            next.get().removeHeader("Content-Type");
        }
        if (!sameOrigin(request.url(), target)) {
            SECRET_HEADERS.forEach(next::removeHeader);
        }
        return next.build();
    }

    private static boolean sameOrigin(HttpUrl one, HttpUrl other) {
        return one.host().equals(other.host())
                && one.port() == other.port()
                && one.scheme().equals(other.scheme());
    }

    private Mono<ProviderResponse> once(Request request) {
        return Mono.create(sink -> {
            var call = client.newCall(request);
            sink.onDispose(call::cancel);
            call.enqueue(new Reader(sink));
        });
    }

    /** Reads on OkHttp's thread. */
    private final class Reader implements Callback {

        private final MonoSink<ProviderResponse> sink;

        private Reader(MonoSink<ProviderResponse> sink) {
            this.sink = sink;
        }

        @Override
        public void onResponse(Call call, Response response) {
            try (response) {
                sink.success(new ProviderResponse(response.code(), response.headers(), body(response)));
            } catch (IOException | RuntimeException e) {
                fail(call, e);
            }
        }

        @Override
        public void onFailure(Call call, IOException e) {
            fail(call, e);
        }

        /** Nobody listens any more to a call that was broken off, and what nobody hears would be logged as lost. */
        private void fail(Call call, Exception why) {
            if (!call.isCanceled()) {
                sink.error(why);
            }
        }

        private byte[] body(Response response) throws IOException {
            var source = response.body().source();
            var read = new Buffer();
            var heard = new LineReader(read, tellsOfEvents(response) ? lines : line -> {});
            while (source.read(read, CHUNK) != -1) {
                if (read.size() > maxBytes) {
                    throw new TooLong(maxBytes);
                }
                heard.more();
            }
            return read.readByteArray();
        }

        private boolean tellsOfEvents(Response response) {
            var type = response.header("Content-Type", "");
            return response.isSuccessful() && type != null && type.startsWith("text/event-stream");
        }
    }

    /** The answer is longer than it may be. */
    static final class TooLong extends IOException {

        private static final long serialVersionUID = 1L;

        TooLong(long maxBytes) {
            super("The answer is longer than %d bytes".formatted(maxBytes));
        }
    }

    /** A redirection that is not followed. */
    static final class BadRedirection extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BadRedirection(String how) {
            super("A redirection " + how);
        }
    }
}
