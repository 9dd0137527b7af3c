package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.InMemoryEventPublisher;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayHttpTest
class SubmissionHttpTests {

    private static final String EVERYTHING = """
            {"prompt": "a red car", "negative_prompt": "rain", "model": "test-card", "n": 2, "width": 640, "height": 512,
             "steps": 12, "guidance_scale": 3.5, "seed": 9007199254740990,
             "grid": {"layout": "2x3", "trim": {"inset_px": 4, "tolerance": 9}, "min_tile_px": 100, "keep_original": true},
             "output": {"format": "png", "metadata": "full"}, "labels": {"campaign": "q4"}, "client_ref": "order-77"}""";

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @AfterEach
    void restoreBroker() {
        publisher.comeBack();
    }

    @Test
    void acceptedJobIsPublishedOnceAndCanBeReadAtOnce() {
        int before = publisher.events().size();

        var response = post("{\"prompt\": \"a snowman\"}")
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Retry-After", "1")
                .expectHeader()
                .doesNotExist("Preference-Applied")
                .expectBody()
                .jsonPath("$.object")
                .isEqualTo("generation")
                .jsonPath("$.status")
                .isEqualTo("queued")
                .jsonPath("$.version")
                .isEqualTo(1)
                .jsonPath("$.terminal")
                .isEqualTo(false)
                .jsonPath("$.model")
                .isEqualTo("pocket")
                .jsonPath("$.requested_model")
                .isEqualTo("auto")
                .jsonPath("$.request.size")
                .isEqualTo("512x512")
                .jsonPath("$.request.steps")
                .isEqualTo(25)
                .returnResult();

        assertThat(publisher.events()).hasSize(before + 1);
        var event = published();
        assertThat(event.attempt()).isEqualTo(1);
        assertThat(event.maxAttempts()).isEqualTo(3);
        assertThat(event.task()).isEqualTo("generate");
        assertThat(event.request().seed()).isBetween(0L, (1L << 53) - 1);
        var path = "/v1/generations/" + event.job();
        assertThat(response.getResponseHeaders().getFirst("Location")).isEqualTo(path);
        client.get().uri(path).exchange().expectStatus().isOk();
    }

    @Test
    void everyFieldIsPublished() {
        post(EVERYTHING).expectStatus().isAccepted();

        var request = published().request();
        assertThat(request.prompt()).isEqualTo("a red car");
        assertThat(request.negativePrompt()).isEqualTo("rain");
        assertThat(request.model()).isEqualTo("test-card");
        assertThat(request.engine()).isEqualTo("test-card");
        assertThat(request.pool()).isEqualTo("default");
        assertThat(request.n()).isEqualTo(2);
        assertThat(request.size()).isEqualTo(new ImageSize(640, 512));
        assertThat(request.steps()).isEqualTo(12);
        assertThat(request.guidanceScale()).isEqualTo(3.5);
        assertThat(request.seed()).isEqualTo(9007199254740990L);
        assertThat(request.grid()).isEqualTo(new GridSpec(2, 3, true, 4, 9, 100));
        assertThat(request.metadata()).isEqualTo(Metadata.FULL);
        assertThat(request.labels()).isEqualTo(Map.of("campaign", "q4"));
        assertThat(request.clientRef()).isEqualTo("order-77");
    }

    static Stream<Arguments> trims() {
        return Stream.of(
                Arguments.of("", new GridSpec(2, 2, true, 0, 12, 64)),
                Arguments.of(", \"trim\": \"auto\"", new GridSpec(2, 2, true, 0, 12, 64)),
                Arguments.of(", \"trim\": \"tolerant\"", new GridSpec(2, 2, true, 0, 12, 64)),
                Arguments.of(", \"trim\": null", new GridSpec(2, 2, true, 0, 12, 64)),
                Arguments.of(", \"trim\": {}", new GridSpec(2, 2, true, 0, 12, 64)),
                Arguments.of(", \"trim\": \"none\"", new GridSpec(2, 2, false, 0, 12, 64)),
                Arguments.of(", \"trim\": {\"mode\": \"none\", \"inset_px\": 3}", new GridSpec(2, 2, false, 3, 12, 64)),
                Arguments.of(", \"trim\": \"strict\"", new GridSpec(2, 2, true, 0, 0, 1, true, GridSpec.WHITE, null)),
                Arguments.of(
                        ", \"trim\": {\"mode\": \"strict\", \"inset_px\": 2}, \"min_tile_px\": 64",
                        new GridSpec(2, 2, true, 2, 0, 64, true, GridSpec.WHITE, null)),
                Arguments.of(
                        ", \"trim\": {\"colour\": \"white\", \"tolerance\": 0, \"min_tile_px\": 1}",
                        new GridSpec(2, 2, true, 0, 0, 1, null, GridSpec.WHITE, null)),
                Arguments.of(
                        ", \"trim\": {\"mode\": \"auto\", \"colour\": \"#F0e8D0\", \"tolerance\": 64}",
                        new GridSpec(2, 2, true, 0, 64, 64, null, "#f0e8d0", null)));
    }

