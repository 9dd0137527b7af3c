package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send a byte now and then. */
class RequestTimeLimitTests {

    private static final Duration LIMIT = Duration.ofMillis(800);
    private static final Duration AT_MOST = Duration.ofSeconds(20);
    private static final String GET = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

    @TempDir
    private static Path folder;

    private static EmbeddedObjectStore store;

    @BeforeAll
    static void start() {
        store = EmbeddedObjectStore.start(folder, 0, "key", "secret-key-of-the-test", LIMIT);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "P",
                "PUT /bucket/",
                "HEADX-Slow: ",
                "HEADContent-Length: 100000\r\n\r\n",
                "HEADTransfer-Encoding: chunked\r\n\r\nffff\r\n",
                "FIRSTGET / HTTP/1.1\r\nX-Second: "
            })
    void aRequestThatTricklesInIsEnded(String beginning) throws Exception {
        try (var socket = connect()) {
            long start = System.nanoTime();
            write(socket, beginning.replace("HEAD", head()).replace("FIRST", GET));

            assertThat(isClosedWhileWriting(socket)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(100));
        }
    }

    @Test
    void aConnectionBetweenRequestsIsKept() throws Exception {
        try (var socket = connect()) {
            for (int i = 0; i < 2; i++) {
                write(socket, GET);
                assertThat(firstLine(socket)).startsWith("HTTP/1.1 403 ");
                Thread.sleep(LIMIT.multipliedBy(2).toMillis());
                socket.getInputStream().skipNBytes(socket.getInputStream().available());
            }
        }
    }

    private static boolean isClosedWhileWriting(Socket socket) throws InterruptedException, IOException {
        socket.setSoTimeout(1);
        long end = System.nanoTime() + AT_MOST.toNanos();
        while (System.nanoTime() - end < 0) {
            try {
                write(socket, "x");
                while (socket.getInputStream().read() >= 0) {
                    // A response to what arrived, such as 403, is no end.
                }
                return true;
            } catch (SocketTimeoutException e) {
                Thread.sleep(50);
            } catch (SocketException e) {
                return true;
            }
        }
        return false;
    }

    /** The server reads the whole body to check the signature, which is wrong. */
    private static String head() {
        var time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                .format(OffsetDateTime.now(ZoneOffset.UTC));
        return "PUT /bucket/key HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Authorization: AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request,"
                + " SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" + "0".repeat(64) + "\r\n"
                + "x-amz-content-sha256: " + "0".repeat(64) + "\r\n"
                + "x-amz-date: " + time + "\r\n";
    }

    private static String firstLine(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private static Socket connect() throws IOException {
        var socket = new Socket(store.endpoint().getHost(), store.endpoint().getPort());
        socket.setSoTimeout((int) AT_MOST.toMillis());
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
