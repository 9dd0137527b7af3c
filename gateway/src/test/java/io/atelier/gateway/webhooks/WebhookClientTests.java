package io.atelier.gateway.webhooks;

import static io.atelier.gateway.webhooks.SampleDeliveries.AT;
import static io.atelier.gateway.webhooks.SampleDeliveries.SECRET;
import static io.atelier.gateway.webhooks.SampleDeliveries.pending;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.storage.TlsProxy;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Attempts at a real server. */
class WebhookClientTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final InetAddress LOOPBACK = address(127, 0, 0, 1);
    private static final InetAddress PUBLIC = address(93, 184, 215, 14);

    private static final String INSECURE =
            "No secure connection: the certificate or the protocol of the receiver was not accepted.";

    @TempDir
    private Path folder;

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("receiver"));
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void messageArrivesWithItsSignature() {
        var headers = new AtomicReference<Headers>();
        var body = new AtomicReference<String>();
        answer(exchange -> {
            headers.set(exchange.getRequestHeaders());
            body.set(exchange.getRequestMethod() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
        });

        var result = send(url("/hook?a=b"));

        assertThat(result.isDelivered()).isTrue();
        assertThat(result.attempt().at()).isEqualTo(AT);
        assertThat(result.attempt().httpStatus()).isEqualTo(204);
        var sent = pending("a", url("/hook?a=b"));
        assertThat(body).hasValue("POST " + sent.body());
        assertThat(headers.get())
                .containsEntry("Webhook-id", List.of("a"))
                .containsEntry("Webhook-timestamp", List.of("1785405600"))
                .containsEntry(
                        "Webhook-signature",
                        List.of(new WebhookSigner(List.of(SECRET)).signature("a", AT, sent.body())))
                .containsEntry("Content-type", List.of("application/json"))
                .containsEntry("User-agent", List.of("Atelier"))
                .containsEntry("Traceparent", List.of(Objects.requireNonNull(sent.traceparent())));
    }

    @Test
    void redirectIsAFailureAndNotFollowed() {
        answer(exchange -> {
            exchange.getResponseHeaders().add("Location", url("/other"));
            exchange.sendResponseHeaders(307, -1);
        });

        var attempt = send(url("/hook")).attempt();

        assertThat(attempt.httpStatus()).isEqualTo(307);
        assertThat(attempt.error()).isEqualTo("The receiver answered with status 307; redirects are not followed.");
        assertThat(calls).hasValue(1);
    }

    @Test
    void receiverThatIsGoneIsNotAskedAgain() {
        answer(exchange -> exchange.sendResponseHeaders(410, -1));

        assertThat(send(url("/hook")).isRefusedForEver()).isTrue();
    }

    @Test
    void overloadedReceiverSaysWhenItWantsTheMessage() {
        answer(exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "90");
            exchange.sendResponseHeaders(503, -1);
        });

        var result = send(url("/hook"));

        assertThat(result.retryAfter()).isEqualTo(Duration.ofSeconds(90));
        assertThat(result.isDelivered()).isFalse();
        assertThat(result.attempt().error()).isEqualTo("The receiver answered with status 503.");
    }

    @Test
    void receiverThatDoesNotAnswerIsGivenUpAfterTheTimeout() {
        answer(exchange -> await());

        var attempt = send(
                        client(WebhookAddresses.ANY, host -> new InetAddress[] {LOOPBACK}, Duration.ofMillis(300)),
                        url("/hook"))
                .attempt();

        assertThat(attempt.httpStatus()).isNull();
        assertThat(attempt.error()).isEqualTo("No response within 300 ms.");
    }

    @Test
    void endlessResponseIsNotReadToItsEnd() {
        var written = new AtomicLong();
        var closed = new CountDownLatch(1);
        answer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            var block = new byte[16 << 10];
            try (var out = exchange.getResponseBody()) {
                while (true) {
                    out.write(block);
                    written.addAndGet(block.length);
                }
            } finally {
                closed.countDown();
            }
        });

        assertThat(send(url("/hook")).isDelivered()).isTrue();

        Awaitility.await().atMost(TIMEOUT).until(() -> closed.getCount() == 0);
        assertThat(written.get()).isGreaterThanOrEqualTo(64 << 10);
    }

    @Test
    void statusCountsAlsoIfTheContentBreaksOff() {
        answer(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            throw new IOException("ends the connection");
        });

        assertThat(send(url("/hook")).isDelivered()).isTrue();
    }

    @Test
    void statusCountsAlsoIfTheContentDoesNotEnd() {
        answer(exchange -> {
            exchange.sendResponseHeaders(503, 1_000);
            exchange.getResponseBody().flush();
            await();
        });

        assertThat(send(url("/hook")).attempt().httpStatus()).isEqualTo(503);
    }

    @Test
    void connectionThatIsClosedWithoutAnAnswerIsAFailure() throws IOException {
        assertThat(errorAfter("")).isEqualTo("The receiver closed the connection without a response.");
    }

    @Test
    void answerThatIsNotHttpIsAFailure() throws IOException {
        assertThat(errorAfter("GARBAGE\r\n\r\n")).isEqualTo("The receiver did not answer with valid HTTP.");
    }

    /** The error of an attempt at a server that answers with a text, whatever it is asked. */
    private @Nullable String errorAfter(String answer) throws IOException {
        try (var listener = new ServerSocket(0, 1, LOOPBACK)) {
            var receiver = new Thread(() -> {
                try (var connection = listener.accept()) {
                    connection.getInputStream().read(new byte[10_000]);
                    connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            receiver.start();
            return send("http://127.0.0.1:" + listener.getLocalPort() + "/hook")
                    .attempt()
                    .error();
        }
    }

    @Test
    void portWithoutAListenerIsAFailure() {
        server.stop(0);

        assertThat(send(url("/hook")).attempt().error()).isEqualTo("The receiver accepts no connection.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "http://",
                "ftp://receiver.example/",
                "http://a b/",
                "http://[::1/",
                "http://127.1/",
                "http://0x7f.1/"
            })
    void invalidAddressIsAFailure(String url) {
        assertThat(send(url).attempt().error()).isEqualTo("The address is not a valid URL.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "2130706433",
                "localhost",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "10.0.0.1",
                "169.254.169.254",
                "[fd00:ec2::254]"
            })
    void privateAddressIsNotCalled(String host) {
        answer(exchange -> exchange.sendResponseHeaders(200, -1));
        var client = client(WebhookAddresses.PUBLIC, InetAddress::getAllByName, TIMEOUT);

        var result = send(client, "http://" + host + ":" + port() + "/hook");

        assertThat(result.attempt().error()).contains("private network").contains("ATELIER_WEBHOOK_ADDRESSES=any");
        assertThat(result.isRefusedForEver()).isFalse();
        assertThat(calls).hasValue(0);
    }

    @Test
    void hostWithOnePrivateAddressIsNotCalled() {
        answer(exchange -> exchange.sendResponseHeaders(200, -1));
        var client = client(WebhookAddresses.PUBLIC, host -> new InetAddress[] {PUBLIC, LOOPBACK}, TIMEOUT);

        var result = send(client, "http://receiver.example:" + port() + "/hook");

        assertThat(result.attempt().error()).contains("private network");
        assertThat(calls).hasValue(0);
    }

    @Test
    void hostIsResolvedOnceForEachAttempt() {
        answer(exchange -> exchange.sendResponseHeaders(200, -1));
        var lookups = new AtomicInteger();
        var client = client(
                WebhookAddresses.ANY,
                host -> {
                    lookups.incrementAndGet();
                    return new InetAddress[] {LOOPBACK};
                },
                TIMEOUT);
        var url = "http://receiver.example:" + port() + "/hook";

        assertThat(send(client, url).isDelivered()).isTrue();
        assertThat(send(client, url).isDelivered()).isTrue();

        assertThat(lookups).hasValue(2);
        assertThat(calls).hasValue(2);
    }

    @Test
    void unknownHostIsAFailure() {
        var client = client(
                WebhookAddresses.PUBLIC,
                host -> {
                    throw new UnknownHostException(host);
                },
                TIMEOUT);

        assertThat(send(client, "https://receiver.example/hook").attempt().error())
                .isEqualTo("The host has no address.");
    }

    @Test
    void certificateOfAnUnknownAuthorityIsNotAccepted() throws Exception {
        answer(exchange -> exchange.sendResponseHeaders(204, -1));
        try (var secure = TlsProxy.start(folder, URI.create(url("")))) {
            assertThat(send(secure.endpoint() + "/hook").attempt().error()).isEqualTo(INSECURE);
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    void certificateOfAnotherHostIsNotAccepted() throws Exception {
        answer(exchange -> exchange.sendResponseHeaders(204, -1));
        try (var secure = TlsProxy.start(folder, URI.create(url("")))) {
            var trust = SslContextBuilder.forClient()
                    .trustManager(secure.certificate().toFile())
                    .build();
            var client = client(HttpClient.create(ConnectionProvider.newConnection())
                    .resolver(new GuardedResolver(WebhookAddresses.ANY, host -> new InetAddress[] {LOOPBACK}))
                    .secure(spec -> spec.sslContext(trust)));
            var own = secure.endpoint();
            var other = "https://receiver.example:" + own.getPort();

            assertThat(send(client, own + "/hook").isDelivered()).isTrue();
            assertThat(send(client, other + "/hook").attempt().error()).isEqualTo(INSECURE);
        }
        assertThat(calls).hasValue(1);
    }

    private AttemptResult send(String url) {
        var client = client(WebhookAddresses.ANY, host -> new InetAddress[] {LOOPBACK}, TIMEOUT);
        return send(client, url);
    }

    private static AttemptResult send(WebhookClient client, String url) {
        return Objects.requireNonNull(client.send(pending("a", url)).block(TIMEOUT));
    }

    private static WebhookClient client(HttpClient http) {
        return new WebhookClient(new WebhookSigner(List.of(SECRET)), TIMEOUT, Clock.fixed(AT, ZoneOffset.UTC), http);
    }

    private static WebhookClient client(WebhookAddresses allowed, GuardedResolver.Lookup lookup, Duration timeout) {
        return new WebhookClient(
                new WebhookSigner(List.of(SECRET)),
                new GuardedResolver(allowed, lookup),
                timeout,
                Clock.fixed(AT, ZoneOffset.UTC));
    }

    private void answer(HttpHandler handler) {
        server.createContext("/", exchange -> {
            calls.incrementAndGet();
            try (HttpExchange open = exchange) {
                handler.handle(open);
            }
        });
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private static InetAddress address(int... bytes) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