    @ParameterizedTest
    @MethodSource("trims")
    void trimIsPublishedWithTheTask(String trim, GridSpec expected) {
        post("{\"prompt\": \"x\", \"grid\": {\"layout\": \"2x2\"%s}}".formatted(trim))
                .expectStatus()
                .isAccepted();

        assertThat(published().request().grid()).isEqualTo(expected);
    }

    @Test
    void enhanceIsPublishedAndEchoed() {
        post("{\"prompt\": \"x\", \"enhance\": true}")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.request.enhance")
                .isEqualTo(true)
                .jsonPath("$.enhanced_by")
                .doesNotExist();
        assertThat(published().request().enhance()).isEqualTo(Enhance.ON);

        post("{\"prompt\": \"x\", \"enhance\": \"auto\"}")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.request.enhance")
                .isEqualTo("auto");
        assertThat(published().request().enhance()).isEqualTo(Enhance.AUTO);

        post("{\"prompt\": \"x\", \"enhance\": false}")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.request.enhance")
                .doesNotExist();
        assertThat(published().request().enhance()).isNull();
    }

    @Test
    void fallbacksArePublishedAndEchoed() {
        post("{\"prompt\": \"x\", \"model\": \"pocket\", \"routing\": {\"fallbacks\": [\"test-card\"]}}")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.request.routing.fallbacks")
                .isEqualTo(List.of("test-card"));

        assertThat(published().request().fallbacks()).singleElement().satisfies(fallback -> {
            assertThat(fallback.model()).isEqualTo("test-card");
            assertThat(fallback.steps()).isEqualTo(10);
        });
    }

    @Test
    void respondAsyncIsConfirmed() {
        client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .header("Prefer", "foo, respond-async")
                .bodyValue("{\"prompt\": \"a snowman\"}")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Preference-Applied", "respond-async");
    }

    @Test
    void requestThatNoBrokerConfirmsIsNotAccepted() {
        publisher.goDown();

        post("{\"prompt\": \"a snowman\"}")
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "5")
                .expectHeader()
                .doesNotExist("Location")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("broker-unavailable")
                .jsonPath("$.retryable")
                .isEqualTo(true)
                .jsonPath("$.id")
                .doesNotExist();
    }

    @Test
    void jpegsArePublishedWithTheirQuality() {
        post("{\"prompt\": \"x\", \"output\": {\"format\": \"jpeg\", \"compression\": 0}}")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.request.output.format")
                .isEqualTo("jpeg")
                .jsonPath("$.request.output.compression")
                .isEqualTo(0);
        assertThat(published().request().jpeg()).isEqualTo(new JpegEncoding(0));

        post("{\"prompt\": \"x\", \"output\": {\"format\": \"jpeg\"}}")
                .expectStatus()
                .isAccepted();
        assertThat(published().request().jpeg()).isEqualTo(new JpegEncoding(90));

        post("{\"prompt\": \"x\", \"output\": {\"format\": \"png\"}}")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.request.output")
                .doesNotExist();
        assertThat(published().request().jpeg()).isNull();
    }

    @Test
    void otherFormatsAreRefusedByNameAndNothingIsPublished() {
        int before = publisher.events().size();

        for (var format : List.of("webp", "avif", "gif", "svg")) {
            post("{\"prompt\": \"x\", \"output\": {\"format\": \"%s\"}}".formatted(format))
                    .expectStatus()
                    .isEqualTo(422)
                    .expectBody()
                    .jsonPath("$.errors[0].detail")
                    .isEqualTo("Must be 'png' or 'jpeg'; images are not written as '%s'.".formatted(format));
        }
        assertThat(publisher.events()).hasSize(before);
    }

    private WebTestClient.ResponseSpec post(String body) {
        return client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private GenerationRequested published() {
        var all = publisher.events(GenerationRequested.class);
        return all.get(all.size() - 1);
    }
}
