package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone system is killed while jobs are running and queued. */
@Tag("processes")
class KilledStandaloneIT {

    private static final int QUEUED = 20;
    private static final int SLOTS = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    @Test
    void everyJobSucceedsAndIsPublishedOnce() {
        var ports = FreePorts.find();
        var settings = ports.settings(folder.resolve("data"), SLOTS);
        var client = new HttpApiClient(ports.http());
        List<String> jobs = new ArrayList<>();

        var first = AtelierProcess.up("first", "", settings);
        try {
            client.awaitReady(first);
            // Two jobs that are running at the kill, and twenty queued ones.
            for (int i = 0; i < SLOTS + QUEUED; i++) {
                var delay = i < SLOTS ? "delay:3s" : "delay:100ms";
                jobs.add(client.submit(Map.of("model", "test-card", "prompt", delay + " job " + i, "size", "64x64")));
            }
            Awaitility.await("both slots to be busy")
                    .atMost(TIMEOUT)
                    .until(() -> client.status(jobs.get(0)).equals("running")
                            && client.status(jobs.get(1)).equals("running"));
            assertThat(jobs.stream().map(client::status))
                    .filteredOn("queued"::equals)
                    .hasSize(QUEUED);
        } finally {
            first.kill();
        }

        try (var second = AtelierProcess.up("second", "", settings)) {
            client.awaitReady(second);
            for (var job : jobs) {
                assertThat(client.awaitTerminal(job, TIMEOUT).get("status").asString())
                        .as(job)
                        .isEqualTo("succeeded");
                assertThat(client.image(job, 0).statusCode()).isEqualTo(200);
            }
            try (var consumer = new TopicConsumer(ports.brokers())) {
                var published = consumer.readAll();
                assertThat(published.keySet()).containsExactlyInAnyOrderElementsOf(jobs);
                published.forEach((job, events) -> {
                    assertThat(events)
                            .extracting(TopicConsumer.Event::id)
                            .as(job)
                            .doesNotHaveDuplicates();
                    assertThat(events)
                            .filteredOn(event -> event.type().equals(TopicConsumer.SUCCEEDED))
                            .as(job)
                            .hasSize(1);
                    assertThat(events)
                            .extracting(TopicConsumer.Event::sequence)
                            .as(job)
                            .isSorted();
                });
            }
        }
    }
}
