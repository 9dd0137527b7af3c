package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.storage.ObjectKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Requests as most clients send them: without the headers that the other tests have. */
@GatewayHttpTest
class ResponseCacheHttpTests {

    private static final byte[] IMAGE = {1, 2, 3, 4, 5};

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private MeterRegistry meters;

    @LocalServerPort
    private int port;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Job job = SampleJobs.succeeded(IMAGE);

    @BeforeEach
    void showJob() {
        jobs.show(job);
        store.putImage(job.images().get(0).key(), IMAGE);
    }

    @DisplayName("The response from the cache is that of the first request, but for the id of the request")
    @ParameterizedTest
    @ValueSource(strings = {"", "/images/0", "/images"})
    void repeatedRequestIsAnsweredFromTheCache(String path) throws Exception {
        var first = get(path);
        if (!path.equals("/images")) {
            fill(path);
        }
        double hits = hits();
        var second = get(path);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(headersWithoutId(second)).isEqualTo(headersWithoutId(first));
        assertThat(second.headers().firstValue("x-request-id").orElseThrow())
                .isNotEqualTo(first.headers().firstValue("x-request-id").orElseThrow())
                .matches("req_[0-9a-f]{24}");
        // A list of images is small and rarely asked for: it takes the long way.
        assertThat(hits() - hits).isEqualTo(path.equals("/images") ? 0 : 1);
    }

    @Test
    void imageIsReadFromTheStoreOnce() throws Exception {
        fill("/images/0");
        store.delete(new ObjectKey(job.images().get(0).key())).join();

        assertThat(get("/images/0").body()).isEqualTo(IMAGE);
    }

    @Test
    void changeOfTheJobIsSeenAtOnce() throws Exception {
        fill("");
        fill("/images/0");

        jobs.show(SampleJobs.erasedFrom(job));

        assertThat(get("").statusCode()).isEqualTo(410);
        assertThat(get("/images/0").statusCode()).isEqualTo(410);
    }

    @Test
    void imageThatWasSentForTheLastTimeIsNotInTheCache() throws Exception {
        fill("/images/0");
        double hits = hits();

        assertThat(get("/images/0?consume=true").statusCode()).isEqualTo(200);
        get("/images/0");

        assertThat(hits()).isEqualTo(hits);
    }

    @DisplayName("A state that the framework did not render is the same as one that it did render")
    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void statesAreTheSameOnBothWays(JobStatus status) throws Exception {
        get("");
        job = jobs.show(SampleJobs.in(status));
        double hits = hits();

        var shortWay = get("");
        var longWay = client.send(request("").header("x-request-id", "my-id").build(), BodyHandlers.ofByteArray());

        assertThat(hits()).isEqualTo(hits + 1);
        assertThat(shortWay.statusCode()).isEqualTo(200);
        assertThat(shortWay.body()).isEqualTo(longWay.body());
        assertThat(headersWithoutId(shortWay)).isEqualTo(headersWithoutId(longWay));
    }

    @Test
    void endOfAJobThatWasAskedForAgainAndAgainIsSeenAtOnce() throws Exception {
        jobs.show(SampleJobs.stillRunning(job));
        fill("");
        fill("");

        jobs.show(job);

        assertThat(new String(get("").body(), StandardCharsets.UTF_8)).contains("\"status\":\"succeeded\"");
    }

    @Test
    void imageOfAJobThatHasNotEndedIsNeverKept() throws Exception {
        jobs.show(SampleJobs.stillRunning(job));
        double hits = hits();

        for (int i = 0; i < 5; i++) {
            assertThat(get("/images/0").statusCode()).isNotEqualTo(200);
        }

        assertThat(hits()).isEqualTo(hits);
    }

