package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.api.events.FakeFirehose;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Versions, methods and headers of HTTP that the framework does not treat as the RFCs say. Sent over plain sockets where clients refuse them. */
@GatewayHttpTest
class ProtocolHttpTests {

    private static final int TIMEOUT_MILLIS = 10_000;

    @LocalServerPort
    private int port;

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private FakeFirehose firehose;

    @Test
    void eventStreamForHttp10HasNoChunks() throws IOException {
        var job = jobs.show(SampleJobs.in(JobStatus.SUCCEEDED));

        var response = send("GET /v1/generations/" + job.id() + "/events HTTP/1.0\r\n\r\n");

        assertThat(response.toLowerCase(Locale.ROOT)).doesNotContain("transfer-encoding");
        assertThat(response.substring(response.indexOf("\r\n\r\n") + 4)).startsWith("retry:3000\n\nid:3\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/asyncapi.json",
                "/openapi.json",
                "/v3/api-docs",
                "/schemas/generation-succeeded/1.1.json",
                "/v1/generations",
                "/v1/models",
                "/v1/queue",
                "/livez",
                "/readyz",
                "/actuator/health",
                "/actuator/prometheus"
            })
    void headIsAnsweredLikeGet(String path) {
        var get = client.get().uri(path).exchange().expectBody().returnResult();

        var head = client.head().uri(path).exchange().expectBody().isEmpty();
        assertThat(head.getStatus()).isEqualTo(get.getStatus());
        assertThat(head.getResponseHeaders().getFirst("Content-Type"))
                .isEqualTo(get.getResponseHeaders().getFirst("Content-Type"));
    }

    @Test
    void headOfAnEventStreamEndsAtOnce() {
        var job = jobs.show(SampleJobs.in(JobStatus.RUNNING));

        for (var path : new String[] {"/v1/events", "/v1/generations/" + job.id() + "/events"}) {
            client.head()
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .contentTypeCompatibleWith("text/event-stream")
                    .expectBody()
                    .isEmpty();
        }
        assertThat(firehose.streams()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/v1/models", "/actuator/health", "/actuator", "/asyncapi.json", "/nowhere"})
    void acceptThatListsNothingIsNoAccept(String path) throws IOException {
        var without = send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        for (var accept : new String[] {",", ", ,", ""}) {
            assertThat(status(send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: "
                            + accept + "\r\n\r\n")))
                    .isEqualTo(status(without));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/actuator/health", "/asyncapi.json", "/nowhere"})
    void acceptWithMoreTypesThanAreReadIsAProblem(String path) {
        var accept = IntStream.range(0, 51).mapToObj(i -> "a/b" + i).collect(Collectors.joining(", "));

        client.get()
                .uri(path)
                .header("Accept", accept)
                .exchange()
                .expectStatus()
                .isEqualTo(406)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"application/json", "\"", "\";", "\"/\""})
    void contentTypeThatBeginsWithAQuoteIsAProblem(String type) throws IOException {
        for (var path : new String[] {"/v1/generations", "/actuator/health", "/nowhere"}) {
            var response = send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                    + type + "\r\nContent-Length: 2\r\n\r\n{}");

            assertThat(status(response)).startsWith("4");
            assertThat(response).contains("application/problem+json");
        }
    }

    @Test
    void charsetThatDoesNotExistIsNamed() throws IOException {
        var response = send("POST /v1/generations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json; charset=bogus\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(status(response)).isEqualTo("415");
        assertThat(response).contains("names the charset 'bogus', which does not exist", "UTF-8");
    }

    private String send(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String status(String response) {
        return response.split(" ", 3)[1];
    }
}
