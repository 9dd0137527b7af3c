package io.atelier.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.client.AtelierClient;
import io.atelier.client.GenerationUnsuccessful;
import io.atelier.client.ImageRequest;
import io.atelier.springai.AtelierAutoConfiguration;
import io.atelier.springai.AtelierImageOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;

/**
 * A system in containers, as a test of an application uses it. Run by ci/parts/compose, which builds its images; {@code atelier.images} is what stands
 * before the names of the services.
 */
@Tag("compose")
@SpringBootTest(
        classes = AtelierContainerIT.Application.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = "atelier.model=test-card")
class AtelierContainerIT {

    @ServiceConnection
    private static final AtelierContainer ATELIER =
            new AtelierContainer(System.getProperty("atelier.images", "atelier-"), "latest").withSplitterWorker();

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** An application with the starter. */
    @ImportAutoConfiguration(AtelierAutoConfiguration.class)
    static class Application {}

    @BeforeAll
    static void start() {
        ATELIER.start();
    }

    @AfterAll
    static void stop() {
        var address = ATELIER.baseUrl();
        ATELIER.stop();
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() ->
                        HTTP.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding()));
    }

    @Test
    void imagesAndTilesAreGenerated() throws IOException {
        var client = AtelierClient.of(ATELIER.baseUrl());

        var card = client.generate(
                ImageRequest.builder("a card").model("test-card").size(128, 64).build(), TIMEOUT);
        var grid = client.generate(
                ImageRequest.builder("icons grid:2x2")
                        .model("test-card")
                        .size(256, 256)
                        .grid(2, 2)
                        .build(),
                TIMEOUT);

        assertThat(width(client.image(card.id(), 0))).isEqualTo(128);
        assertThat(grid.images()).hasSize(4);
    }

    @Test
    void promptsScriptFailures() {
        var client = AtelierClient.of(ATELIER.baseUrl());
        var request = ImageRequest.builder("fail:moderation").model("test-card").build();

        assertThatExceptionOfType(GenerationUnsuccessful.class).isThrownBy(() -> client.generate(request, TIMEOUT));
    }

    @Test
    void imagesApiOfOpenAiIsThere() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(ATELIER.openAiBaseUrl() + "/images/generations"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"test-card\",\"prompt\":\"a card\",\"size\":\"64x64\"}"))
                .build();

        var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).contains("\"b64_json\":\"");
    }

    @Test
    void applicationWithTheStarterIsConnected(@Autowired ImageModel model) throws IOException {
        var response = model.call(new ImagePrompt("a card", AtelierImageOptions.NONE.withSize(64, 64)));

        var image = response.getResults().get(0).getOutput().getB64Json();
        assertThat(width(Base64.getDecoder().decode(image))).isEqualTo(64);
    }

    private static int width(byte[] image) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(image)).getWidth();
    }
}
