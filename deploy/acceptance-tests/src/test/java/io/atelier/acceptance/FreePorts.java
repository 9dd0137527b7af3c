package io.atelier.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Three free ports, and settings that use them. */
public record FreePorts(int http, int kafka, int s3) {

    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_768;
    private static final int ATTEMPTS = 100;

    public static FreePorts find() {
        try (var first = open();
                var second = open();
                var third = open()) {
            return new FreePorts(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String brokers() {
        return "127.0.0.1:" + kafka;
    }

    /** Settings of a system with the test card engine. */
    public Map<String, String> settings(Path data, int slots) {
        return Map.of(
                "ATELIER_DATA", data.toString(),
                "ATELIER_HTTP_PORT", Integer.toString(http),
                "ATELIER_KAFKA", brokers(),
                "ATELIER_S3", "http://127.0.0.1:" + s3,
                "ATELIER_TEST_CARD", "true",
                "ATELIER_GENERATOR_SLOTS", Integer.toString(slots));
    }

    /** Opens a port outside the ephemeral range: the kernel could give an ephemeral port to an outgoing connection during a restart. */
    private static ServerSocket open() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
