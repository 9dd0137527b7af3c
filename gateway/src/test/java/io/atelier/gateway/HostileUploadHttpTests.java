package io.atelier.gateway;

import static io.atelier.gateway.files.format.SampleFiles.ascii;
import static io.atelier.gateway.files.format.SampleFiles.joined;
import static io.atelier.gateway.files.format.SampleFiles.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.gateway.api.files.UploadReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Uploads that are too large, broken or malformed get a response, store nothing, and give their memory back. */
@GatewayHttpTest
class HostileUploadHttpTests {

    private static final int LARGE = 60 * 1024 * 1024;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final String RAW = "Content-Type: image/png\r\n";
    private static final String FORM = "Content-Type: multipart/form-data; boundary=xyz\r\n";
    private static final String FILE_PART =
            "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";

    @LocalServerPort
    private int port;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private UploadReader reader;

    private Set<String> before = Set.of();
    private long free;

    @BeforeEach
    void look() {
        before = Set.copyOf(store.memory().keys());
        free = reader.freeMemory();
    }

    @AfterEach
    void nothingIsLeft() {
        await().untilAsserted(() -> assertThat(reader.freeMemory()).isEqualTo(free));
        assertThat(store.memory().keys()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, FORM})
    void tooLargeFileWithContentLengthGetsAResponse(String type) throws IOException {
        var response = send(type + "Content-Length: " + LARGE, out -> fill(out, LARGE));

        assertThat(response).startsWith("HTTP/1.1 413").contains("\"max_bytes\":52428800");
    }

    @Test
    void tooLargeChunkedFileGetsAResponse() throws IOException {
        var response = send(RAW + "Transfer-Encoding: chunked", out -> chunked(out, new byte[0], LARGE, new byte[0]));

        assertThat(response).startsWith("HTTP/1.1 413").contains("\"code\":\"payload-too-large\"");
    }

    @Test
    void tooLargeFileInAChunkedFormGetsAResponse() throws IOException {
        var response = send(
                FORM + "Transfer-Encoding: chunked",
                out -> chunked(out, ascii(FILE_PART), LARGE, ascii("\r\n--xyz--\r\n")));

        assertThat(response).startsWith("HTTP/1.1 413").contains("\"max_bytes\":52428800");
    }

    @Test
    void formWithoutABoundaryInItsBodyIsDiscarded() throws IOException {
        var response =
                send(FORM + "Transfer-Encoding: chunked", out -> chunked(out, new byte[0], 4 << 20, new byte[0]));

        assertThat(response).startsWith("HTTP/1.1 4").containsAnyOf("invalid-request", "validation-failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/form-data\r\n",
                "Content-Type: multipart/form-data; boundary=\r\n",
                "Content-Type: multipart/form-data; boundary=\"\"\r\n"
            })
    void formWithoutABoundaryInItsTypeIsRefused(String type) throws IOException {
        var response = send(type + "Content-Length: 7\r\nConnection: close", out -> out.write(ascii("--x\r\n\r\n")));

        assertThat(response)
                .startsWith("HTTP/1.1 4")
                .doesNotContain("HTTP/1.1 500")
                .contains("boundary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/form-data; boundary\r\n",
                "Content-Type: multipart/form-data; boundary=xyz; charset\r\n",
                "Content-Type: image/png; q\r\n",
                "Content-Type: image/png\r\nAccept: application/json; q\r\n"
            })
    void parameterWithoutAValueIsRefused(String headers) throws IOException {
        var response = send(headers + "Content-Length: 7\r\nConnection: close", out -> out.write(ascii("--x\r\n\r\n")));

        assertThat(response).startsWith("HTTP/1.1 4").contains("has no value. Send NAME=VALUE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Disposition: form-data; name; filename=\"a\" | malformed Content-Disposition or Content-Type",
                "Content-Disposition: form-data; name=\"file\"; filename | malformed Content-Disposition or Content-Type",
                "Content-Disposition: form-data; filename=\"a\" | A part has no name",
                "Content-Type: image/png | A part has no name"
            })
    void partWithAMalformedHeaderIsRefused(String header, String expected) throws IOException {
        var body = ascii("--xyz\r\n" + header + "\r\n\r\nx\r\n--xyz--\r\n");

        var response = send(FORM + "Content-Length: %d\r\nConnection: close".formatted(body.length), body);

        assertThat(response).startsWith("HTTP/1.1 4").contains(expected);
    }

    @Test
    void typeOfAPartHasNoParameterWithoutAValue() throws IOException {
        var part = FILE_PART.replace("\r\n\r\n", "\r\nContent-Type: image/png; foo\r\n\r\n");
        var body = ascii(part + "x\r\n--xyz--\r\n");

        var response = send(FORM + "Content-Length: %d\r\nConnection: close".formatted(body.length), body);

        assertThat(response).startsWith("HTTP/1.1 422").contains("parameter 'foo' without a value");
    }

