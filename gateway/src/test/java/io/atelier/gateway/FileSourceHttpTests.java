package io.atelier.gateway;

import static io.atelier.gateway.files.format.SampleFiles.ascii;
import static io.atelier.gateway.files.format.SampleFiles.exif;
import static io.atelier.gateway.files.format.SampleFiles.gif;
import static io.atelier.gateway.files.format.SampleFiles.joined;
import static io.atelier.gateway.files.format.SampleFiles.jpeg;
import static io.atelier.gateway.files.format.SampleFiles.png;
import static io.atelier.gateway.files.format.SampleFiles.segment;
import static io.atelier.gateway.files.format.SampleFiles.withSegments;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.FileId;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Generations that change uploaded files and images in the request itself, with masks and strengths. */
@GatewayHttpTest
class FileSourceHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NOBODY = FileId.ofSha256("0".repeat(64)).value();

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private WorkerRegistry workers;

    @Autowired
    private AuditedObjectStore store;

    @BeforeEach
    void addWorker() {
        workers.put(
                SampleWorkers.ready("generator-1-remote", "remote", "openai", "automatic1111", "comfyui"),
                Instant.now());
    }

    @AfterEach
    void removeWorker() {
        workers.put(SampleWorkers.leaving("generator-1-remote", "remote", "openai"), Instant.now());
        store.memory().recover();
    }

    @Test
    void publishedRequestHasTheKeyAndDigestOfTheFile() {
        var bytes = png(40, 30, 101);
        var id = uploaded(bytes);

        var job = accepted("'images': [{'file_id': '%s'}]".formatted(id));

        var file = Objects.requireNonNull(published().request().images().get(0).file());
        assertThat(file.id().value()).isEqualTo(id);
        var stored = Objects.requireNonNull(file.stored());
        assertThat(stored.sha256()).isEqualTo(Sha256.of(bytes).hex());
        assertThat(stored.width()).isEqualTo(40);
        assertThat(store.memory().keys()).contains(stored.key());
        assertThat(job.at("/request/images")).isEqualTo(json("[{'file_id': '%s'}]".formatted(id)));
        assertThat(job.at("/request/mask").isMissingNode()).isTrue();
    }

    @Test
    void dataUrlIsKeptAsAFileAndNeverPublished() {
        var original = withSegments(jpeg(40, 30, 102), segment(0xE1, joined(ascii("Exif\0\0"), exif(1))));

        var job = accepted("'images': [{'data_url': '%s'}]".formatted(dataUrl("image/jpeg", original)));

        var id = job.at("/request/images/0/file_id").stringValue();
        var record = EventCodec.json().writeValueAsString(published());
        assertThat(record)
                .contains(id)
                .doesNotContain(
                        "data:", "base64", dataUrl("image/jpeg", original).substring(30, 90));
        client.get().uri("/v1/files/{id}", id).exchange().expectStatus().isOk();
        var stored =
                Objects.requireNonNull(published().request().images().get(0).stored());
        assertThat(store.memory().keys()).contains(stored.key());
        assertThat(stored.bytes()).isLessThan(original.length);
    }

    @Test
    void maskAndStrengthArePublishedAndShown() {
        var image = uploaded(png(40, 30, 103));
        var mask = uploaded(png(40, 30, 104));

        var job = accepted(
                "automatic1111",
                "'images': [{'file_id': '%s'}], 'mask': {'file_id': '%s'}, 'strength': 0.25".formatted(image, mask));

        var request = published().request();
        assertThat(request.strength()).isEqualTo(0.25);
        assertThat(Objects.requireNonNull(Objects.requireNonNull(request.mask()).stored())
                        .width())
                .isEqualTo(40);
        assertThat(job.at("/request/mask")).isEqualTo(json("{'file_id': '%s'}".formatted(mask)));
        assertThat(job.at("/request/strength").doubleValue()).isEqualTo(0.25);
    }

    @Test
    void fileOfNobodyAndDeletedFileAreRefusedAndNothingIsPublished() {
        var deleted = uploaded(png(40, 30, 105));
        client.delete().uri("/v1/files/{id}", deleted).exchange().expectStatus().isNoContent();
        var keys = store.memory().keys();

        var problem = refused(
                "gpt-image-2",
                "'images': [{'file_id': '%s'}, {'file_id': '%s'}, {'data_url': '%s'}], 'mask': {'file_id': '%s'}"
                        .formatted(NOBODY, deleted, dataUrl("image/gif", gif(9, 9, 105)), NOBODY));

        assertThat(members(problem, "pointer"))
                .containsExactly("/images/0/file_id", "/images/1/file_id", "/mask/file_id");
        assertThat(members(problem, "detail"))
                .satisfiesExactly(
                        detail -> assertThat(detail).contains("There is no file"),
                        detail -> assertThat(detail).contains("was deleted"),
                        detail -> assertThat(detail).contains("There is no file"));
        assertThat(store.memory().keys()).isEqualTo(keys);
    }

    @Test
    void maskOfAnotherSizeIsRefused() {
        var image = uploaded(png(40, 30, 106));

        var problem = refused(
                "gpt-image-2",
                "'images': [{'file_id': '%s'}], 'mask': {'data_url': '%s'}"
                        .formatted(image, dataUrl("image/png", png(30, 40, 107))));

        assertThat(members(problem, "pointer")).containsExactly("/mask");
        assertThat(members(problem, "detail").get(0)).contains("30 x 40", "40 x 30");
    }

    @Test
    void sizeOfATurnedImageIsThatAsShown() {
        var turned = withSegments(jpeg(40, 30, 108), segment(0xE1, joined(ascii("Exif\0\0"), exif(6))));
        var image = uploaded("image/jpeg", turned);
        var mask = uploaded(png(30, 40, 109));

        accepted("'images': [{'file_id': '%s'}], 'mask': {'file_id': '%s'}".formatted(image, mask));
    }

    @Test
    void morePixelsThanAWorkerHoldsAreRefused() {
        var large = gif(8, 8, 110);
        large[6] = 0;
        large[7] = 0x18;
        large[8] = 0;
        large[9] = 0x18;
        var id = uploaded("image/gif", large);

        var problem = refused("gpt-image-2", "'images': [{'file_id': '%1$s'}, {'file_id': '%1$s'}]".formatted(id));

        assertThat(members(problem, "pointer")).containsExactly("/images");
        assertThat(members(problem, "detail").get(0)).contains("75497472 pixels", "67108864");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        gpt-image-2   | 'mask': {'file_id': 'FILE'}                                       | /mask     | Belongs to 'images'
        automatic1111 | 'strength': 0.5                                                   | /strength | Belongs to 'images'
        gpt-image-2   | 'images': [{'file_id': 'FILE'}], 'strength': 0.5                  | /strength | The model 'gpt-image-2' does not let clients set this
        automatic1111 | 'images': [{'file_id': 'FILE'}], 'strength': 1.5                  | /strength | of more than 0 and at most 1
        automatic1111 | 'images': [{'file_id': 'FILE'}], 'strength': 0                    | /strength | of more than 0 and at most 1
        automatic1111 | 'images': [{'file_id': 'FILE'}], 'strength': -0.0                 | /strength | of more than 0 and at most 1
        automatic1111 | 'images': [{'file_id': 'FILE'}], 'strength': 1e-900               | /strength | of more than 0 and at most 1
        automatic1111 | 'images': [{'file_id': 'FILE'}], 'strength': '1'                  | /strength | Must be a number
        gpt-image-2   | 'images': [{'file_id': 'FILE'}], 'mask': 'FILE'                   | /mask     | Must be an object
        gpt-image-2   | 'images': [{'file_id': 'FILE'}], 'mask': {}                       | /mask     | Must have one of
        gpt-image-2   | 'images': [{'file_id': 'FILE'}], 'mask': {'url': 'x'}             | /mask/url | no field 'url'
        auto          | 'images': [{'file_id': 'FILE'}]                                   | /images   | cannot change images
        automatic1111 | 'images': [{'file_id': 'FILE'}, {'file_id': 'FILE'}]              | /images   | at most 1 images\
        """)
    void whatTheModelCannotDoIsRefused(String model, String fields, String pointer, String detail) {
        var problem = refused(model, fields.replace("FILE", NOBODY));

        assertThat(members(problem, "pointer")).containsExactly(pointer);
        assertThat(members(problem, "detail").get(0)).contains(detail);
    }

    @Test
    void dataUrlThatIsTooLongIsRefused() {
        var problem = refused(
                "gpt-image-2", "'images': [{'data_url': 'data:image/png;base64,%s'}]".formatted("A".repeat(262_144)));

        assertThat(members(problem, "pointer")).containsExactly("/images/0/data_url");
    }

    @Test
    void storeThatIsAwayIsReportedAndNothingIsPublished() {
        store.memory().failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);
        int before = publisher.events().size();

        post("gpt-image-2", "'images': [{'data_url': '%s'}]".formatted(dataUrl("image/png", png(9, 9, 111))))
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("storage-unavailable");

        assertThat(publisher.events()).hasSize(before);
    }

    @Test
    void modelsSayWhetherTheyTakeMasksAndStrength() {
        var models = JSON.readTree(client.get()
                .uri("/v1/models/automatic1111")
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());

        assertThat(models.at("/limits/masks").booleanValue()).isTrue();
        assertThat(models.at("/limits/strength").booleanValue()).isTrue();
    }

    private String uploaded(byte[] png) {
        return uploaded("image/png", png);
    }

    private String uploaded(String mediaType, byte[] bytes) {
        var response = client.post()
                .uri("/v1/files")
                .contentType(MediaType.parseMediaType(mediaType))
                .bodyValue(bytes)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return JSON.readTree(response).get("id").stringValue();
    }

    private JsonNode accepted(String fields) {
        return accepted("gpt-image-2", fields);
    }

    private JsonNode accepted(String model, String fields) {
        return JSON.readTree(post(model, fields)
                .expectStatus()
                .isAccepted()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }

    private JsonNode refused(String model, String fields) {
        int before = publisher.events().size();
        var problem = JSON.readTree(post(model, fields)
                .expectStatus()
                .isEqualTo(422)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
        assertThat(publisher.events()).hasSize(before);
        return problem;
    }

    private WebTestClient.ResponseSpec post(String model, String fields) {
        return client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{'prompt': 'a hat', 'model': '%s', %s}"
                        .formatted(model, fields)
                        .replace('\'', '"'))
                .exchange();
    }

    private GenerationRequested published() {
        var all = publisher.events(GenerationRequested.class);
        return all.get(all.size() - 1);
    }

    private static String dataUrl(String mediaType, byte[] bytes) {
        return "data:%s;base64,%s".formatted(mediaType, Base64.getEncoder().encodeToString(bytes));
    }

    private static List<String> members(JsonNode problem, String member) {
        return problem.get("errors")
                .valueStream()
                .map(error -> error.get(member).stringValue())
                .toList();
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
