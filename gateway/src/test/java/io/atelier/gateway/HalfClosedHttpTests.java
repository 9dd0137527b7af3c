package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients that close their side of the connection after the last request, as {@code nc -N} does. */
@GatewayHttpTest
class HalfClosedHttpTests {

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final String BODY = "{\"prompt\": \"x\"}";
    private static final String POST =
            "POST /v1/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final String LENGTH = "Content-Length: 15\r\n\r\n";

    @LocalServerPort
    private int port;

    private Duration took = Duration.ZERO;

    @BeforeEach
    void frameworkAcceptsOne() throws IOException {
        assertThat(exchange(POST + LENGTH + BODY)).startsWith("HTTP/1.1 202 ");
    }

    @DisplayName("Each request gets its response, and the connection ends with the last one")
    @ParameterizedTest
    @ValueSource(strings = {"", "x-request-id: my-id\r\n", "Prefer: wait=1\r\n"})
    void requestIsAnswered(String header) throws IOException {
        var response = exchange(POST + header + LENGTH + BODY);

        assertThat(response).startsWith("HTTP/1.1 202 ").endsWith("}");
        assertThat(took).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void requestsInOnePieceAreAnswered() throws IOException {
        var get = "GET /v1/generations?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

        var responses = exchange(POST + LENGTH + BODY + get + POST + LENGTH + BODY + get);

        assertThat(responses.split("HTTP/1.1 20[02] ", -1)).hasSize(5);
        assertThat(took).isLessThan(Duration.ofSeconds(10));
    }

    @DisplayName("A client that may be gone is not waited for")
    @Test
    void waitingEndsSoon() throws IOException {
        var response = exchange(POST + "Prefer: wait=60\r\n" + LENGTH + BODY);

        assertThat(response).isEmpty();
        assertThat(took).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    @DisplayName("A connection on which no request is open ends at once, also in the middle of a request")
    @ParameterizedTest
    @ValueSource(strings = {"", "GET /livez HTTP/1.1\r\nHo", POST + LENGTH + "{"})
    void nothingIsWaitedFor(String bytes) throws IOException {
        exchange(bytes);

        assertThat(took).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void connectionThatWasKeptEndsAtOnce() throws IOException {
        try (var socket = connect()) {
            write(socket, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            long start = System.nanoTime();
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        }
    }

    /** All that the server sends until it closes the connection. */
    private String exchange(String bytes) throws IOException {
        try (var socket = connect()) {
            write(socket, bytes);
            socket.shutdownOutput();
            long start = System.nanoTime();
            var received = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            took = Duration.ofNanos(System.nanoTime() - start);
            return received;
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static void write(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
    }
}
