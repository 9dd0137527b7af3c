package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.messaging.InMemoryEventPublisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests for generations as most clients send them, each in one piece and without the headers that the other tests have. */
@GatewayHttpTest
class DirectSubmissionHttpTests {

    private static final String BODY =
            "{\"prompt\":\"a direct castle\",\"model\":\"test-card\",\"size\":\"64x64\",\"seed\":5}";

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private JsonMapper json;

    @LocalServerPort
    private int port;

    @BeforeEach
    void frameworkAcceptsOne() throws Exception {
        post(BODY);
    }

    @AfterEach
    void comeBack() {
        publisher.comeBack();
    }

    @Test
    void responseIsThatOfTheFramework() throws Exception {
        double direct = direct();
        double requests = requests();
        var shortWay = new Response(post(BODY));
        assertThat(direct()).isEqualTo(direct + 1);
        var longWay = new Response(exchange(request(BODY, "x-request-id: my-id\r\n"), 1));
        assertThat(direct()).isEqualTo(direct + 1);

        assertThat(shortWay.status).isEqualTo("202 Accepted").isEqualTo(longWay.status);
        assertThat(shortWay.without("x-request-id", "location", "content-length"))
                .isEqualTo(longWay.without("x-request-id", "location", "content-length"));
        assertThat(shortWay.headers.get("location")).isEqualTo("/v1/generations/" + shortWay.id());
        assertThat(shortWay.headers.get("x-request-id")).matches("req_[0-9a-f]{24}");
        assertThat(shortWay.shape()).isEqualTo(longWay.shape());
        // The framework counts a request after its response is sent.
        await().untilAsserted(() ->
                assertThat(requests()).as("both are in the framework's timer").isEqualTo(requests + 2));
    }

    @Test
    void jobIsShownAtOnce() throws Exception {
        var created = new Response(post(BODY));

        var client = HttpClient.newHttpClient();
        HttpResponse<String> shown = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + created.headers.get("location")))
                        .build(),
                BodyHandlers.ofString());

        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.body()).contains("a direct castle").contains(created.id());
    }

    @DisplayName("What is not accepted gets the framework's problem, and is in no topic")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\":7}",
                "{\"prompt\":\"a\",\"size\":\"1x\"}",
                "{\"prompt\"",
                "[]",
                "",
                "{\"prompt\":\"a\",\"model\":\"no-such-model\"}",
                "{\"prompt\":\"a\",\"prompt\":\"b\"}"
            })
    void problemsAreTheFrameworks(String body) throws Exception {
        int published = publisher.events().size();
        var shortWay = new Response(post(body));
        var longWay = new Response(exchange(request(body, "x-request-id: my-id\r\n"), 1));

        assertThat(shortWay.status).startsWith("4").isEqualTo(longWay.status);
        assertThat(shortWay.headers.get("content-type")).isEqualTo("application/problem+json");
        assertThat(shortWay.body.replaceAll("req_[0-9a-f]{24}", "my-id")).isEqualTo(longWay.body);
        assertThat(publisher.events()).hasSize(published);
        assertThat(new Response(post(BODY)).status).as("the next request").isEqualTo("202 Accepted");
    }

    @Test
    void brokersThatAreDownAreAskedOnce() throws Exception {
        publisher.goDownAfter(0);
        var response = new Response(post(BODY));

        assertThat(response.status).isEqualTo("503 Service Unavailable");
        publisher.comeBack();
        int published = publisher.events().size();
        assertThat(new Response(post(BODY)).status).isEqualTo("202 Accepted");
        assertThat(publisher.events()).hasSize(published + 1);
    }

    @Test
    void requestsInOnePieceGetTheirResponsesInOrder() throws Exception {
        int published = publisher.events().size();
        var other = request(BODY.replace("direct", "long"), "x-request-id: long\r\n");
        var get = "GET /v1/generations?limit=1 HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n";
        var responses = exchange(request(BODY, "") + get + request(BODY, "") + other + request("[]", "") + get, 6);

        var statuses = Pattern.compile("HTTP/1.1 (\\d{3})")
                .matcher(responses)
                .results()
                .map(match -> match.group(1));
        assertThat(statuses).containsExactly("202", "200", "202", "202", "422", "200");
        assertThat(publisher.events()).hasSize(published + 3);
    }

    @Test
    void bodyThatComesInPiecesIsAccepted() throws Exception {
        double direct = direct();
        var request = request(BODY, "");
        int half = request.length() - 20;
        try (var socket = connect()) {
            socket.getOutputStream().write(request.substring(0, half).getBytes(StandardCharsets.UTF_8));
            Thread.sleep(200);
            socket.getOutputStream().write(request.substring(half).getBytes(StandardCharsets.UTF_8));
            assertThat(new Response(read(socket, 1)).status).isEqualTo("202 Accepted");
        }
        assertThat(direct()).isEqualTo(direct);
    }

    private double direct() {
        return meters.counter("atelier.submissions.direct").count();
    }

    private double requests() {
        return meters
                .find("http.server.requests")
                .tags("uri", "/v1/generations", "method", "POST", "status", "202")
                .timers()
                .stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    private String post(String body) throws Exception {
        return exchange(request(body, ""), 1);
    }

    private String request(String body, String headers) {
        return "POST /v1/generations HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s"
                .formatted(port, body.getBytes(StandardCharsets.UTF_8).length, headers, body);
    }

    private Socket connect() throws Exception {
        var socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private String exchange(String requests, int responses) throws Exception {
        try (var socket = connect()) {
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.UTF_8));
            return read(socket, responses);
        }
    }

    /** The bytes of as many complete responses. */
    private static String read(Socket socket, int responses) throws Exception {
        var all = new ByteArrayOutputStream();
        var text = "";
        while (text.split("HTTP/1\\.1 \\d", -1).length <= responses || !isWhole(text)) {
            var part = new byte[8192];
            int count = socket.getInputStream().read(part);
            if (count < 0) {
                return text;
            }
            all.write(part, 0, count);
            text = all.toString(StandardCharsets.ISO_8859_1);
        }
        return text;
    }

    private static boolean isWhole(String text) {
        var last = text.substring(text.lastIndexOf("HTTP/1.1 "));
        var length = Pattern.compile("(?i)content-length: (\\d+)").matcher(last);
        int body = last.indexOf("\r\n\r\n") + 4;
        return body >= 4 && length.find() && last.length() - body >= Integer.parseInt(length.group(1));
    }

    /** A response on its connection. */
    private final class Response {

        private final String status;
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private final String body;

        Response(String text) {
            int end = text.indexOf("\r\n\r\n");
            var lines = List.of(text.substring(0, end).split("\r\n"));
            status = lines.get(0).substring("HTTP/1.1 ".length());
            lines.stream()
                    .skip(1)
                    .map(line -> line.split(": ", 2))
                    .forEach(header -> headers.merge(header[0], header[1], (one, other) -> one + ", " + other));
            body = text.substring(end + 4);
        }

        Map<String, String> without(String... names) {
            var rest = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            rest.putAll(headers);
            List.of(names).forEach(rest::remove);
            return rest;
        }

        String id() {
            return tree().get("id").asString();
        }

        /** The JSON without what differs for each job. */
        String shape() {
            return tree().toString()
                    .replace(id(), "ID")
                    .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
                    .replaceAll("\"(queue_position|eta_seconds|ahead)\":[0-9.]+", "$1");
        }

        private JsonNode tree() {
            return json.readTree(body);
        }
    }
}
