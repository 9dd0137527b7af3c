package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of clients of hayhooks, with a real broker, store and worker. */
class HayhooksJourneyIT {

    @TempDir
    private static Path folder;

    private static StandaloneSystem system;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        system = StandaloneSystem.start(
                folder, Map.of("ATELIER_HAYHOOKS_PORT", "0", "ATELIER_HAYHOOKS_MODEL", "test-card"));
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\":\"A cat sitting on a rainbow\",\"width\":512,\"height\":512} | 512 | 512",
                "{\"prompt\":\"A cat\"} | 512 | 512",
                "{\"prompt\":\"A cat\",\"width\":128,\"height\":64} | 128 | 64",
                "{\"prompt\":\"A cat\",\"width\":\"500\",\"height\":333.0} | 500 | 333"
            })
    void responseIsAPngOfTheSize(String body, int width, int height) throws Exception {
        var response = run(body);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(HexFormat.of().formatHex(Arrays.copyOf(response.body(), 8))).isEqualTo("89504e470d0a1a0a");
        var image = ImageIO.read(new ByteArrayInputStream(response.body()));
        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
        var job = response.headers().firstValue("X-Job-Id").orElseThrow();
        assertThat(system.generation(job).get("status").stringValue()).isEqualTo("succeeded");
    }

    @Test
    void requestForAnEngineWithoutItsTokenSaysSo() throws Exception {
        var response = run("{\"prompt\":\"A cat\",\"model\":\"black-forest-labs/FLUX.1-schnell\"}");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .startsWith("{\"detail\":\"Pipeline execution failed: ")
                .contains("\"code\":\"NOT_CONFIGURED\"", "HF_TOKEN");
    }

    @Test
    void failureOfTheEngineIsAFailureOfThePipeline() throws Exception {
        var response = run("{\"prompt\":\"A cat fail:rejected\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .startsWith("{\"detail\":\"Pipeline execution failed: ")
                .contains("\"code\":\"INVALID_REQUEST\"");
    }

    private HttpResponse<byte[]> run(String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(system.hayhooksUrl() + "/image_generation/run"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
}
