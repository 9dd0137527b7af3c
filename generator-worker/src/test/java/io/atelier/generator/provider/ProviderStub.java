package io.atelier.generator.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;

/** A scripted provider: a real HTTP server on a free port. The test closes it. */
public final class ProviderStub implements AutoCloseable {

    private final MockWebServer server = new MockWebServer();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Queue<MockResponse> script = new ArrayDeque<>();
    private Function<Call, MockResponse> fallback = call -> status(500);

    public ProviderStub() {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(request);
            }
        });
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds responses to the script, one for each request. */
    public synchronized ProviderStub then(MockResponse... answers) {
        script.addAll(List.of(answers));
        return this;
    }

    /** Sets the response to all requests after the script. */
    public synchronized ProviderStub always(MockResponse answer) {
        return always(call -> answer);
    }

    /** Sets a function for the responses to all requests after the script. */
    public synchronized ProviderStub always(Function<Call, MockResponse> answer) {
        fallback = answer;
        return this;
    }

    /** An address of this server. */
    public String url(String path) {
        return server.url(path).toString();
    }

    public int port() {
        return server.getPort();
    }

    /** The requests so far, in order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The number of connections of these requests. */
    public long connections() {
        return calls.stream().map(Call::connection).distinct().count();
    }

    @Override
    public void close() {
        server.close();
    }

    private MockResponse answer(RecordedRequest request) {
        var call = Call.of(request);
        return next(call).apply(call);
    }

    /** Finds the response for a call; it is evaluated outside the lock, because it may wait for another call. */
    private synchronized Function<Call, MockResponse> next(Call call) {
        calls.add(call);
        var scripted = script.poll();
        return scripted == null ? fallback : request -> scripted;
    }

    public static MockResponse status(int status) {
        return new MockResponse.Builder().code(status).build();
    }

    public static MockResponse answer(int status, String mediaType, byte[] body) {
        return new MockResponse.Builder()
                .code(status)
                .setHeader("Content-Type", mediaType)
                .body(new Buffer().write(body))
                .build();
    }

    public static MockResponse json(int status, String body) {
        return answer(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    public static MockResponse png(int width, int height) {
        return answer(200, "image/png", SampleImages.png(width, height));
    }

    /** The response with a delay. */
    public static MockResponse after(long millis, MockResponse answer) {
        return answer.newBuilder().headersDelay(millis, TimeUnit.MILLISECONDS).build();
    }

    public static MockResponse with(MockResponse answer, String header, String value) {
        return answer.newBuilder().setHeader(header, value).build();
    }

    /** Accepts the request and never responds. */
    public static MockResponse silence() {
        return new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build();
    }

    /** Closes the connection instead of responding. */
    public static MockResponse disconnect() {
        return new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build();
    }

    /**
     * A received request.
     *
     * @param path with query, as it was sent
     * @param nanos when it was received, by {@link System#nanoTime}
     */
    public record Call(
            String method, String path, okhttp3.Headers headers, okio.ByteString body, int connection, long nanos) {

        static Call of(RecordedRequest request) {
            return new Call(
                    request.getMethod(),
                    request.getTarget(),
                    request.getHeaders(),
                    request.getBody() == null ? okio.ByteString.EMPTY : request.getBody(),
                    request.getConnectionIndex(),
                    System.nanoTime());
        }

        public String text() {
            return body.utf8();
        }

        /** The header's value; the empty string if it was not sent. */
        public String header(String name) {
            var value = headers.get(name);
            return value == null ? "" : value;
        }
    }
}
