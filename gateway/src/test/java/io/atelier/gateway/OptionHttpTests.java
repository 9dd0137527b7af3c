package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.ImageOptions;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parameters that only some models have, sizes of models, models that were shut down, and the usage of providers. */
@GatewayHttpTest
class OptionHttpTests {

    private static final JsonMapper JSON = new JsonMapper();

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private WorkerRegistry workers;

    @BeforeEach
    void addWorker() {
        workers.put(SampleWorkers.ready("generator-1-remote", "remote", "openai"), Instant.now());
    }

    @AfterEach
    void removeWorker() {
        workers.put(SampleWorkers.leaving("generator-1-remote", "remote", "openai"), Instant.now());
        jobs.clear();
    }

    @Test
    void optionsArePublishedAndShown() {
        var job = accepted("'model': 'gpt-image-2.6-sunburst', 'quality': 'max', 'moderation': 'low',"
                + " 'output': {'background': 'transparent'}");

        assertThat(published().request().options())
                .isEqualTo(new ImageOptions("max", "transparent", "low", null, null));
        assertThat(job.at("/request/quality").asString()).isEqualTo("max");
        assertThat(job.at("/request/background").asString()).isEqualTo("transparent");
        assertThat(job.at("/request/moderation").asString()).isEqualTo("low");
        assertThat(job.at("/request").has("input_fidelity")).isFalse();
    }

