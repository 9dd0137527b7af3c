package io.atelier.worker.source;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.engine.TaskInterrupted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import okhttp3.Dns;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class SourceDownloadTests {

    static final List<String> PRIVATE_HOSTS = SampleRemoteSources.PRIVATE_HOSTS;
    private static final byte[] FILE = "a file".getBytes(US_ASCII);
    private static final InetAddress PUBLIC = address(93, 184, 215, 14);
    private static final InetAddress LOOPBACK = address(127, 0, 0, 1);

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            calls.incrementAndGet();
            Answer answer;
            synchronized (answers) {
                answer = answers.size() > 1 ? answers.remove() : answers.getFirst();
            }
            try (exchange) {
                answer.send(exchange);
            }
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aFileIsFetched() throws Exception {
        answers.add(file(200));

        assertThat(fetch(url("/a"), "fetch-private", "true")).isEqualTo(FILE);
    }

    @ParameterizedTest
    @FieldSource("PRIVATE_HOSTS")
    void noSpellingOfAPrivateHostIsCalled(String host) {
        answers.add(file(200));

        for (var scheme : List.of("https", "http")) {
            var failed = failure("%s://%s:%d/a".formatted(scheme, host, port()));
            assertThat(failed.reason())
                    .isIn(
                            "it is in a private network.",
                            "the server's name is not known.",
                            "the address is not a valid http or https URL.");
        }
        assertThat(calls).hasValue(0);
    }

    @DisplayName("DNS rebinding: the address that is connected to is the one that is checked")
    @Test
    void aHostWhoseAddressChangesIsNotCalled() {
        var lookups = new AtomicInteger();
        Dns rebinding = host -> List.of(lookups.getAndIncrement() == 0 ? PUBLIC : LOOPBACK);

        assertThat(failure(rebinding, new OkHttpClient(), "https://a.example:%d/a".formatted(port()))
                        .reason())
                .isEqualTo("it is in a private network.");
        assertThat(lookups).hasValue(2);
        assertThat(calls).hasValue(0);
    }

    @Test
    void aHostWithOnePrivateAddressIsNotCalled() {
        assertThat(failure(host -> List.of(PUBLIC, LOOPBACK), new OkHttpClient(), "https://a.example/a")
                        .reason())
                .isEqualTo("it is in a private network.");
    }

    @Test
    void aPublicHostIsCalledByHttpsOnly() {
        assertThat(failure(host -> List.of(PUBLIC), new OkHttpClient(), "http://a.example/a")
                        .reason())
                .isEqualTo("it is not at an https address.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://b.example/b | a redirect from https to http is not followed.",
                "//127.0.0.1/b | it is in a private network.",
                "https://[::1]/b | it is in a private network.",
                "https://localhost/b | it is in a private network.",
                "ftp://b.example/b | a redirect to an address that is not a valid http or https URL is not followed.",
                "https://a.example/a | a redirect more than 20 in a row is not followed."
            })
    void everyRedirectIsChecked(String location, String reason) {
        // Answers as the public server, and only for it.
        var redirecting = new OkHttpClient.Builder()
                .addInterceptor(chain -> chain.request().url().host().equals("a.example")
                        ? redirect(chain.request(), location)
                        : chain.proceed(chain.request()))
                .build();

        assertThat(failure(Dns.SYSTEM, redirecting, "https://a.example/a").reason())
                .isEqualTo(reason);
    }

    @Test
    void redirectsAreFollowed() throws Exception {
        answers.add(exchange -> {
            exchange.getResponseHeaders().add("Location", "/b");
            exchange.sendResponseHeaders(302, -1);
        });
        answers.add(file(200));

        assertThat(fetch(url("/a"), "fetch-private", "true")).isEqualTo(FILE);
        assertThat(calls).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({"404, 1", "401, 1", "429, 1", "304, 1", "500, 4", "503, 4"})
    void onlyFailuresOfTheServerAreRepeated(int status, int expectedCalls) {
        answers.add(file(status));

        assertThat(failure(url("/a?key=secret"), "fetch-private", "true").reason())
                .isEqualTo("the server responded with status %d.".formatted(status));
        assertThat(calls).hasValue(expectedCalls);
    }

    @Test
    void aConnectionThatBreaksOffIsRepeated() throws Exception {
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(FILE);
            throw new IOException("the end");
        });
        answers.add(file(200));

        assertThat(fetch(url("/a"), "fetch-private", "true")).isEqualTo(FILE);
        assertThat(calls).hasValue(2);
    }

    @Test
    void anEndlessFileIsReadUpToTheLimitAndNotAgain() {
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (end.getCount() > 0) {
                exchange.getResponseBody().write(new byte[8192]);
            }
        });

        assertThat(failure(url("/a"), "fetch-private", "true", "limits.max-response", "64KB")
                        .reason())
                .isEqualTo("the response is longer than 65536 bytes.");
        assertThat(calls).hasValue(1);
    }

    @Test
    void theLimitCountsWhatIsUnpacked() {
        answers.add(exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 0);
            try (var zipped = new GZIPOutputStream(exchange.getResponseBody())) {
                zipped.write(new byte[1_000_000]);
            }
        });

        assertThat(failure(url("/a"), "fetch-private", "true", "limits.max-response", "64KB")
                        .reason())
                .isEqualTo("the response is longer than 65536 bytes.");
    }

    @Test
    void aServerThatSendsNothingIsLeft() {
        answers.add(silence());

        assertThat(failure(
                                url("/a"),
                                "fetch-private",
                                "true",
                                "timeouts.read-timeout",
                                "50ms",
                                "retry.max-retries",
                                "1")
                        .reason())
                .isEqualTo("the request timed out after 0.05 s.");
        // The server may look at a request after the client has left it.
        await().untilAsserted(() -> assertThat(calls).hasValue(2));
    }

    @Test
    void aServerThatSendsOneByteAfterTheOtherIsLeft() {
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (end.getCount() > 0) {
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
                Thread.onSpinWait();
            }
        });

        assertThat(failure(
                                url("/a"),
                                "fetch-private",
                                "true",
                                "limits.max-response",
                                "1GB",
                                "timeouts.call-timeout",
                                "300ms",
                                "retry.max-retries",
                                "0")
                        .reason())
                .isEqualTo("the request timed out after 0.3 s.");
    }

    @Test
    void cancellationEndsTheDownload() {
        answers.add(silence());
        var cancellation = new Cancellation();
        var download = download("fetch-private", "true");
        threads.execute(() -> {
            while (calls.get() == 0) {
                Thread.onSpinWait();
            }
            cancellation.request(Cancellation.Request.receivedNow(Duration.ofSeconds(30)));
        });

        assertThatThrownBy(() -> download.fetch(url("/a"), cancellation)).isInstanceOf(TaskInterrupted.class);
    }

    @Test
    void nothingIsFetchedWhereThatIsSwitchedOff() {
        answers.add(file(200));

        assertThat(failure(url("/a"), "fetch-private", "true", "enabled", "false")
                        .reason())
                .contains("ATELIER_FETCH_ADDRESSES", "/v1/files");
        assertThat(calls).hasValue(0);
    }

    private byte[] fetch(String url, String... settings) throws Exception {
        return download(settings).fetch(url, new Cancellation());
    }

    private DownloadFailed failure(String url, String... settings) {
        return catchThrowableOfType(DownloadFailed.class, () -> fetch(url, settings));
    }

    private static DownloadFailed failure(Dns resolver, OkHttpClient base, String url) {
        var settings = SampleRemoteSources.settings("retry.max-retries", "0");
        return catchThrowableOfType(
                DownloadFailed.class,
                () -> new SourceDownload(settings, resolver, base).fetch(url, new Cancellation()));
    }

    private static SourceDownload download(String... settings) {
        return new SourceDownload(SampleRemoteSources.settings(settings));
    }

    private Answer silence() {
        return exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static Answer file(int status) {
        return exchange -> {
            exchange.sendResponseHeaders(status, status == 304 ? -1 : FILE.length);
            if (status != 304) {
                exchange.getResponseBody().write(FILE);
            }
        };
    }

    private static Response redirect(Request request, String location) {
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(302)
                .message("")
                .header("Location", location)
                .body(ResponseBody.create("", MediaType.get("text/plain")))
                .build();
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(port(), path);
    }

    private static InetAddress address(int... bytes) {
        try {
            var address = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                address[i] = (byte) bytes[i];
            }
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers one request. */
    private interface Answer {
        void send(HttpExchange exchange) throws IOException;
    }
}
