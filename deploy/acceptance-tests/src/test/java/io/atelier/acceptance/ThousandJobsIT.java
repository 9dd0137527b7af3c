package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand jobs on four slots, checked by external clients. */
@Tag("processes")
class ThousandJobsIT {

    private static final int JOBS = 1_000;
    private static final int SUBMITTERS = 4;
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    @Test
    void allSucceedAndEachImageIsReadableWhenItsEventIsPublished() throws Exception {
        var ports = FreePorts.find();
        var client = new HttpApiClient(ports.http());
        var submitted = ConcurrentHashMap.<String>newKeySet();
        try (var system = AtelierProcess.up("system", "", ports.settings(folder.resolve("data"), 4))) {
            client.awaitReady(system);
            var submitters = Executors.newFixedThreadPool(SUBMITTERS);
            for (int i = 0; i < JOBS; i++) {
                var request = Map.of("model", "test-card", "prompt", "card " + i, "size", "64x64");
                submitters.execute(() -> submitted.add(client.submit(request)));
            }

            var published = awaitSuccesses(ports.brokers(), client);

            submitters.shutdown();
            assertThat(submitters.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            assertThat(submitted).hasSize(JOBS);
            assertThat(published).isEqualTo(submitted);
        }
    }

    private static Set<String> awaitSuccesses(String brokers, HttpApiClient client) {
        var published = new HashSet<String>();
        var deadline = Instant.now().plus(TIMEOUT);
        try (var consumer = new TopicConsumer(brokers)) {
            while (published.size() < JOBS && Instant.now().isBefore(deadline)) {
                consumer.poll(event -> {
                    if (event.type().equals(TopicConsumer.SUCCEEDED)) {
                        assertThat(client.image(event.job(), 0).statusCode())
                                .as("image of %s at its event", event.job())
                                .isEqualTo(200);
                        assertThat(published.add(event.job()))
                                .as("%s published once", event.job())
                                .isTrue();
                    }
                });
            }
        }
        return published;
    }
}
