package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Source;
import io.atelier.gateway.files.format.SampleFiles;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Topic;
import io.atelier.storage.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.http.client.MultipartBodyBuilder;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;
import tools.jackson.databind.json.JsonMapper;

/** D-34: each step of an avatar alone. */
@GatewayHttpTest
class AvatarStepHttpTests {

    private static final JsonMapper JSON = new JsonMapper();

    @Autowired
    private WebTestClient http;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private WorkerRegistry workers;

    private AvatarClient avatars;

    @BeforeEach
    void addWorkers() {
        avatars = new AvatarClient(http, publisher, workers);
        avatars.addWorkers();
    }

    @AfterEach
    void clear() {
        avatars.removeWorkers();
        jobs.clear();
    }

    @Test
    void promptAloneHasNoModel() {
        avatars.post("/v1/avatars/prompt", persona(""))
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.model")
                .isEmpty()
                .jsonPath("$.requested_model")
                .isEmpty()
                .jsonPath("$.grid")
                .isEmpty()
                .jsonPath("$.request.size")
                .isEmpty()
                .jsonPath("$.request.seed")
                .isEmpty()
                .jsonPath("$.stage")
                .isEqualTo("accepted")
                .jsonPath("$.avatar.steps")
                .isEqualTo(List.of("prompt"));

        assertThat(Topic.of(avatars.published())).isEqualTo(Topic.TASK_REPORTS);
        assertThat(avatars.published().task()).isEqualTo("avatar");
        assertThat(avatar().steps()).containsExactly(AvatarStep.PROMPT);
        assertThat(avatar().images()).isZero();
        assertThat(avatar().persona()).isNotNull();
    }

    @Test
    void severalPromptsAloneAreForTheGridsOfTheImages() {
        avatars.post("/v1/avatars/prompt", persona(", \"distinct_prompts\": true, \"images\": 12"))
                .expectStatus()
                .isAccepted();

        assertThat(avatar().distinctPrompts()).isTrue();
        assertThat(avatar().grids()).isEqualTo(3);
    }

    @Test
    void baseAloneIsOneImage() {
        var face = uploaded(SampleFiles.png(40, 30, 911));

        avatars.post(
                        "/v1/avatars/base",
                        persona(", \"model\": \"gpt-image-2\", \"seed\": 5, \"face\": {\"file_id\": \"%s\"}"
                                .formatted(face)))
                .expectStatus()
                .isAccepted();

        var request = avatars.published().request();
        assertThat(request.model()).isEqualTo("gpt-image-2");
        assertThat(request.seed()).isEqualTo(5);
        assertThat(request.grid()).isNull();
        assertThat(avatar().steps()).containsExactly(AvatarStep.BASE);
        assertThat(avatar().images()).isEqualTo(1);
        assertThat(Objects.requireNonNull(avatar().face()).stored()).isNotNull();
    }

    @Test
    void baseAloneNeedsNoModelThatChangesImagesUnlessThereIsAFace() {
        avatars.post("/v1/avatars/base", persona(", \"model\": \"pocket\""))
                .expectStatus()
                .isAccepted();
        avatars.post(
                        "/v1/avatars/base",
                        persona(", \"model\": \"pocket\", \"face\": {\"file_id\": \"%s\"}"
                                .formatted(uploaded(SampleFiles.png(40, 30, 912)))))
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/model");
    }

    @ParameterizedTest
    @CsvSource({"/v1/avatars/base, 202", "/v1/avatars/prompt, 406"})
    void onlyJobsWithOneImageAnswerWithIt(String path, int status) {
        // 202, because the wait ends before the image is there.
        http.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .header("Prefer", "wait=1")
                .header("Accept", "image/png")
                .bodyValue(persona(""))
                .exchange()
                .expectStatus()
                .isEqualTo(status);
    }

    @Test
    void gridAloneHasTheBaseAndThePromptOfTheRequest() throws IOException {
        var source = jobs.show(SampleAvatars.running());

        avatars.post(
                        "/v1/avatars/grid",
                        "{\"base\": {\"generation\": {\"id\": \"%s\"}}, \"prompt\": \"four %s\"}"
                                .formatted(source.id(), AvatarClient.MARK))
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.grid")
                .isEmpty()
                .jsonPath("$.avatar.persona")
                .isEmpty()
                .jsonPath("$.avatar.prompts[0].by")
                .isEqualTo("client");

        assertThat(avatar().steps()).containsExactly(AvatarStep.GRID);
        assertThat(avatar().images()).isEqualTo(1);
        assertThat(avatar().base())
                .isEqualTo(Source.of(source.id(), 0).storedAs(Objects.requireNonNull(source.base())));
        assertThat(prompt()).isEqualTo("four " + AvatarClient.MARK);
        assertThat(avatar().persona()).isNull();
    }

