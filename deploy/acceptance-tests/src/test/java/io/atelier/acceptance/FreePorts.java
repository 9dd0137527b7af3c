package io.atelier.acceptance;

import io.atelier.embedded.LoopbackPorts;
import java.nio.file.Path;
import java.util.Map;

/** Three free ports, and settings that use them. */
public record FreePorts(int http, int kafka, int s3) {

    public static FreePorts find() {
        return new FreePorts(LoopbackPorts.freePort(), LoopbackPorts.freePort(), LoopbackPorts.freePort());
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
}
