package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.Persona;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.StoredText;
import io.atelier.gateway.files.format.SampleFiles;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Topic;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.json.JsonMapper;

/** Requests for avatars, until they are published. */
@GatewayHttpTest
class AvatarHttpTests {

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

    @Autowired
    private Catalogue catalogue;

    private AvatarClient avatars;

    @BeforeEach
    void addWorkers() {
        avatars = new AvatarClient(http, publisher, workers);
        avatars.addWorkers();
    }

    @AfterEach
    void clear() {
        avatars.removeWorkers();
        store.memory().recover();
        jobs.clear();
    }

    @Test
    void oneRecordRefersToThePersonaInTheStore() throws IOException {
        int before = avatars.records();

        var response = avatars.avatar("\"images\": 8, \"labels\": {\"a\": \"b\"}, \"client_ref\": \"r\"")
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .exists("Retry-After")
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("queued")
                .jsonPath("$.request.prompt")
                .isEqualTo("")
                .jsonPath("$.avatar.persona.id")
                .isEqualTo("42")
                .jsonPath("$.avatar.images")
                .isEqualTo(8)
                .jsonPath("$.avatar.distinct_prompts")
                .isEqualTo(false)
                .jsonPath("$.avatar.steps")
                .isEqualTo(List.of("prompt", "base", "grid", "split", "publish"))
                .jsonPath("$.avatar.prompts")
                .isEmpty()
                .jsonPath("$.grid.rows")
                .isEqualTo(2)
                .returnResult();

        assertThat(avatars.records()).isEqualTo(before + 1);
        var event = avatars.published();
        assertThat(response.getResponseHeaders().getFirst("Location")).isEqualTo("/v1/generations/" + event.job());
        assertThat(event.task()).isEqualTo("avatar");
        assertThat(event.byClient()).isTrue();
        assertThat(Topic.of(event)).isEqualTo(Topic.TASK_REPORTS);
        var avatar = avatar();
        assertThat(avatar.images()).isEqualTo(8);
        assertThat(avatar.held()).isFalse();
        assertThat(avatar.personaId()).isEqualTo("42");
        var persona = Objects.requireNonNull(avatar.persona());
        assertThat(persona.key()).isEqualTo(JobFolder.persona(event.job(), persona.sha256()));
        var text = read(persona);
        assertThat(EventCodec.json().readValue(text, Persona.class))
                .isEqualTo(new Persona(
                        "42",
                        "Ada " + AvatarClient.MARK,
                        AvatarClient.MARK,
                        "f",
                        "A \"carpenter\"\n \u26f5 " + AvatarClient.MARK,
                        AvatarClient.MARK,
                        "",
                        AvatarClient.MARK,
                        AvatarClient.MARK,
                        33));
        assertThat(EventCodec.json().writeValueAsString(event)).doesNotContain(AvatarClient.MARK);
        assertThat(new String(Objects.requireNonNull(response.getResponseBody()), StandardCharsets.UTF_8))
                .doesNotContain(AvatarClient.MARK);
    }

    @Test
    @DisplayName(
            "D-02, D-12, D-30: what is left out is the setting's model, an open size, and 2 x 2 tiles cut at white borders")
    void standardsFillWhatIsLeftOut() {
        avatars.avatar("")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.requested_model")
                .isEqualTo("auto");

        var request = avatars.published().request();
        assertThat(request.model())
                .isEqualTo(catalogue.find("gpt-image-1.5").orElseThrow().id());
        assertThat(request.warnings()).isEmpty();
        assertThat(request.leavesSizeOpen()).isTrue();
        assertThat(request.n()).isEqualTo(1);
        assertThat(request.prompt()).isEmpty();
        assertThat(request.fallbacks()).isEmpty();
        assertThat(request.grid()).isEqualTo(new GridSpec(2, 2, true, 0, 35, 64, null, GridSpec.WHITE, true));
        assertThat(avatar().images()).isEqualTo(4);
        assertThat(avatar().randomStyle()).isFalse();
        assertThat(avatar().gridModel()).isNull();
    }