    @Test
    void gridAloneIsReadFromAForm() throws IOException {
        var bytes = SampleFiles.png(40, 30, 913);
        var prompt = "\u26f5".repeat(32_000);
        var form = new MultipartBodyBuilder();
        form.part("base", bytes, MediaType.IMAGE_PNG).filename("base.png");
        form.part("prompt", prompt);
        form.part("model", "gpt-image-2");

        form("/v1/avatars/grid", form).expectStatus().isAccepted();

        assertThat(Objects.requireNonNull(
                                Objects.requireNonNull(avatar().base()).stored())
                        .sha256())
                .isEqualTo(Sha256.of(bytes).hex());
        assertThat(prompt()).isEqualTo(prompt);
        assertThat(avatars.published().request().model()).isEqualTo("gpt-image-2");
    }

    @Test
    void formWithMistakesStoresNoFile() {
        var stored = store.memory().keys();
        var form = new MultipartBodyBuilder();
        form.part("base", SampleFiles.png(40, 30, 914), MediaType.IMAGE_PNG).filename("base.png");
        form("/v1/avatars/grid", form)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/prompt");
        var withoutFile = new MultipartBodyBuilder();
        withoutFile.part("prompt", "four views");
        form("/v1/avatars/grid", withoutFile)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/base");

        assertThat(store.memory().keys()).isEqualTo(stored);
    }

    @Test
    void imagesOfGenerationsAndFilesArePublished() {
        var job = jobs.show(SampleJobs.succeeded(SampleAvatars.BASE, SampleAvatars.PROMPT));
        var file = uploaded(SampleFiles.png(40, 30, 915));

        avatars.post(
                        "/v1/avatars/publish",
                        "{\"persona_id\": 42, \"images\": [{\"generation\": {\"id\": \"%s\", \"index\": 1}}, {\"file_id\": \"%s\"}]}"
                                .formatted(job.id(), file))
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.model")
                .isEmpty()
                .jsonPath("$.avatar.persona.id")
                .isEqualTo("42");

        var request = avatars.published().request();
        assertThat(request.pool()).isEqualTo(GenerationRequest.SPLITTER_POOL);
        assertThat(request.splitsOnly()).isFalse();
        assertThat(avatars.published().task()).isEqualTo("avatar");
        assertThat(Topic.of(avatars.published())).isEqualTo(Topic.TASK_REPORTS);
        assertThat(avatar().steps()).containsExactly(AvatarStep.PUBLISH);
        assertThat(avatar().images()).isEqualTo(2);
        assertThat(avatar().personaId()).isEqualTo("42");
        assertThat(request.images().get(0))
                .isEqualTo(Source.of(job.id(), 1).storedAs(job.images().get(1)));
        assertThat(request.images().get(1).stored()).isNotNull();
    }

    @Test
    void twentyImagesArePublishedBelowAKeyBase() {
        var job = jobs.show(SampleJobs.succeeded(SampleAvatars.BASE));
        var image = "{\"generation\": {\"id\": \"%s\"}}".formatted(job.id());
        var twenty = IntStream.range(0, 20).mapToObj(index -> image).collect(Collectors.joining(", "));

        avatars.post("/v1/avatars/publish", "{\"key_base\": \"avatars/a/b_c\", \"images\": [%s]}".formatted(twenty))
                .expectStatus()
                .isAccepted();

        assertThat(avatar().keyBase()).isEqualTo("avatars/a/b_c");
        assertThat(avatar().personaId()).isNull();
        assertThat(avatar().images()).isEqualTo(20);
        avatars.post(
                        "/v1/avatars/publish",
                        "{\"key_base\": \"avatars/a\", \"images\": [%s, %s]}".formatted(twenty, image))
                .expectStatus()
                .isEqualTo(422);
    }

