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

/** A provider that does what a test wrote down: a real HTTP server on a port of its own. Close it. */
public final class ProviderStub implements AutoCloseable {

    private final MockWebServer server = new MockWebServer();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Queue<MockResponse> script = new ArrayDeque<>();
    private Function<Call, MockResponse> otherwise = call -> status(500);

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

    /** Gives these answers in turn, one for each request. */
    public synchronized ProviderStub then(MockResponse... answers) {
        script.addAll(List.of(answers));
        return this;
    }

    /** Gives this answer to whatever is not in the script. */
    public synchronized ProviderStub always(MockResponse answer) {
        return always(call -> answer);
    }

    /** Answers whatever is not in the script by what it asks. */
    public synchronized ProviderStub always(Function<Call, MockResponse> answer) {
        otherwise = answer;
        return this;
    }

    /** An address of this server. */
    public String url(String path) {
        return server.url(path).toString();
    }

    public int port() {
        return server.getPort();
    }

    /** What was asked so far, in order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** On how many connections all of that came. */
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

    /** What answers the call: outside the lock, since it may wait for another call. */
    private synchronized Function<Call, MockResponse> next(Call call) {
        calls.add(call);
        var scripted = script.poll();
        return scripted == null ? otherwise : asked -> scripted;
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

    /** The same answer, so much later. */
    public static MockResponse after(long millis, MockResponse answer) {
        return answer.newBuilder().headersDelay(millis, TimeUnit.MILLISECONDS).build();
    }

    public static MockResponse with(MockResponse answer, String header, String value) {
        return answer.newBuilder().setHeader(header, value).build();
    }

    /** Takes the request and never answers. */
    public static MockResponse silence() {
        return new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build();
    }

    /** Breaks the connection instead of answering. */
    public static MockResponse disconnect() {
        return new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build();
    }

    /**
     * A request as it came.
     *
     * @param path with its query, as it was sent
     * @param nanos when, by {@link System#nanoTime}
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