    @Test
    void everyFieldIsRead() {
        avatars.avatar("""
                        "model": "gpt-image-2", "images": 12, "distinct_prompts": true, "seed": 77,
                        "style": {"crop_white_borders": false, "randomize_style": true},
                        "deadline": {"complete_by": "PT1H"}, "delivery": {"retain": "P1D"}, "on_disconnect": "cancel",
                        "webhook": {"url": "https://example.org/hook"}""").expectStatus().isAccepted();

        var request = avatars.published().request();
        assertThat(request.model()).isEqualTo("gpt-image-2");
        assertThat(request.requestedModel()).isEqualTo("gpt-image-2");
        assertThat(request.seed()).isEqualTo(77);
        assertThat(request.terms().completeBy()).isNotNull();
        assertThat(request.terms().retain()).isEqualTo(Duration.ofDays(1));
        assertThat(request.webhook()).isNotNull();
        assertThat(request.grid()).isEqualTo(new GridSpec(2, 2, true, 0, 12, 64, null, null, true));
        assertThat(avatar().distinctPrompts()).isTrue();
        assertThat(avatar().images()).isEqualTo(12);
        assertThat(avatar().randomStyle()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 16, 20})
    void fourImagesForEachGridAreAllowed(int images) {
        avatars.avatar("\"images\": " + images).expectStatus().isAccepted();

        assertThat(avatar().images()).isEqualTo(images);
        assertThat(avatar().grids()).isEqualTo(images / 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6", "0", "24", "-4", "4.5", "\"4\"", "[4]"})
    @DisplayName("D-16: other numbers of images are refused in the words of the old system")
    void otherNumbersOfImagesAreRefused(String images) {
        avatars.avatar("\"images\": " + images)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/images")
                .jsonPath("$.errors[0].detail")
                .isEqualTo("Must be 4, 8, 12, 16, or 20.");
    }

