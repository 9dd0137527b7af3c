package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/** Request targets that are no URI; sent over a plain socket, because HTTP client libraries refuse them. */
@GatewayHttpTest
class MalformedAddressHttpTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @LocalServerPort
    private int port;

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/generations/%zz", "/v1/generations/%", "/v1/generations/{id}", "/v1/generations/a?b=%zz"})
    void malformedTargetIsAProblem(String target) throws IOException {
        var response = send("GET", target, "x-request-id: mine-1\r\n");

        assertThat(response).startsWith("HTTP/1.1 400 ");
        assertThat(head(response))
                .contains("content-type: application/problem+json")
                .contains("x-request-id: mine-1")
                .contains("x-should-retry: false");
        var problem = JSON.readTree(body(response));
        assertThat(problem.get("code").stringValue()).isEqualTo("invalid-request");
        assertThat(problem.get("status").intValue()).isEqualTo(400);
        assertThat(problem.get("instance").stringValue()).isEqualTo(target.replace("?b=%zz", ""));
        assertThat(problem.get("request_id").stringValue()).isEqualTo("mine-1");
    }

    @Test
    void headResponseHasNoBody() throws IOException {
        var response = send("HEAD", "/v1/generations/%zz", "");

        assertThat(response).startsWith("HTTP/1.1 400 ");
        assertThat(head(response)).contains("content-type: application/problem+json");
        assertThat(body(response)).isEmpty();
    }

    @Test
    void malformedTargetWithABodyIsAProblem() throws IOException {
        assertThat(send("POST", "/v1/generations/%zz", "Content-Length: 0\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void validTargetIsServed() throws IOException {
        assertThat(send("GET", "/v1/generations?model=%20b", "")).startsWith("HTTP/1.1 200 ");
        assertThat(send("GET", "http://localhost/v1/models", "")).startsWith("HTTP/1.1 200 ");
        assertThat(send("GET", "/v1/generations/%20", "")).startsWith("HTTP/1.1 404 ");
    }

    private String send(String method, String target, String headers) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            var request =
                    method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String head(String response) {
        return response.substring(0, response.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }
}