    @DisplayName("A request whose response may depend on more than its path takes the long way")
    @ParameterizedTest
    @CsvSource({
        "If-None-Match, *, 304",
        "Range, bytes=0-1, 206",
        "x-request-id, my-id, 200",
        "Prefer, wait=1, 200",
        "Origin, https://example.org, 200",
        "traceparent, 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, 200",
        "X-Forwarded-Prefix, /atelier, 200"
    })
    void otherRequestsAreAnsweredAsBefore(String name, String value, int status) throws Exception {
        fill("/images/0");
        double hits = hits();

        var response = client.send(request("/images/0").header(name, value).build(), BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(hits()).isEqualTo(hits);
        if (name.equals("x-request-id")) {
            assertThat(response.headers().firstValue("x-request-id")).contains("my-id");
        }
    }

    @Test
    void otherTypesHostsAndQueriesAreOtherResponses() throws Exception {
        fill("");
        fill("/images/0");
        double hits = hits();

        assertThat(client.send(request("").header("Accept", "text/html").build(), BodyHandlers.ofByteArray())
                        .statusCode())
                .isEqualTo(406);
        assertThat(get("/images/0?disposition=attachment")
                        .headers()
                        .firstValue("Content-Disposition")
                        .orElseThrow())
                .startsWith("attachment");
        assertThat(exchange("GET " + path("") + " HTTP/1.1\r\nHost: example.org\r\n\r\n", 1))
                .contains("HTTP/1.1 421 ");
        assertThat(hits()).isEqualTo(hits);
    }

    @DisplayName(
            "Requests that a client sends without waiting get their responses in order, from whichever place they come")
    @Test
    void pipelinedRequestsKeepTheirOrder() throws Exception {
        var image = "GET " + path("/images/0") + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n";
        fill("/images/0");
        double hits = hits();
        var list = "GET /v1/generations?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

        var responses = exchange(image + image + list + image + list + image, 6);

        var types = Arrays.stream(responses.split("HTTP/1.1 200 OK", -1))
                .skip(1)
                .map(response -> response.contains("Content-Type: image/png") ? "image" : "list")
                .toList();
        assertThat(types).as(responses).containsExactly("image", "image", "list", "image", "list", "image");
        assertThat(hits()).isGreaterThanOrEqualTo(hits + 2);
    }

    @Test
    void responseThatEndsItsConnectionIsNotKept() throws Exception {
        // The server ends the connection with the first response, because the second request asks for that.
        exchange(get("/images/0", "keep-alive"), 1);
        var responses = exchange(get("/images/0", "keep-alive") + get("/images", "close"), 2);
        assertThat(responses).containsIgnoringCase("connection: close");

        assertThat(exchange(get("/images/0", "keep-alive"), 1)).doesNotContainIgnoringCase("connection: close");
    }

    @Test
    void connectionServesBothKindsOfRequestsInTurn() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(get("/images/0").body()).isEqualTo(IMAGE);
            assertThat(get("/images").statusCode()).isEqualTo(200);
            assertThat(get("").statusCode()).isEqualTo(200);
        }
    }

    private Map<String, Object> headersWithoutId(HttpResponse<?> response) {
        var headers = new TreeMap<String, Object>(response.headers().map());
        headers.remove("x-request-id");
        return headers;
    }

    /** Asks until the cache answers. A request that comes just before the server has ended the last response takes the long way. */
    private void fill(String path) throws IOException, InterruptedException {
        double hits = hits();
        for (int i = 0; hits() == hits; i++) {
            assertThat(i).as("requests").isLessThan(100);
            assertThat(get(path).statusCode()).isEqualTo(200);
        }
    }

    private double hits() {
        return meters.counter("atelier.responses.cached").count();
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofByteArray());
    }

    private String get(String path, String connection) {
        return "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\n\r\n".formatted(path(path), connection);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path(path)));
    }

    private String path(String path) {
        return "/v1/generations/" + job.id() + path;
    }

    /** The bytes that come until there are as many responses, or until the server ends the connection. */
    private String exchange(String requests, int responses) throws IOException {
        try (var socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            var all = new ByteArrayOutputStream();
            var text = "";
            do {
                var part = new byte[8192];
                int count = socket.getInputStream().read(part);
                if (count < 0) {
                    return text;
                }
                all.write(part, 0, count);
                text = all.toString(StandardCharsets.ISO_8859_1);
            } while (text.split("HTTP/1\\.1 \\d", -1).length <= responses || !isWhole(text));
            return text;
        }
    }

    /** Whether the last response has its body. */
    private static boolean isWhole(String text) {
        var last = text.substring(text.lastIndexOf("HTTP/1.1 "));
        var length = Pattern.compile("(?i)content-length: (\\d+)").matcher(last);
        int body = last.indexOf("\r\n\r\n") + 4;
        return body >= 4 && length.find() && last.length() - body >= Integer.parseInt(length.group(1));
    }
}
