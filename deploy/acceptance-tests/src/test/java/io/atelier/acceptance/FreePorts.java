package io.atelier.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;

/** Three ports that nobody listened on a moment ago, and the settings that name them. */
record FreePorts(int http, int kafka, int s3) {

    static FreePorts find() {
        try (var first = open();
                var second = open();
                var third = open()) {
            return new FreePorts(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String brokers() {
        return "127.0.0.1:" + kafka;
    }

    /** Settings of a system with the test card. */
    Map<String, String> settings(Path data, int slots) {
        return Map.of(
                "ATELIER_DATA", data.toString(),
                "ATELIER_HTTP_PORT", Integer.toString(http),
                "ATELIER_KAFKA", brokers(),
                "ATELIER_S3", "http://127.0.0.1:" + s3,
                "ATELIER_TEST_CARD", "true",
                "ATELIER_GENERATOR_SLOTS", Integer.toString(slots));
    }

    private static ServerSocket open() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