    @Test
    void otherFormatsThanPngAreNotPublished() {
        var jpeg = uploaded("image/jpeg", SampleFiles.jpeg(40, 30, 916));

        avatars.post(
                        "/v1/avatars/publish",
                        "{\"persona_id\": \"42\", \"images\": [{\"file_id\": \"%s\"}]}".formatted(jpeg))
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/images/0")
                .jsonPath("$.errors[0].detail")
                .value(detail -> assertThat((String) detail).contains("image/jpeg", "PNG"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt | {} | /persona",
                "prompt | {\"model\": \"pocket\"} | /model",
                "prompt | {\"images\": 8} | /images",
                "prompt | {\"distinct_prompts\": true, \"images\": 7} | /images",
                "base | {} | /persona",
                "base | {\"images\": 4} | /images",
                "base | {\"base\": {}} | /base",
                "base | {\"face\": {\"image_url\": \"https://example.org/a.png\"}} | /face/image_url",
                "grid | {\"prompt\": \"x\"} | /base",
                "grid | {\"base\": {\"file_id\": \"x\"}} | /prompt",
                "grid | {\"persona\": {}} | /persona",
                "grid | {\"model\": \"pocket\"} | /model",
                "publish | {\"images\": []} | /images",
                "publish | {\"persona_id\": \"1\"} | /images",
                "publish | {\"images\": [{}]} | /persona_id",
                "publish | {\"images\": [{}]} | /images/0",
                "publish | {\"images\": [{\"image_url\": \"https://example.org/a.png\"}]} | /images/0/image_url",
                "publish | {\"persona_id\": \"a/b\"} | /persona_id",
                "publish | {\"persona_id\": \"1\", \"key_base\": \"avatars/1\"} | /key_base",
                "publish | {\"key_base\": \"jobs/1\"} | /key_base",
                "publish | {\"key_base\": \"avatars/\"} | /key_base",
                "publish | {\"key_base\": \"avatars/../1\"} | /key_base",
                "publish | {\"key_base\": \"avatars//1\"} | /key_base",
                "publish | {\"key_base\": \"avatars/a b\"} | /key_base",
                "publish | {\"model\": \"pocket\"} | /model"
            })
    void mistakesInTheBodyAreNamed(String step, String body, String pointer) {
        int before = avatars.records();

        var problem = JSON.readTree(avatars.post("/v1/avatars/" + step, body)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .returnResult()
                .getResponseBody());

        assertThat(problem.get("errors"))
                .anySatisfy(
                        error -> assertThat(error.get("pointer").stringValue()).isEqualTo(pointer));
        assertThat(avatars.records()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"avatars/../1", "avatars/./1", "avatars//1", "avatars/a b", "avatars/", "jobs/1"})
    void beginningThatMakesNoKeyIsRefusedWithTheWholeRule(String base) {
        var problem = JSON.readTree(avatars.post("/v1/avatars/publish", "{\"key_base\": \"%s\"}".formatted(base))
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .returnResult()
                .getResponseBody());

        assertThat(problem.get("errors"))
                .filteredOn(error -> error.get("pointer").stringValue().equals("/key_base"))
                .singleElement()
                .extracting(error -> error.get("detail").stringValue())
                .isEqualTo(
                        "Must begin with 'avatars/' and go on, such as 'avatars/42/img'. Allowed are A-Z a-z 0-9 . _ - and slashes;"
                                + " no part between slashes is empty, '.' or '..', or longer than 200 characters.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt", "base"})
    void keyOfOneStepDoesNotCountForAnother(String step) {
        avatars.post("/v1/avatars/" + step, persona(""), "Idempotency-Key", "one-key-for-all")
                .expectStatus()
                .isAccepted();
        var first = avatars.published();
        avatars.post("/v1/avatars/" + step, persona(""), "Idempotency-Key", "one-key-for-all")
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Idempotency-Replayed", "true");

        assertThat(avatars.published()).isEqualTo(first);
        assertThat(avatar().steps()).extracting(AvatarStep::word).containsExactly(step);
    }

    @Test
    void stepsAreCanceledAndDeletedAsEveryJob() {
        avatars.post("/v1/avatars/prompt", persona("")).expectStatus().isAccepted();
        var event = avatars.published();

        http.post()
                .uri("/v1/generations/" + event.job() + "/cancel")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("canceled");
        http.delete()
                .uri("/v1/generations/" + event.job())
                .exchange()
                .expectStatus()
                .value(status -> assertThat(status).isIn(202, 204));
    }

    private static String persona(String fields) {
        return "{\"persona\": %s%s}".formatted(AvatarClient.PERSONA, fields);
    }

    private AvatarSpec avatar() {
        return Objects.requireNonNull(avatars.published().request().avatar());
    }

    private String prompt() throws IOException {
        var text = Objects.requireNonNull(avatar().prompt());
        try (var content = store.memory().open(new ObjectKey(text.key()), null).join()) {
            return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private WebTestClient.ResponseSpec form(String path, MultipartBodyBuilder form) {
        return http.post()
                .uri(path)
                .contentType(MediaType.MULTIPART_FORM_DATA)
                .body(BodyInserters.fromMultipartData(form.build()))
                .exchange();
    }

    private String uploaded(byte[] png) {
        return uploaded("image/png", png);
    }

    private String uploaded(String mediaType, byte[] bytes) {
        var response = http.post()
                .uri("/v1/files")
                .header("Content-Type", mediaType)
                .bodyValue(bytes)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return JSON.readTree(response).get("id").stringValue();
    }
}