    @Test
    @DisplayName("D-09: each missing field of the persona is named, and nothing is stored or published")
    void missingFieldsOfThePersonaAreNamed() {
        int before = avatars.records();
        var stored = store.memory().keys();

        var problem = JSON.readTree(avatars.post("/v1/avatars", "{\"persona\": {\"id\": 42, \"gender\": null}}")
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .returnResult()
                .getResponseBody());

        var pointers = new TreeSet<String>();
        problem.get("errors").forEach(error -> pointers.add(error.get("pointer").stringValue()));
        assertThat(pointers)
                .containsExactly(
                        "/persona/bio_facebook",
                        "/persona/bio_instagram",
                        "/persona/bio_tiktok",
                        "/persona/bio_x",
                        "/persona/firstname",
                        "/persona/gender",
                        "/persona/lastname");
        assertThat(avatars.records()).isEqualTo(before);
        assertThat(store.memory().keys()).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /persona",
                "{\"persona\": []} | /persona",
                "{\"persona\": {\"id\": \"a/b\"}} | /persona/id",
                "{\"persona\": {\"id\": \"\"}} | /persona/id",
                "{\"persona\": {\"id\": \".a\"}} | /persona/id",
                "{\"persona\": {\"id\": 1.5}} | /persona/id",
                "{\"persona\": {\"id\": -1}} | /persona/id",
                "{\"persona\": {\"id\": true}} | /persona/id",
                "{\"persona\": {\"nickname\": \"x\"}} | /persona/nickname",
                "{\"persona\": {\"bio_x\": 7}} | /persona/bio_x",
                "{\"persona\": {\"age\": 151}} | /persona/age",
                "{\"persona\": {\"age\": -1}} | /persona/age",
                "{\"persona\": {\"ethnicity\": 1}} | /persona/ethnicity",
                "{\"model\": \"pocket\"} | /model",
                "{\"model\": \"nothing\"} | /model",
                "{\"n\": 1} | /n",
                "{\"size\": \"auto\"} | /size",
                "{\"grid\": {}} | /grid",
                "{\"routing\": {}} | /routing",
                "{\"enhance\": true} | /enhance",
                "{\"output\": {}} | /output",
                "{\"distinct_prompts\": 1} | /distinct_prompts",
                "{\"distinct_prompts\": true, \"prompt\": \"x\"} | /distinct_prompts",
                "{\"prompt\": \"\"} | /prompt",
                "{\"prompt\": \" \"} | /prompt",
                "{\"seed\": 9007199254740987} | /seed",
                "{\"style\": 1} | /style",
                "{\"style\": {\"colour\": 1}} | /style/colour",
                "{\"style\": {\"crop_white_borders\": \"yes\"}} | /style/crop_white_borders",
                "{\"style\": {\"crop_white_borders\": true}, \"trim\": \"none\"} | /style/crop_white_borders",
                "{\"style\": {\"crop_white_borders\": false}, \"trim\": {\"tolerance\": 12}} | /style/crop_white_borders",
                "{\"style\": {\"randomize_style\": true}, \"base\": {}} | /style/randomize_style",
                "{\"trim\": \"some\"} | /trim",
                "{\"trim\": {\"inset_px\": 256}} | /trim",
                "{\"labels\": {\"avatar-batch.id\": \"x\"}} | /labels/avatar-batch.id",
                "{\"base\": {\"image_url\": \"https://example.org/a.png\"}} | /base/image_url",
                "{\"base\": {\"data_url\": \"data:\"}} | /base/data_url",
                "{\"base\": {}} | /base",
                "{\"base\": {\"file_id\": \"x\"}} | /base/file_id",
                "{\"face\": {\"image_url\": \"https://example.org/a.png\"}} | /face/image_url",
                "{\"face\": {\"file_id\": \"x\"}, \"base\": {}} | /face",
                "{\"deadline\": {\"start_by\": \"yesterday\"}} | /deadline/start_by",
                "{\"on_disconnect\": \"x\"} | /on_disconnect",
                "[] | ''"
            })
    void mistakesInTheBodyAreNamed(String body, String pointer) {
        int before = avatars.records();

        var problem = JSON.readTree(avatars.post("/v1/avatars", body)
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
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /persona | Is missing: give the person, an object with id, firstname, lastname, gender, bio_facebook, bio_instagram,"
                        + " bio_x, bio_tiktok and, if you like, ethnicity and age.",
                "{\"firstname\": {}} | /firstname | Belongs to 'persona': {\"persona\": {\"firstname\": ...}}.",
                "{\"persona\": {\"firstname\": {}}} | /persona/firstname | Must be a string, not an object.",
                "{\"base\": {}} | /base | Must have one of 'generation' and 'file_id', such as {\"file_id\": \"file_...\"}."
            })
    void emptyObjectsAreRefusedWithWhatIsExpected(String body, String pointer, String detail) {
        var problem = JSON.readTree(avatars.post("/v1/avatars", body)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .returnResult()
                .getResponseBody());

        assertThat(problem.get("errors"))
                .filteredOn(error -> error.get("pointer").stringValue().equals(pointer))
                .singleElement()
                .extracting(error -> error.get("detail").stringValue())
                .isEqualTo(detail);
    }

    @Test
    void modelThatCannotChangeImagesIsRefusedWithAllThatCan() {
        var problem = JSON.readTree(avatars.avatar("\"model\": \"pocket\"")
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .returnResult()
                .getResponseBody());

        var detail = problem.at("/errors/0/detail").stringValue();
        assertThat(detail).contains("'pocket'", "Name one that can: ");
        assertThat(detail)
                .endsWith(catalogue.all().stream()
                                .filter(model -> model.maxSources() > 0)
                                .map(Model::id)
                                .collect(Collectors.joining(", "))
                        + ".");
    }

    @Test
    void longestPersonaIsStored() {
        var bio = "\u26f5".repeat(10_000);
        var persona = """
                {"id": 7, "firstname": "", "lastname": "", "gender": "", "bio_facebook": "%1$s", "bio_instagram": "%1$s",
                 "bio_x": "%1$s", "bio_tiktok": "%1$s"}""".formatted(bio);

        avatars.post("/v1/avatars", "{\"persona\": %s}".formatted(persona))
                .expectStatus()
                .isAccepted();

        assertThat(avatar().personaId()).isEqualTo("7");
        assertThat(Objects.requireNonNull(avatar().persona()).bytes()).isGreaterThan(120_000);
        avatars.post("/v1/avatars", "{\"persona\": %s}".formatted(persona.replace("\u26f5\"", "\u26f5x\"")))
                .expectStatus()
                .isEqualTo(422);
    }

    @Test
    void givenPromptIsStoredAndNoneIsWritten() throws IOException {
        var prompt = "four views of " + AvatarClient.MARK;

        avatars.avatar("\"prompt\": \"%s\"".formatted(prompt))
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.avatar.prompts[0].by")
                .isEqualTo("client")
                .jsonPath("$.avatar.steps")
                .isEqualTo(List.of("base", "grid", "split", "publish"));

        var event = avatars.published();
        var stored = Objects.requireNonNull(avatar().prompt());
        assertThat(stored.key()).isEqualTo(JobFolder.given(event.job(), stored.sha256()));
        assertThat(new String(read(stored), StandardCharsets.UTF_8)).isEqualTo(prompt);
        assertThat(EventCodec.json().writeValueAsString(event)).doesNotContain(AvatarClient.MARK);
        http.get()
                .uri("/v1/generations/" + event.job() + "/prompts/0")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Content-Type", "text/plain;charset=UTF-8")
                .expectHeader()
                .valueEquals("Cache-Control", "no-store")
                .expectBody(String.class)
                .isEqualTo(prompt);
    }

    @Test
    void givenBaseIsResolvedAndNoneIsMade() {
        var bytes = SampleFiles.png(40, 30, 901);
        var file = uploaded(bytes);

        avatars.avatar("\"base\": {\"file_id\": \"%s\"}".formatted(file))
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.avatar.base.file_id")
                .isEqualTo(file)
                .jsonPath("$.avatar.steps")
                .isEqualTo(List.of("prompt", "grid", "split", "publish"));

        var base = Objects.requireNonNull(avatar().base());
        assertThat(Objects.requireNonNull(base.stored()).sha256())
                .isEqualTo(Sha256.of(bytes).hex());
        assertThat(avatars.published().request().images()).isEmpty();
    }

    @Test
    void baseOfAnotherAvatarIsFoundBeforeThatHasEnded() {
        var running = jobs.show(SampleAvatars.running());

        avatars.avatar("\"base\": {\"generation\": {\"id\": \"%s\"}}".formatted(running.id()))
                .expectStatus()
                .isAccepted();

        var base = Objects.requireNonNull(running.base());
        assertThat(avatar().base()).isEqualTo(Source.of(running.id(), 0).storedAs(base));
        avatars.avatar("\"base\": {\"generation\": {\"id\": \"%s\", \"index\": 0}}".formatted(running.id()))
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/base/generation/id");
    }

    @Test
    void imageOfAnotherGenerationIsABaseToo() {
        var plain = jobs.show(SampleJobs.succeeded(
                "first".getBytes(StandardCharsets.UTF_8), "second".getBytes(StandardCharsets.UTF_8)));

        avatars.avatar("\"base\": {\"generation\": {\"id\": \"%s\"}}".formatted(plain.id()))
                .expectStatus()
                .isAccepted();
        assertThat(avatar().base())
                .isEqualTo(Source.of(plain.id(), 0).storedAs(plain.images().get(0)));

        avatars.avatar("\"base\": {\"generation\": {\"id\": \"%s\", \"index\": 1}}".formatted(plain.id()))
                .expectStatus()
                .isAccepted();
        assertThat(avatar().base())
                .isEqualTo(Source.of(plain.id(), 1).storedAs(plain.images().get(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "face"})
    void sourceWithTooManyPixelsIsNamed(String field) {
        var plain = SampleJobs.succeeded("huge".getBytes(StandardCharsets.UTF_8));
        var image = plain.images().get(0);
        var huge = new StoredImage(
                0,
                image.kind(),
                image.key(),
                image.sha256(),
                image.bytes(),
                image.mediaType(),
                20_000,
                20_000,
                image.seed(),
                null);
        jobs.show(JobBuilder.of(plain).images(List.of(huge), List.of()).job());

        avatars.avatar("\"%s\": {\"generation\": {\"id\": \"%s\"}}".formatted(field, plain.id()))
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/" + field)
                .jsonPath("$.errors[0].detail")
                .value(detail -> assertThat((String) detail).contains("400000000 pixels"));
    }

    @Test
    void unknownBaseIsNamedAndNothingIsStored() {
        var stored = store.memory().keys();

        avatars.avatar("\"base\": {\"generation\": {\"id\": \"gen_06dahq1v1tw0f8v0sjy2m7sqs0\"}}")
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/base/generation/id");

        assertThat(store.memory().keys()).isEqualTo(stored);
    }

    @Test
    @DisplayName("D-31: a face in the request is kept as a file, and never published")
    void faceInTheRequestIsKeptAsAFile() {
        var bytes = SampleFiles.png(40, 30, 902);
        var url = "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes);

        avatars.avatar("\"face\": {\"data_url\": \"%s\"}".formatted(url))
                .expectStatus()
                .isAccepted();

        var face = Objects.requireNonNull(avatar().face());
        assertThat(Objects.requireNonNull(face.file()).id().sha256())
                .isEqualTo(Sha256.of(bytes).hex());
        assertThat(store.memory().keys())
                .contains(Objects.requireNonNull(face.stored()).key());
        assertThat(EventCodec.json().writeValueAsString(avatars.published())).doesNotContain("base64");
        assertThat(avatar().does(AvatarStep.BASE)).isTrue();
    }

    @Test
    void sameKeyWithTheSameBodyIsTheSameJob() {
        var key = UUID.randomUUID().toString();
        var body = "{\"persona\": %s}".formatted(AvatarClient.PERSONA);
        avatars.post("/v1/avatars", body, "Idempotency-Key", key).expectStatus().isAccepted();
        var first = avatars.published();
        int before = avatars.records();

        avatars.post(
                        "/v1/avatars",
                        "{\"images\": 4, \"model\": \"auto\", \"trim\": \"auto\", \"style\": {\"crop_white_borders\": true},"
                                + " \"persona\": %s}".formatted(AvatarClient.PERSONA),
                        "Idempotency-Key",
                        key)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Idempotency-Replayed", "true")
                .expectBody()
                .jsonPath("$.id")
                .isEqualTo(first.job().value());
        avatars.post("/v1/avatars", body.replace("\"age\": 33", "\"age\": 34"), "Idempotency-Key", key)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("idempotency-key-reused");

        assertThat(avatars.records()).isEqualTo(before);
    }

    @Test
    void jobOfAKeyIsFoundWhileNoWorkerIsKnown() {
        var key = UUID.randomUUID().toString();
        var body = "{\"persona\": %s}".formatted(AvatarClient.PERSONA);
        avatars.post("/v1/avatars", body, "Idempotency-Key", key).expectStatus().isAccepted();
        var first = avatars.published();
        avatars.forgetWorkers();

        avatars.post("/v1/avatars", body, "Idempotency-Key", key)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Idempotency-Replayed", "true")
                .expectBody()
                .jsonPath("$.id")
                .isEqualTo(first.job().value());
        avatars.post("/v1/avatars", body, "Idempotency-Key", UUID.randomUUID().toString())
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("starting");
    }

    @Test
    void storeThatIsAwayPublishesNothing() {
        int before = avatars.records();
        store.memory().failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);

        avatars.avatar("")
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("storage-unavailable");

        assertThat(avatars.records()).isEqualTo(before);
    }

    @Test
    void eventsAreStreamedAndASingleImageIsRefused() {
        var body = "{\"persona\": %s, \"deadline\": {\"complete_by\": \"PT1H\"}}".formatted(AvatarClient.PERSONA);
        avatars.post("/v1/avatars", body, "Accept", "image/png").expectStatus().isEqualTo(406);
        var stream = avatars.post("/v1/avatars", body, "Accept", "text/event-stream")
                .expectStatus()
                .isOk()
                .returnResult(String.class);

        var first = Objects.requireNonNull(stream.getResponseBody().blockFirst(Duration.ofSeconds(20)));

        assertThat(first).contains("\"avatar\"").doesNotContain(AvatarClient.MARK);
    }

    @Test
    @DisplayName("Without a provider, an avatar whose model is left out is a demonstration that says so")
    void demonstrationStandsForAProviderWithoutAKey() {
        avatars.removeProviderKey();

        avatars.avatar("")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.model")
                .isEqualTo("pocket")
                .jsonPath("$.warnings[0].code")
                .isEqualTo("demonstration")
                .jsonPath("$.warnings[0].message")
                .value(text -> assertThat((String) text).contains("'pocket'", "test cards", "OPENAI_API_KEY"));

        assertThat(avatars.published().request().engine()).isEqualTo("pocket");
        assertThat(Objects.requireNonNull(avatar().gridModel()).engine()).isEqualTo("test-card");
        avatars.avatar("\"model\": \"gpt-image-2\"")
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not-configured");
    }

    @Test
    void demonstrationOfAFaceOrAGivenBaseIsATestCard() {
        avatars.removeProviderKey();
        var file = uploaded(SampleFiles.png(40, 30, 903));

        for (var field : Set.of("face", "base")) {
            avatars.avatar("\"%s\": {\"file_id\": \"%s\"}".formatted(field, file))
                    .expectStatus()
                    .isAccepted();

            assertThat(avatars.published().request().engine()).isEqualTo("test-card");
            assertThat(avatar().gridModel()).isNull();
        }
    }

    private AvatarSpec avatar() {
        return Objects.requireNonNull(avatars.published().request().avatar());
    }

    private byte[] read(StoredText text) throws IOException {
        try (var content = store.memory().open(new ObjectKey(text.key()), null).join()) {
            return content.stream().readAllBytes();
        }
    }

    private String uploaded(byte[] png) {
        var response = http.post()
                .uri("/v1/files")
                .header("Content-Type", "image/png")
                .bodyValue(png)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return JSON.readTree(response).get("id").stringValue();
    }
}