    @Test
    void formThatEndsEarlyIsRefused() throws IOException {
        var body = joined(ascii(FILE_PART), png(9, 9, 1));

        var response = send(FORM + "Content-Length: %d\r\nConnection: close".formatted(body.length), body);

        assertThat(response).startsWith("HTTP/1.1 400").contains("invalid-request");
    }

    @Test
    void partWithHugeHeadersIsRefused() throws IOException {
        var body = ascii("--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + "a".repeat(60_000)
                + "\"\r\n\r\nx\r\n--xyz--\r\n");

        var response = send(FORM + "Content-Length: %d\r\nConnection: close".formatted(body.length), body);

        assertThat(response).startsWith("HTTP/1.1 4").contains("application/problem+json");
    }

    @Test
    void thousandsOfPartsAreRefused() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int i = 0; i < 2_000; i++) {
            body.writeBytes(ascii("--xyz\r\nContent-Disposition: form-data; name=\"f%d\"\r\n\r\nx\r\n".formatted(i)));
        }
        body.writeBytes(ascii("--xyz--\r\n"));

        var response =
                send(FORM + "Content-Length: %d\r\nConnection: close".formatted(body.size()), body.toByteArray());

        assertThat(response).startsWith("HTTP/1.1 400").contains("more than 32 parts");
    }

    @Test
    void longTextIsRefused() throws IOException {
        var body = ascii("--xyz\r\nContent-Disposition: form-data; name=\"ttl\"\r\n\r\n" + "P".repeat(50_000)
                + "\r\n--xyz--\r\n");

        var response = send(FORM + "Content-Length: %d\r\nConnection: close".formatted(body.length), body);

        assertThat(response).startsWith("HTTP/1.1 413").contains("payload-too-large");
    }

    @Test
    void partWithoutANameIsRefused() throws IOException {
        var body = ascii("--xyz\r\nContent-Type: image/png\r\n\r\nx\r\n--xyz--\r\n");

        var response = send(FORM + "Content-Length: %d\r\nConnection: close".formatted(body.length), body);

        assertThat(response).startsWith("HTTP/1.1 4").contains("application/problem+json");
    }

    @Test
    void clientThatDisconnectsLeavesNothing() throws IOException {
        for (var type : List.of(RAW, FORM)) {
            try (var socket = open(type + "Content-Length: 5000000")) {
                var out = socket.getOutputStream();
                out.write(ascii(FILE_PART));
                fill(out, 1 << 20);
                out.flush();
                await().untilAsserted(() -> assertThat(reader.freeMemory()).isLessThan(free));
            }
        }
    }

    @Test
    void compressedBodyIsRefused() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(png(9, 9, 1));
        }
        var response = send(
                RAW + "Content-Encoding: gzip\r\nContent-Length: %d\r\nConnection: close".formatted(packed.size()),
                packed.toByteArray());

        assertThat(response).startsWith("HTTP/1.1 415").contains("compressed already");
    }

    @Test
    void moreUploadsThanThereIsMemoryForAreRefused() throws Exception {
        var waiting = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 2; i++) {
                var socket = open(RAW + "Content-Length: 52000000");
                waiting.add(socket);
                fill(socket.getOutputStream(), 30 << 20);
                socket.getOutputStream().flush();
            }
            await().untilAsserted(() -> assertThat(reader.freeMemory()).isLessThan(5 << 20));

            var response =
                    send(RAW + "Content-Length: %d\r\nConnection: close".formatted(6 << 20), out -> fill(out, 6 << 20));

            assertThat(response)
                    .startsWith("HTTP/1.1 503")
                    .contains("overloaded")
                    .contains("etry-");
        } finally {
            for (var socket : waiting) {
                socket.close();
            }
        }
    }

    private String send(String headers, byte[] body) throws IOException {
        return send(headers, out -> out.write(body));
    }

    private String send(String headers, Body body) throws IOException {
        try (var socket = open(headers)) {
            body.write(socket.getOutputStream());
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket open(String headers) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.getOutputStream().write(ascii("POST /v1/files HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n"));
        return socket;
    }

    private static void fill(OutputStream out, int count) throws IOException {
        var block = new byte[1 << 20];
        for (int sent = 0; sent < count; sent += block.length) {
            out.write(block);
        }
    }

    private static void chunked(OutputStream out, byte[] first, int count, byte[] last) throws IOException {
        chunk(out, first);
        var block = new byte[1 << 20];
        for (int sent = 0; sent < count; sent += block.length) {
            chunk(out, block);
        }
        chunk(out, last);
        out.write(ascii("0\r\n\r\n"));
    }

    private static void chunk(OutputStream out, byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            out.write(ascii(Integer.toHexString(bytes.length) + "\r\n"));
            out.write(bytes);
            out.write(ascii("\r\n"));
        }
    }

    /** Writes a body. */
    private interface Body {
        void write(OutputStream out) throws IOException;
    }
}
