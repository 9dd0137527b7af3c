package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.storage.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A complete system whose applications have a wrong key of its S3 server, which would refuse their requests. */
class InProcessStoreJourneyIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void theApplicationsOfOneJvmSendNoRequestsToTheStore() throws IOException {
        try (var system = StandaloneSystem.start(folder, Map.of("IO_ATELIER_STORAGE_SECRETKEY", "a wrong one"))) {
            var id = system.submit("""
                {"prompt":"four cards grid:2x2","model":"test-card","size":"512x512","grid":{"layout":"2x2"}}\
                """).path("id").asString();
            await().atMost(TIMEOUT)
                    .until(() -> system.generation(id).path("status").asString().equals("succeeded"));

            var tile = system.generation(id).path("images").path(0);
            var byHttp = system.get(tile.path("url").asString());

            assertThat(byHttp.statusCode()).isEqualTo(200);
            assertThat(StoredObject.sha256Of(byHttp.body()))
                    .isEqualTo(tile.path("sha256").asString());
            assertThat(storedByS3(system, tile.path("sha256").asString())).isEqualTo(byHttp.body());
        }
    }

    /** The object of this SHA-256, read by an S3 client with the right key. */
    private static byte[] storedByS3(StandaloneSystem system, String sha256) throws IOException {
        try (var application = system.s3Client()) {
            var client = application.store();
            var key = client.list("jobs/", null, 100).join().objects().stream()
                    .map(listed -> listed.key())
                    .filter(listed ->
                            client.find(listed).join().orElseThrow().sha256().equals(sha256))
                    .findFirst()
                    .orElseThrow();
            try (var content = client.open(key, null).join()) {
                return content.stream().readAllBytes();
            }
        }
    }
}
