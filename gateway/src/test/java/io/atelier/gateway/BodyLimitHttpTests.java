package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.messaging.InMemoryEventPublisher;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients that write the whole body before they read, as most do, still receive the response to a body that is far too large. */
@GatewayHttpTest
class BodyLimitHttpTests {

    private static final int LARGE = 50 * 1024 * 1024;
    private static final int TIMEOUT_MILLIS = 30_000;

    @LocalServerPort
    private int port;

    @Autowired
    private InMemoryEventPublisher publisher;

    private int before;

    @BeforeEach
    void count() {
        before = publisher.events().size();
    }

    @Test
    void largeBodyWithContentLengthGetsAResponse() throws IOException {
        var response = send("Content-Type: application/json\r\nContent-Length: " + LARGE, this::plain);

        assertPayloadTooLarge(response);
    }

    @DisplayName(
            "A body that is announced as too large is refused before any of it has come, and the connection ends with the response")
    @Test
    void announcedBodyIsRefusedAtOnce() throws IOException {
        long start = System.nanoTime();

        var response = send("Content-Type: application/json\r\nContent-Length: " + LARGE, out -> {});

        assertPayloadTooLarge(response);
        assertThat(response).containsIgnoringCase("connection: close");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @DisplayName("Not more than 64 MB of a refused body are received")
    @Test
    void endlessBodyIsCutOff() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            var out = socket.getOutputStream();
            out.write(
                    ("POST /v1/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                    + 10L * LARGE + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            plain(out);

            assertThatThrownBy(() -> {
                        for (int more = 0; more < 5; more++) {
                            plain(out);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void largeChunkedBodyGetsAResponse() throws IOException {
        var response = send("Content-Type: application/json\r\nTransfer-Encoding: chunked", this::chunked);

        assertPayloadTooLarge(response);
    }

    @Test
    void clientWithExpectContinueNeedNotSendTheBody() throws IOException {
        var response =
                send("Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: " + LARGE, out -> {});

        assertPayloadTooLarge(response);
    }

    @Test
    void clientWithExpectContinueIsAccepted() throws IOException {
        var body = "{\"prompt\": \"x\"}";

        var response = send(
                "Content-Type: application/json\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: "
                        + body.length(),
                out -> out.write(body.getBytes(StandardCharsets.US_ASCII)));

        assertThat(response).startsWith("HTTP/1.1 100 Continue").contains("HTTP/1.1 202 Accepted");
    }

    @Test
    void largeBodyOfAnotherTypeGetsAResponse() throws IOException {
        var response = send("Content-Type: text/plain\r\nConnection: close\r\nContent-Length: " + LARGE, this::plain);

        assertThat(response).startsWith("HTTP/1.1 415").contains("\"code\":\"unsupported-media-type\"");
        assertThat(publisher.events()).hasSize(before);
    }

    @Test
    void largeBodyForAnUnknownPathGetsAResponse() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            var out = socket.getOutputStream();
            out.write(("POST /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + LARGE
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            plain(out);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 404");
        }
    }

    private void assertPayloadTooLarge(String response) {
        assertThat(response)
                .startsWith("HTTP/1.1 413")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("\"code\":\"payload-too-large\"")
                .contains("\"max_bytes\":1048576");
        assertThat(publisher.events()).hasSize(before);
    }

    private String send(String headers, Body body) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            var out = socket.getOutputStream();
            out.write(("POST /v1/generations HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            body.write(out);
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void plain(OutputStream out) throws IOException {
        var block = new byte[1 << 20];
        Arrays.fill(block, (byte) ' ');
        for (int sent = 0; sent < LARGE; sent += block.length) {
            out.write(block);
        }
    }

    private void chunked(OutputStream out) throws IOException {
        var block = new byte[1 << 20];
        Arrays.fill(block, (byte) ' ');
        for (int sent = 0; sent < LARGE; sent += block.length) {
            out.write((Integer.toHexString(block.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(block);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes a body. */
    private interface Body {
        void write(OutputStream out) throws IOException;
    }
}
