package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that ends the process of a complete system, and with it the broker that counts deliveries. */
@Tag("processes")
class PoisonedStandaloneIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int EXIT_STATUS = 86;
    private static final int ATTEMPTS = 3;

    @TempDir
    Path folder;

    @Test
    void itIsGivenUpAfterItsAttemptsAndTheNextTaskRuns() {
        var ports = FreePorts.find();
        var settings = ports.settings(folder.resolve("data"), 1);
        var client = new HttpApiClient(ports.http());
        var poisoned = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try (var system = AtelierProcess.up("attempt-" + attempt, "", settings)) {
                if (attempt == 1) {
                    client.awaitReady(system);
                    poisoned = client.submit(Map.of("model", "test-card", "prompt", "delay:1s exit", "size", "64x64"));
                }
                assertThat(system.awaitEnd()).as(system.output()).isEqualTo(EXIT_STATUS);
            }
        }

        try (var system = AtelierProcess.up("last", "", settings)) {
            client.awaitReady(system);
            var next = client.submit(Map.of("model", "test-card", "prompt", "a card", "size", "64x64"));
            assertThat(client.awaitTerminal(next, TIMEOUT).get("status").asString())
                    .isEqualTo("succeeded");
            var job = client.awaitTerminal(poisoned, TIMEOUT);
            assertThat(job.get("status").asString()).isEqualTo("failed");
            assertThat(job.get("error").get("code").asString()).isEqualTo("poisoned");
            assertThat(job.get("attempt").asInt()).isEqualTo(ATTEMPTS);
        }
    }
}
