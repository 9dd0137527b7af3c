package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Source;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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

/** Requests that change existing images. */
@GatewayHttpTest
class SourceHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String IMAGE = "https://example.org/a.png";

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private WorkerRegistry workers;

    private final Job source = SampleJobs.succeeded(bytes("first"), bytes("second"));

    @BeforeEach
    void addWorker() {
        workers.put(SampleWorkers.ready("generator-1-remote", "remote", "openai"), Instant.now());
        jobs.show(source);
    }

    @AfterEach
    void removeWorker() {
        workers.put(SampleWorkers.leaving("generator-1-remote", "remote", "openai"), Instant.now());
        jobs.clear();
    }

    @Test
    void publishedRequestHasTheKeysAndHashesOfItsSources() {
        int before = publisher.events().size();

        var response =
                accepted("{'generation': {'id': '%s', 'index': 1}}, {'image_url': '%s'}".formatted(source.id(), IMAGE));

        assertThat(publisher.events()).hasSize(before + 1);
        var second = source.images().get(1);
        assertThat(published().request().images())
                .containsExactly(Source.of(source.id(), 1).storedAs(second), Source.at(IMAGE));
        assertThat(second.sha256()).isEqualTo(SampleJobs.sha256(bytes("second")));
        assertThat(response.at("/request/images"))
                .isEqualTo(json("[{'generation': {'id': '%s', 'index': 1}}, {'image_url': '%s'}]"
                        .formatted(source.id(), IMAGE)));
    }

    @Test
    void sourceIsNamedByTheUuidOfItsPutToo() {
        var uuid = UUID.randomUUID();
        var put = jobs.show(SampleJobs.as(JobId.of(uuid), source));

        var response = accepted("{'generation': {'id': '%s', 'index': 1}}".formatted(uuid));

        assertThat(published().request().images())
                .containsExactly(Source.of(put.id(), 1).storedAs(put.images().get(1)));
        assertThat(response.at("/request/images/0/generation/id").stringValue())
                .isEqualTo(put.id().value());
    }

    @Test
    void defaultIndexIsTheFirstImage() {
        accepted("{'generation': {'id': '%s'}}".formatted(source.id()));

        assertThat(published().request().images())
                .containsExactly(
                        Source.of(source.id(), 0).storedAs(source.images().get(0)));
    }

    @Test
    void sourceIsThePngBesideAJpeg() {
        var job = jobs.show(SampleJobs.succeededAsJpeg(bytes("jpeg")));
        var jpeg = job.images().get(0);

        // The store may have lost it.
        accepted("{'generation': {'id': '%s'}}".formatted(job.id()));
        assertThat(published().request().images())
                .containsExactly(Source.of(job.id(), 0).storedAs(jpeg));

        var png = bytes("a png with all samples");
        store.putImage(JobFolder.png(jpeg.key()), png);
        accepted("{'generation': {'id': '%s'}}".formatted(job.id()));
        assertThat(published().request().images())
                .singleElement()
                .satisfies(source -> assertThat(source.stored())
                        .returns(JobFolder.png(jpeg.key()), StoredImage::key)
                        .returns("image/png", StoredImage::mediaType)
                        .returns((long) png.length, StoredImage::bytes)
                        .returns(SampleJobs.sha256(png), StoredImage::sha256));
    }

    @Test
    void announcedImageIsFoundThoughTheViewIsBehind() {
        var fresh = SampleJobs.succeeded(bytes("fresh"));
        jobs.show(SampleJobs.stillRunning(fresh));
        jobs.addNotYetShown(fresh);

        accepted("{'generation': {'id': '%s'}}".formatted(fresh.id()));

        assertThat(published().request().images())
                .containsExactly(
                        Source.of(fresh.id(), 0).storedAs(fresh.images().get(0)));
    }

    @Test
    void oneProblemNamesEachMissingImage() {
        var running = jobs.show(SampleJobs.in(JobStatus.RUNNING));
        var failed = jobs.show(SampleJobs.in(JobStatus.FAILED));
        var erased = jobs.show(SampleJobs.erased(false));
        var expired = jobs.show(SampleJobs.erased(true));
        var unknown = JobId.create(Instant.parse("2026-11-01T00:00:00Z"), new Random(3));
        int before = publisher.events().size();

        var problem = refused(
                """
                {'generation': {'id': '%s'}}, {'generation': {'id': '%s'}}, {'generation': {'id': '%s'}},
                {'generation': {'id': '%s'}}, {'generation': {'id': '%s'}}, {'generation': {'id': '%s', 'index': 2}},
                {'image_url': '%s'}\
                """.formatted(running.id(), failed.id(), erased.id(), expired.id(), unknown, source.id(), IMAGE));

        assertThat(pointers(problem))
                .containsExactly(
                        "/images/0/generation/id",
                        "/images/1/generation/id",
                        "/images/2/generation/id",
                        "/images/3/generation/id",
                        "/images/4/generation/id",
                        "/images/5/generation/index");
        assertThat(details(problem))
                .satisfiesExactly(
                        detail -> assertThat(detail).contains("is running", "Wait until it has succeeded"),
                        detail -> assertThat(detail).contains("failed"),
                        detail -> assertThat(detail).contains("was erased"),
                        detail -> assertThat(detail).contains("retention", "has ended"),
                        detail -> assertThat(detail).contains("There is no generation"),
                        detail -> assertThat(detail).contains("has 2 image(s)", "there is no 2"));
        assertThat(publisher.events()).hasSize(before);
    }

    @Test
    void missingImageIsNotReportedUntilTheViewHasCaughtUp() {
        jobs.ready(false);
        try {
            post("{'generation': {'id': '%s'}}".formatted(JobId.create(Instant.EPOCH, new Random(5))), "gpt-image-2")
                    .expectStatus()
                    .isEqualTo(503)
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("starting");
        } finally {
            jobs.ready(true);
        }
    }

    @Test
    void modelThatCannotChangeImagesIsRefusedWithThoseThatCan() {
        var problem = refused("{'image_url': '%s'}".formatted(IMAGE), "auto");

        assertThat(pointers(problem)).containsExactly("/images");
        assertThat(details(problem).get(0))
                .startsWith(
                        "The model 'pocket' cannot change images. Name one that can: test-card, gpt-image-2.6-flare,"
                                + " gpt-image-2.6-sunburst, gpt-image-2.5-flare, gpt-image-2.5-sunburst, gpt-image-2, ")
                .endsWith("automatic1111.");
    }

    @Test
    void fallbackThatCannotChangeImagesIsRefused() {
        var problem = JSON.readTree(client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("""
                    {"prompt": "x", "model": "gpt-image-2", "images": [{"image_url": "%s"}],
                     "routing": {"fallbacks": ["gpt-image-2.6-flare", "pocket"]}}\
                    """.formatted(IMAGE))
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());

        assertThat(pointers(problem)).containsExactly("/routing/fallbacks/1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                                        | /images/0                  | Must have one of 'generation', 'image_url', 'file_id' and 'data_url'
        {'image_url': null}                                       | /images/0                  | Must have one of 'generation', 'image_url', 'file_id' and 'data_url'
        {'generation': {'id': 'ID'}, 'image_url': 'https://a.b/'} | /images/0                  | only one of 'generation', 'image_url', 'file_id' and 'data_url', not 2
        {'file_id': 'file_1'}                                     | /images/0/file_id          | Is not the id of a file
        {'file_id': 7}                                            | /images/0/file_id          | Must be a string
        {'data_url': 'data:image/png;base64,AA'}                  | /images/0/data_url         | is no image
        {'data_url': 'data:image/png;base64,'}                    | /images/0/data_url         | is empty
        {'data_url': 'data:image/png;base64,A'}                   | /images/0/data_url         | not valid base64
        {'data_url': 'data:image/png,AA'}                         | /images/0/data_url         | Must be 'data:'
        {'data_url': 'data:image/svg+xml;base64,AA'}              | /images/0/data_url         | Must be 'data:'
        {'data_url': 'https://example.org/a.png'}                 | /images/0/data_url         | Must be 'data:'
        {'url': 'https://a.b/'}                                   | /images/0/url              | no field 'url'
        {'generation': 'ID'}                                      | /images/0/generation       | Must be an object
        {'generation': {'index': 0}}                              | /images/0/generation/id    | Is missing
        {'generation': {'id': 'gen_1'}}                           | /images/0/generation/id    | Is not the id of a generation
        {'generation': {'id': 'ID', 'index': -1}}                 | /images/0/generation/index | from 0 to 9999
        {'generation': {'id': 'ID', 'index': '0'}}                | /images/0/generation/index | from 0 to 9999
        {'generation': {'id': 'ID', 'tile': 0}}                   | /images/0/generation/tile  | no such field
        {'image_url': 'http://example.org/a.png'}                 | /images/0/image_url        | Must be an https address
        {'image_url': 'https:///a.png'}                           | /images/0/image_url        | Must be an https address
        {'image_url': 'https://me:secret@example.org/'}           | /images/0/image_url        | without a user or password
        {'image_url': 'https://exa mple.org/'}                    | /images/0/image_url        | Must be an https address
        {'image_url': 'file:///etc/passwd'}                       | /images/0/image_url        | Must be an https address
        {'image_url': 7}                                          | /images/0/image_url        | Must be a string\
        """)
    void errorOfASourceNamesItsField(String image, String pointer, String detail) {
        var problem = refused(image.replace("ID", source.id().value()));

        assertThat(pointers(problem)).containsExactly(pointer);
        assertThat(details(problem).get(0)).contains(detail);
    }

    @Test
    void urlThatIsTooLongIsRefused() {
        var problem = refused("{'image_url': 'https://example.org/%s'}".formatted("a".repeat(2_030)));

        assertThat(pointers(problem)).containsExactly("/images/0/image_url");
    }

    @Test
    void repetitionReturnsTheExistingJobThoughItsSourceIsErased() {
        var body = "{'generation': {'id': '%s'}}".formatted(source.id());
        var first =
                keyed(body).expectStatus().isAccepted().expectBody(String.class).returnResult();
        jobs.show(JobsWithoutTimeInId.erased(source));

        var again = keyed(body)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Idempotency-Replayed", "true")
                .expectBody(String.class)
                .returnResult();

        assertThat(id(again.getResponseBody())).isEqualTo(id(first.getResponseBody()));
    }

    private WebTestClient.ResponseSpec keyed(String images) {
        return client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .header("Idempotency-Key", "edit-" + source.id())
                .bodyValue(body(images, "gpt-image-2"))
                .exchange();
    }

    private JsonNode accepted(String images) {
        var response = post(images, "gpt-image-2").expectStatus().isAccepted().expectBody(String.class);
        return JSON.readTree(response.returnResult().getResponseBody());
    }

    private JsonNode refused(String images) {
        return refused(images, "gpt-image-2");
    }

    private JsonNode refused(String images, String model) {
        var response = post(images, model).expectStatus().isEqualTo(422).expectBody(String.class);
        var problem = JSON.readTree(response.returnResult().getResponseBody());
        assertThat(problem.get("code").stringValue()).isEqualTo("validation-failed");
        return problem;
    }

    private WebTestClient.ResponseSpec post(String images, String model) {
        return client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body(images, model))
                .exchange();
    }

    private static String body(String images, String model) {
        return "{'prompt': 'four views', 'model': '%s', 'images': [%s]}"
                .formatted(model, images)
                .replace('\'', '"');
    }

    private GenerationRequested published() {
        var all = publisher.events(GenerationRequested.class);
        return all.get(all.size() - 1);
    }

    private static List<String> pointers(JsonNode problem) {
        return members(problem, "pointer");
    }

    private static List<String> details(JsonNode problem) {
        return members(problem, "detail");
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

    private static String id(@Nullable String body) {
        return JSON.readTree(Objects.requireNonNull(body)).get("id").stringValue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