    @Test
    void requestWithoutOptionsPublishesAndShowsNone() {
        var job = accepted("'model': 'gpt-image-2'");

        assertThat(published().request().options()).isNull();
        assertThat(published().request().warnings()).isEmpty();
        assertThat(job.at("/request").has("quality")).isFalse();
        assertThat(job.at("/usage").has("provider")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        'quality': 'high'                                             | /quality           | The model 'pocket' does not let clients set this. Leave it out, or name a model that does: gpt-image-2.6-flare,
        'model': 'gpt-image-2', 'quality': 'max'                      | /quality           | Must be 'auto' or 'low' or 'medium' or 'high' for the model 'gpt-image-2'.
        'model': 'gpt-image-2.6-flare', 'quality': 'ultra'            | /quality           | Must be 'auto' or 'low' or 'medium' or 'high' or 'xhigh' or 'max'
        'model': 'gpt-image-2', 'quality': 'High'                     | /quality           | Must be 'auto'
        'model': 'gpt-image-2', 'quality': 3                          | /quality           | Must be a string, not a whole number.
        'model': 'gpt-image-2', 'quality': ''                         | /quality           | Must be 'auto'
        'model': 'gpt-image-2', 'moderation': 'off'                   | /moderation        | Must be 'auto' or 'low'
        'moderation': 'low'                                           | /moderation        | The model 'pocket' does not let clients set this.
        'model': 'gpt-image-2', 'output': {'background': 'red'}       | /output/background | Must be 'auto' or 'opaque' or 'transparent'
        'output': {'background': 'opaque'}                            | /output/background | The model 'pocket' does not let clients set this.
        'model': 'gpt-image-2', 'output': {'background': []}          | /output/background | Must be a string, not a list.
        'model': 'gpt-image-2', 'input_fidelity': 'high', 'images': [{'image_url': 'https://example.org/a.png'}] | /input_fidelity | The model 'gpt-image-2' does not let clients set this.
        'model': 'gpt-image-2', 'background': 'opaque'                | /background        | There is no such field.\
        """)
    void optionThatTheModelDoesNotTakeIsRefusedAndNothingIsPublished(String fields, String pointer, String detail) {
        int before = publisher.events().size();

        var problem = refused(fields);

        assertThat(problem.at("/errors")).hasSize(1);
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(problem.at("/errors/0/detail").asString()).contains(detail);
        assertThat(publisher.events()).hasSize(before);
    }

    @Test
    void fidelityBelongsToImages() {
        var problem = refused("'model': 'gpt-image-2', 'input_fidelity': 'low'");

        assertThat(problem.at("/errors").toString()).contains("Belongs to 'images', of which there are none.");
    }

    @Test
    void jpegHasNoTransparentBackground() {
        var problem = refused("'model': 'gpt-image-2', 'output': {'format': 'jpeg', 'background': 'transparent'}");

        assertThat(problem.at("/errors").toString()).contains("JPEG files have no transparency.");
    }

    @Test
    void namedFallbackThatDoesNotTakeAnOptionIsRefused() {
        var problem =
                refused("'model': 'gpt-image-2.6-flare', 'quality': 'max', 'routing': {'fallbacks': ['gpt-image-2']}");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/routing/fallbacks/0");
        assertThat(problem.at("/errors/0/detail").asString()).contains("/quality: Must be 'auto'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3840x2160", "2160x3840", "1024x640", "480x1440", "1920x1088", "2880x2880"})
    void newModelTakesAnySizeWithinItsLimits(String size) {
        accepted("'model': 'gpt-image-2.6-flare', 'size': '%s'".formatted(size));

        assertThat(published().request().size()).hasToString(size);
    }

    @Test
    void sizeThatNoModelHasComesWithTheNearestOneToo() {
        var problem = refused("'model': 'gpt-image-2', 'size': '1920x1081'");

        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo(
                        "The model 'gpt-image-2' does not support the size 1920x1081; it supports sides of 480 to 3840"
                                + " pixels, multiples of 16, ratios from 1:3 to 3:1, at least 655360 pixels in all, at most"
                                + " 8294400 pixels in all. The nearest size is 1920x1088.");
        assertThat(refused("'model': 'gpt-image-2', 'size': '99999x1'")
                        .at("/errors/0/detail")
                        .asString())
                .startsWith(
                        "The model 'gpt-image-2' does not support the size 99999x1; it supports sides of 480 to 3840")
                .doesNotContain("nearest");
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-image-2.6-flare, 512x512, 816x816",
        "gpt-image-2, 1920x1080, 1920x1088",
        "gpt-image-2.5-sunburst, 4096x4096, 2880x2880",
        "gpt-image-2, 3840x1024, 3456x1152"
    })
    void refusedSizeComesWithTheLimitsAndTheNearestOne(String model, String size, String nearest) {
        int before = publisher.events().size();

        var problem = refused("'model': '%s', 'size': '%s'".formatted(model, size));

        assertThat(problem.path("code").asString()).isEqualTo("size-unsupported");
        assertThat(problem.path("detail").asString())
                .contains("multiples of 16", "ratios from 1:3 to 3:1", "at most 8294400 pixels")
                .endsWith("The nearest size is %s.".formatted(nearest));
        assertThat(problem.path("nearest_size").asString()).isEqualTo(nearest);
        assertThat(publisher.events()).hasSize(before);
        accepted("'model': '%s', 'size': '%s'".formatted(model, nearest));
    }

    @DisplayName("E-15: requests for models that were shut down get another one, with a warning")
    @ParameterizedTest
    @ValueSource(strings = {"dall-e-2", "dall-e-3", "gpt-image-1"})
    void modelThatWasShutDownIsReplacedWithAWarning(String name) {
        var job = accepted("'model': '%s'".formatted(name));

        assertThat(published().request().model()).isEqualTo("gpt-image-2.6-flare");
        assertThat(job.path("model").asString()).isEqualTo("gpt-image-2.6-flare");
        assertThat(job.path("requested_model").asString()).isEqualTo(name);
        assertThat(job.at("/warnings/0/code").asString()).isEqualTo("model-replaced");
        assertThat(job.at("/warnings/0/message").asString())
                .contains("'%s' was shut down".formatted(name), "'gpt-image-2.6-flare' takes its place");
    }

    @Test
    void fallbackThatWasShutDownIsReplacedWithAWarning() {
        accepted("'model': 'gpt-image-2', 'routing': {'fallbacks': ['dall-e-3']}");

        assertThat(published().request().fallbacks().get(0).model()).isEqualTo("gpt-image-2.6-flare");
        assertThat(published().request().warnings())
                .extracting(Job.Warning::code)
                .containsExactly("model-replaced");
    }

    @Test
    void refusalNamesTheModelAsTheClientWroteIt() {
        var problem = refused("'model': 'dall-e-3', 'steps': 9");

        assertThat(problem.path("detail").asString()).contains("'gpt-image-2.6-flare'", "'dall-e-3' was shut down");
    }

    @Test
    void twoNamesOfOneModelAreRefusedAsFallbacks() {
        var problem = refused("'model': 'gpt-image-1', 'routing': {'fallbacks': ['dall-e-3']}");

        assertThat(problem.at("/errors/0/detail").asString()).contains("'gpt-image-2.6-flare' comes earlier already");
    }

    @Test
    void retryOfAJobWhoseModelWasShutDownAsksTheReplacement() {
        var old = jobs.show(JobBuilder.of(SampleJobs.in(JobStatus.FAILED))
                .request(requestFor("gpt-image-1", new ImageSize(1536, 1024)))
                .job());

        var job = read(retry(old).expectStatus().isAccepted());

        assertThat(job.path("model").asString()).isEqualTo("gpt-image-2.6-flare");
        assertThat(job.path("requested_model").asString()).isEqualTo("gpt-image-1");
        assertThat(job.at("/warnings/0/code").asString()).isEqualTo("model-replaced");
        assertThat(published().request().size()).hasToString("1536x1024");
        assertThat(published().request().engine()).isEqualTo("openai");
        assertThat(published().request().steps()).isNull();
        assertThat(published().request().terms().parent()).isEqualTo(old.id());
    }

    @Test
    void retryIsRefusedIfTheReplacementDoesNotTakeTheRequest() {
        int before = publisher.events().size();
        var old = jobs.show(JobBuilder.of(SampleJobs.in(JobStatus.FAILED))
                .request(requestFor("dall-e-2", new ImageSize(256, 256)).toBuilder()
                        .options(new ImageOptions("hd", null, null, null, null))
                        .build())
                .job());

        var problem = read(retry(old).expectStatus().isEqualTo(422));

        assertThat(problem.path("detail").asString())
                .contains("'dall-e-2' was shut down", "does not take this request's size, quality");
        assertThat(publisher.events()).hasSize(before);
    }

    private WebTestClient.ResponseSpec retry(Job old) {
        return client.post().uri("/v1/generations/{id}/retry", old.id()).exchange();
    }

    private static GenerationRequest requestFor(String model, ImageSize size) {
        return GenerationRequest.builder()
                .prompt("x")
                .model(model)
                .requestedModel(model)
                .engine("openai")
                .pool("remote")
                .size(size)
                .steps(20)
                .build();
    }

    @Test
    void aliasIsListedLastWithItsReplacement() {
        var models = get("/v1/models").path("data");
        var ids = models.valueStream().map(model -> model.path("id").asString()).toList();

        assertThat(ids)
                .contains("gpt-image-2.6-flare", "dall-e-2", "dall-e-3", "gpt-image-1")
                .doesNotHaveDuplicates();
        assertThat(ids.indexOf("dall-e-3")).isGreaterThan(ids.indexOf("comfyui"));
        var alias = get("/v1/models/dall-e-3");
        assertThat(alias.path("id").asString()).isEqualTo("dall-e-3");
        assertThat(alias.path("deprecated").asBoolean()).isTrue();
        assertThat(alias.path("shutdown_date").asString()).isEqualTo("2026-05-12");
        assertThat(alias.path("replaced_by").asString()).isEqualTo("gpt-image-2.6-flare");
        assertThat(alias.path("engine").asString()).isEqualTo("openai");
    }

    @Test
    void modelShowsItsSizesAndOptions() {
        var model = get("/v1/models/gpt-image-2.6-flare");

        assertThat(model.path("deprecated").asBoolean(true)).isFalse();
        assertThat(model.has("shutdown_date")).isFalse();
        assertThat(model.path("limits")).isEqualTo(JSON.readTree("""
            {"n": 10, "images": 16, "masks": true, "strength": false, "side": {"min": 480, "max": 3840, "multiple_of": 16},
             "min_pixels": 655360, "max_pixels": 8294400, "max_ratio": 3.0, "steps": null, "guidance_scale": null,
             "quality": ["auto", "low", "medium", "high", "xhigh", "max"], "background": ["auto", "opaque", "transparent"],
             "moderation": ["auto", "low"], "input_fidelity": [], "scheduler": []}"""));
    }

    @Test
    void usageOfProvidersIsShownForTheJobAndEachFailedAttempt() {
        var usage = new ProviderUsage(50L, new ProviderUsage.Tokens(10L, 40L, null), 4_160L, null, 1L, 6.5);
        var job = jobs.show(JobBuilder.of(SampleJobs.in(JobStatus.FAILED))
                .error(new Failure(Failure.Code.PROVIDER_ERROR, "Service error"))
                .providerCalls(2)
                .providerUsage(usage)
                .job());

        var shown = get("/v1/generations/" + job.id());

        var expected = JSON.readTree("""
            {"input_tokens": 50, "input_tokens_details": {"text_tokens": 10, "image_tokens": 40}, "output_tokens": 4160,
             "images": 1, "seconds": 6.5}""");
        assertThat(shown.at("/usage/provider")).isEqualTo(expected);
        assertThat(shown.at("/last_errors/0/provider_usage")).isEqualTo(expected);
    }

    private JsonNode accepted(String fields) {
        return read(post(fields).expectStatus().isAccepted());
    }

    private JsonNode refused(String fields) {
        return read(post(fields).expectStatus().isEqualTo(422));
    }

    private WebTestClient.ResponseSpec post(String fields) {
        return client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{'prompt': 'x', %s}".formatted(fields).replace('\'', '"'))
                .exchange();
    }

    private JsonNode get(String path) {
        return read(client.get().uri(path).exchange().expectStatus().isOk());
    }

    private static JsonNode read(WebTestClient.ResponseSpec response) {
        return JSON.readTree(Objects.requireNonNull(
                response.expectBody(String.class).returnResult().getResponseBody()));
    }

    private GenerationRequested published() {
        var events = publisher.events(GenerationRequested.class);
        return events.get(events.size() - 1);
    }
}
