package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.Worker;
import io.atelier.gateway.files.format.SampleFiles;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.MediaType;
import org.springframework.http.client.MultipartBodyBuilder;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;

/** Jobs that only split images that exist. */
@GatewayHttpTest
class SplitHttpTests {

    private static final byte[] GRID = "a grid".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TILE = "a tile".getBytes(StandardCharsets.UTF_8);
    private static final Worker SPLITTER = new Worker("splitter-1", "splitter", "cpu");

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private WorkerRegistry workers;

    private final Job parent = SampleJobs.cut(GRID, TILE);

    @BeforeEach
    void addWorker() {
        workers.put(SampleWorkers.splitter("splitter-1"), Instant.now());
        jobs.show(parent);
    }

    @AfterEach
    void clear() {
        jobs.clear();
    }

    @Test
    void splittingAgainPublishesOneRecordForSplittersOnly() {
        int before = publisher.events().size();

        var response = again("{\"layout\": \"2x3\", \"trim\": {\"inset_px\": 6}}")
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .exists("Retry-After")
                .expectBody()
                .jsonPath("$.parent_id")
                .isEqualTo(parent.id().value())
                .jsonPath("$.status")
                .isEqualTo("queued")
                .jsonPath("$.model")
                .isEmpty()
                .jsonPath("$.requested_model")
                .isEmpty()
                .jsonPath("$.request.seed")
                .isEmpty()
                .jsonPath("$.request.grid.layout")
                .isEqualTo("2x3")
                .jsonPath("$.request.grid.trim.mode")
                .isEqualTo("auto")
                .jsonPath("$.request.grid.trim.colour")
                .isEqualTo("auto")
                .jsonPath("$.request.grid.trim.inset_px")
                .isEqualTo(6)
                .jsonPath("$.request.images[0].generation.id")
                .isEqualTo(parent.id().value())
                .jsonPath("$.usage.engine_seconds")
                .isEmpty()
                .returnResult();

        assertThat(publisher.events()).hasSize(before + 1);
        var event = published();
        assertThat(response.getResponseHeaders().getFirst("Location")).isEqualTo("/v1/generations/" + event.job());
        assertThat(Topic.of(event)).isEqualTo(Topic.TASK_REPORTS);
        assertThat(event.task()).isEqualTo("split");
        assertThat(event.request().splitsOnly()).isTrue();
        assertThat(event.request().grid()).isEqualTo(new GridSpec(2, 3, true, 6, 12, 64));
        assertThat(event.request().images())
                .containsExactly(
                        Source.of(parent.id(), 0).storedAs(parent.grids().get(0)));
        assertThat(event.request().prompt()).isEmpty();
        assertThat(event.request().terms().parent()).isEqualTo(parent.id());
    }

    @Test
    void whatIsLeftOutIsAsItWasInTheGeneration() {
        again("{}").expectStatus().isAccepted();

        var request = published().request();
        assertThat(request.grid()).isEqualTo(new GridSpec(1, 1, true, 0, 12, 64));
        assertThat(request.labels()).isEqualTo(parent.request().labels());
        assertThat(request.clientRef()).isEqualTo(parent.request().clientRef());
        assertThat(request.metadata()).isEqualTo(parent.request().metadata());
        assertThat(request.jpeg()).isNull();
    }

    @Test
    void tilesAreJpegsAsInTheGeneration() {
        var jpegs = parent.request().toBuilder().jpeg(new JpegEncoding(70)).build();
        jobs.show(JobBuilder.of(parent).request(jpegs).job());

        again("{}").expectStatus().isAccepted();

        assertThat(published().request().jpeg()).isEqualTo(new JpegEncoding(70));
    }

    @Test
    void everyFieldIsRead() {
        again("""
                {"layout": "1x2", "trim": {"mode": "strict", "min_tile_px": 5}, "labels": {"a": "b"}, "client_ref": "r",
                 "deadline": {"complete_by": "PT1H"}, "delivery": {"retain": "P1D"}, "on_disconnect": "cancel"}""")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.request.grid.trim.mode")
                .isEqualTo("strict");

        var request = published().request();
        assertThat(request.grid()).isEqualTo(new GridSpec(1, 2, true, 0, 0, 5, true, GridSpec.WHITE, null));
        assertThat(request.labels()).isEqualTo(Map.of("a", "b"));
        assertThat(request.clientRef()).isEqualTo("r");
        assertThat(request.terms().completeBy()).isNotNull();
        assertThat(request.terms().retain()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void sameKeySplitsOnceAlsoWhenTheGenerationIsErasedMeanwhile() {
        var key = UUID.randomUUID().toString();
        var first = id(again("{\"trim\": \"none\"}", key).expectStatus().isAccepted());
        jobs.clear();

        var second = id(again("{\"trim\": \"none\", \"layout\": null}", key)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Idempotency-Replayed", "true"));

        assertThat(second).isEqualTo(first);
        again("{\"trim\": \"strict\"}", key)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("idempotency-key-reused");
    }

    @Test
    void waitEndsWithTheJob() throws InterruptedException {
        int before = publisher.events().size();
        var ending = new Thread(() -> {
            await().until(() -> publisher.events().size() > before);
            succeed(published());
        });
        ending.start();

        client.post()
                .uri(path(parent))
                .header("Prefer", "wait=20")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("succeeded");

        ending.join();
    }

    @Test
    void eventsAreStreamed() {
        again("{}").expectStatus().isAccepted();
        succeed(published());
        var id = published().job();

        client.get()
                .uri("/v1/generations/" + id + "/events")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .value(text ->
                        assertThat(text).contains("event:generation.succeeded").contains("\"box\":[256,0,512,512]"));
    }

    @Test
    void endedSplitShowsCutsBoxesAndItsOwnGrid() {
        again("{\"layout\": \"1x2\"}").expectStatus().isAccepted();
        var event = published();
        succeed(event);

        client.get()
                .uri("/v1/generations/" + event.job())
                .exchange()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("succeeded")
                .jsonPath("$.grid.rows")
                .isEqualTo(1)
                .jsonPath("$.grid.cuts.x[0]")
                .isEqualTo(256)
                .jsonPath("$.grid.cuts.y")
                .isEmpty()
                .jsonPath("$.grid.confidence")
                .isEqualTo(0.9)
                .jsonPath("$.grid.originals[0].cuts.x[0]")
                .isEqualTo(256)
                .jsonPath("$.images[0].index")
                .isEqualTo(1)
                .jsonPath("$.images[0].tile.box[0]")
                .isEqualTo(256)
                .jsonPath("$.images[0].tile.box[3]")
                .isEqualTo(512)
                .jsonPath("$.images[0].tile.confidence")
                .isEqualTo(0.9)
                .jsonPath("$.urls.grid")
                .isEqualTo("/v1/generations/" + event.job() + "/images/grid");
    }

    @Test
    void splitOfAnErasedGridFailsClearly() {
        again("{}").expectStatus().isAccepted();
        var event = published();
        publisher
                .publish(new JobEvent.TaskFailed(
                        event.job(),
                        event.task(),
                        1,
                        Instant.now(),
                        SPLITTER,
                        new Failure(Failure.Code.SOURCE_UNAVAILABLE, "The grid does not exist any more."),
                        null,
                        null,
                        null))
                .join();

        client.get()
                .uri("/v1/generations/" + event.job())
                .exchange()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("failed")
                .jsonPath("$.error.code")
                .isEqualTo("source-unavailable");
        client.get()
                .uri("/v1/generations/" + event.job() + "/images/grid")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("image-unavailable");
    }

    @Test
    void splitIsCanceledRetriedAndDeletedAsEveryJob() {
        again("{}").expectStatus().isAccepted();
        var event = published();

        client.post()
                .uri("/v1/generations/" + event.job() + "/cancel")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("canceled");
        client.post()
                .uri("/v1/generations/" + event.job() + "/retry")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.parent_id")
                .isEqualTo(event.job().value());
        assertThat(published().task()).isEqualTo("split");
        assertThat(published().request().images()).isEqualTo(event.request().images());
        client.delete()
                .uri("/v1/generations/" + event.job())
                .exchange()
                .expectStatus()
                .value(status -> assertThat(status).isIn(202, 204));
    }

    @Test
    void retryOfAnEndedSplitTakesItsOwnGrid() {
        again("{}").expectStatus().isAccepted();
        var event = published();
        succeed(event);
        jobs.clear();

        client.post()
                .uri("/v1/generations/" + event.job() + "/retry")
                .exchange()
                .expectStatus()
                .isAccepted();

        assertThat(published().request().images())
                .extracting(
                        source -> Objects.requireNonNull(source.generation()).id())
                .containsExactly(event.job());
    }

    @Test
    void retryAfterTheGenerationWasErasedIsRefused() {
        again("{}").expectStatus().isAccepted();
        var event = published();
        publisher
                .publish(new JobEvent.CancelRequested(
                        event.job(), Instant.now(), CanceledBy.CLIENT, null, Duration.ZERO))
                .join();
        jobs.clear();

        client.post()
                .uri("/v1/generations/" + event.job() + "/retry")
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/image/generation/id");
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "CANCELED", "RUNNING", "QUEUED"})
    void generationWithoutAGridIsRefused(JobStatus status) {
        var job = jobs.show(SampleJobs.in(status));
        int before = publisher.events().size();

        post(path(job), "{}", null)
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("no-grid")
                .jsonPath("$.job_id")
                .isEqualTo(job.id().value())
                .jsonPath("$.job_status")
                .isEqualTo(status.word())
                .jsonPath("$.error.type")
                .isEqualTo("conflict_error");

        assertThat(publisher.events()).hasSize(before);
    }

    @Test
    void unknownAndErasedGenerationsAreRefusedAsElsewhere() {
        post("/v1/generations/gen_06dahq1v1tw0f8v0sjy2m7sqs0/split", "{}", null)
                .expectStatus()
                .isNotFound();
        post("/v1/generations/what/split", "{}", null).expectStatus().isNotFound();
        post(path(jobs.show(SampleJobs.erased(true))), "{}", null)
                .expectStatus()
                .isEqualTo(410)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("expired");
        post(path(jobs.show(SampleJobs.erased(false))), "{}", null)
                .expectStatus()
                .isEqualTo(410)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("erased");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"layout\": \"9x1\"} | /layout",
                "{\"layout\": \"0x1\"} | /layout",
                "{\"layout\": \"none\"} | /layout",
                "{\"layout\": \"auto\"} | /layout",
                "{\"layout\": 2} | /layout",
                "{\"layout\": \"8x8\", \"min_tile_px\": 65} | /layout",
                "{\"trim\": \"some\"} | /trim",
                "{\"trim\": []} | /trim",
                "{\"trim\": 7} | /trim",
                "{\"trim\": {\"mode\": \"some\"}} | /trim/mode",
                "{\"trim\": {\"mode\": 7}} | /trim/mode",
                "{\"trim\": {\"colour\": \"#12345\"}} | /trim/colour",
                "{\"trim\": {\"colour\": \"red\"}} | /trim/colour",
                "{\"trim\": {\"colour\": \"#12345g\"}} | /trim/colour",
                "{\"trim\": {\"tolerance\": 65}} | /trim/tolerance",
                "{\"trim\": {\"tolerance\": -1}} | /trim/tolerance",
                "{\"trim\": {\"tolerance\": 1.5}} | /trim/tolerance",
                "{\"trim\": {\"inset_px\": 257}} | /trim/inset_px",
                "{\"trim\": {\"min_tile_px\": 0}} | /trim/min_tile_px",
                "{\"trim\": {\"min_tile_px\": 2049}} | /trim/min_tile_px",
                "{\"trim\": {\"mode\": \"strict\", \"colour\": \"white\"}} | /trim/colour",
                "{\"trim\": {\"mode\": \"strict\", \"tolerance\": 3}} | /trim/tolerance",
                "{\"trim\": {\"all\": 1}} | /trim/all",
                "{\"min_tile_px\": 64, \"trim\": {\"min_tile_px\": 65}} | /min_tile_px",
                "{\"prompt\": \"x\"} | /prompt",
                "{\"labels\": {\"A\": \"x\"}} | /labels/A",
                "{\"client_ref\": 7} | /client_ref",
                "{\"on_disconnect\": \"x\"} | /on_disconnect",
                "{\"deadline\": {\"start_by\": \"yesterday\"}} | /deadline/start_by",
                "[] | ''"
            })
    void mistakesInTheBodyAreNamed(String body, String pointer) {
        int before = publisher.events().size();

        again(body)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo(pointer);

        assertThat(publisher.events()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "nothing", "{\"layout\": \"2x2\"} {}", "\u0000"})
    void bodyThatIsNoJsonIsRefused(String body) {
        again(body).expectStatus().isBadRequest();
    }

    @Test
    void otherMediaTypesAndImagesAreRefused() {
        client.post()
                .uri(path(parent))
                .contentType(MediaType.TEXT_PLAIN)
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isEqualTo(415);
        client.post()
                .uri(path(parent))
                .contentType(MediaType.APPLICATION_JSON)
                .accept(MediaType.IMAGE_PNG)
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isEqualTo(406);
        client.get().uri(path(parent)).exchange().expectStatus().isEqualTo(405);
    }

    @Test
    void imageOfAGenerationIsSplit() {
        var source = jobs.show(SampleJobs.succeeded(GRID, TILE));

        post("/v1/grids/split", image(source, 1), null)
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.model")
                .isEmpty()
                .jsonPath("$.parent_id")
                .isEmpty()
                .jsonPath("$.request.size")
                .isEqualTo("512x512")
                .jsonPath("$.request.grid.layout")
                .isEqualTo("2x2");

        var request = published().request();
        assertThat(request.images())
                .containsExactly(
                        Source.of(source.id(), 1).storedAs(source.images().get(1)));
        assertThat(request.grid()).isEqualTo(new GridSpec(2, 2, true, 0, 12, 64));
        assertThat(request.pool()).isEqualTo(GenerationRequest.SPLITTER_POOL);
    }

    @Test
    void queryNamesTheLayoutToo() {
        var source = jobs.show(SampleJobs.succeeded(GRID));

        post("/v1/grids/split?rows=3&trim=tolerant", image(source, 0), null)
                .expectStatus()
                .isAccepted();
        assertThat(published().request().grid()).isEqualTo(new GridSpec(3, 2, true, 0, 12, 64));

        post("/v1/grids/split?rows=1&cols=8&trim=none", image(source, 0), null)
                .expectStatus()
                .isAccepted();
        assertThat(published().request().grid()).isEqualTo(new GridSpec(1, 8, false, 0, 12, 64));
    }

    @ParameterizedTest
    @CsvSource({
        "rows=0, rows",
        "rows=9, rows",
        "cols=x, cols",
        "cols=-1, cols",
        "rows=%20, rows",
        "cols=22, cols",
        "trim=all, trim",
        "layout=9x9, layout",
        "layout=, layout",
        "layout=2x2&rows=2, layout",
        "min_tile_px=0, min_tile_px",
        "min_tile_px=2049, min_tile_px",
        "min_tile_px=x, min_tile_px"
    })
    void mistakesInTheQueryAreNamed(String query, String parameter) {
        var source = jobs.show(SampleJobs.succeeded(GRID));

        post("/v1/grids/split?" + query, image(source, 0), null)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].parameter")
                .isEqualTo(parameter);
    }

    @Test
    void layoutIsGivenOnce() {
        post("/v1/grids/split?rows=2", "{\"image\": %s, \"layout\": \"2x2\"}".formatted(reference(parent, 0)), null)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/layout");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /image",
                "{\"image\": 7} | /image",
                "{\"image\": {}} | /image",
                "{\"image\": {\"generation\": {}}} | /image/generation/id",
                "{\"image\": {\"generation\": {\"id\": \"what\"}}} | /image/generation/id",
                "{\"image\": {\"generation\": {\"id\": \"gen_06dahq1v1tw0f8v0sjy2m7sqs0\"}}} | /image/generation/id",
                "{\"image\": {\"image_url\": \"http://example.org/a.png\"}} | /image/image_url",
                "{\"image\": {\"image_url\": \"https://me:secret@example.org/a.png\"}} | /image/image_url",
                "{\"image\": {\"image_url\": \"https:///a.png\"}} | /image/image_url",
                "{\"image\": {\"image_url\": \"file:///etc/passwd\"}} | /image/image_url",
                "{\"image\": {\"image_url\": 7}} | /image/image_url",
                "{\"image\": {\"image_url\": \"https://example.org/\", \"file_id\": \"x\"}} | /image",
                "{\"image\": {\"other\": 7}} | /image/other",
                "{\"image\": {\"file_id\": \"what\"}} | /image/file_id",
                "{\"image\": {\"file_id\": \"file_0000000000000000000000000000000000000000000000000000\"}} | /image/file_id",
                "{\"image\": {\"data_url\": \"data:image/png;base64,AA==\"}} | /image/data_url",
                "{\"images\": []} | /images"
            })
    void imageThatDoesNotExistIsNamed(String body, String pointer) {
        int before = publisher.events().size();

        post("/v1/grids/split", body, null)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo(pointer);

        assertThat(publisher.events()).hasSize(before);
    }

    @DisplayName("An image at an address is fetched by the splitter, so the job begins without its size")
    @Test
    void imageAtAnAddressIsAccepted() {
        var url = "https://example.org/grid.png?signature=abc";

        post("/v1/grids/split?rows=3", "{\"image\": {\"image_url\": \"%s\"}}".formatted(url), null)
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.model")
                .isEmpty()
                .jsonPath("$.request.images[0].image_url")
                .isEqualTo(url)
                .jsonPath("$.request.size")
                .isEmpty()
                .jsonPath("$.request.width")
                .isEmpty()
                .jsonPath("$.request.height")
                .isEmpty();

        var event = published();
        assertThat(event.task()).isEqualTo("split");
        assertThat(event.request().images()).containsExactly(Source.at(url));
        assertThat(event.request().grid()).isEqualTo(new GridSpec(3, 2, true, 0, 12, 64));
    }

    @Test
    void retryOfAnEndedSplitOfAnAddressTakesItsOwnGrid() {
        post("/v1/grids/split", "{\"image\": {\"image_url\": \"https://example.org/grid.png\"}}", null)
                .expectStatus()
                .isAccepted();
        var event = published();
        succeed(event);

        client.post()
                .uri("/v1/generations/" + event.job() + "/retry")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.request.size")
                .isEqualTo("512x512");

        assertThat(published().request().images())
                .extracting(
                        source -> Objects.requireNonNull(source.generation()).id())
                .containsExactly(event.job());
    }

    @Test
    void queryNamesTheLayoutAndTheSmallestTile() {
        var source = jobs.show(SampleJobs.succeeded(GRID));

        post("/v1/grids/split?layout=1x2&min_tile_px=7", image(source, 0), null)
                .expectStatus()
                .isAccepted();

        assertThat(published().request().grid()).isEqualTo(new GridSpec(1, 2, true, 0, 12, 7));
        post("/v1/grids/split?min_tile_px=7", image(source, 0).replace("}}}", "}}, \"min_tile_px\": 7}"), null)
                .expectStatus()
                .isEqualTo(422);
    }

    @DisplayName("A grid that is too fine is reported where the client asked for it")
    @ParameterizedTest
    @CsvSource({
        "?layout=8x8&min_tile_px=100, parameter, layout",
        "?rows=8&min_tile_px=100, parameter, rows",
        "?min_tile_px=2000, parameter, min_tile_px"
    })
    void tooFineGridIsReportedAtItsParameter(String query, String place, String name) {
        var source = jobs.show(SampleJobs.succeeded(GRID));

        post("/v1/grids/split" + query, image(source, 0), null)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0]." + place)
                .isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"min_tile_px\": 2000} | /min_tile_px | smaller min_tile_px",
                "{\"trim\": {\"inset_px\": 256}} | /trim | of which inset_px = 256 leaves nothing",
                "{\"output\": {\"compression\": 5}} | /output/compression | jpeg",
                "{\"output\": {\"format\": \"a-format-with-a-long-name\"}} | /output/format | Must be 'png' or 'jpeg'",
                "{\"output\": {\"metadata\": \"none\"}} | /output/metadata | compression, format",
                "{\"output\": {\"background\": \"opaque\"}} | /output/background | compression, format",
                "{\"layout\": \"a-layout-with-a-long-name\"} | /layout | Must be ROWSxCOLUMNS",
                "{\"layuot\": \"2x2\"} | /layuot | Did you mean 'layout'?"
            })
    void mistakeOfASplitIsNamedAtItsField(String body, String pointer, String detail) {
        again(body)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo(pointer)
                .jsonPath("$.errors[0].detail")
                .value(text -> assertThat(String.valueOf(text)).contains(detail));
    }

    @DisplayName("A split without a body is one with an empty object")
    @Test
    void splittingAgainNeedsNoBody() {
        client.post().uri(path(parent)).exchange().expectStatus().isAccepted();

        assertThat(published().request().grid()).isEqualTo(new GridSpec(1, 1, true, 0, 12, 64));
        client.post()
                .uri(path(parent))
                .contentType(MediaType.TEXT_PLAIN)
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isEqualTo(415);
    }

    @Test
    void outputOfTilesIsThatOfTheRequest() {
        var jpegs = parent.request().toBuilder().jpeg(new JpegEncoding(70)).build();
        jobs.show(JobBuilder.of(parent).request(jpegs).job());

        again("{\"output\": {}}").expectStatus().isAccepted();
        assertThat(published().request().jpeg()).isEqualTo(new JpegEncoding(70));

        again("{\"output\": {\"compression\": 20}}").expectStatus().isAccepted();
        assertThat(published().request().jpeg()).isEqualTo(new JpegEncoding(20));

        again("{\"output\": {\"format\": \"png\"}}").expectStatus().isAccepted();
        assertThat(published().request().jpeg()).isNull();
    }

    @Test
    void outputOfAnImageIsReadFromJsonAndFromForms() {
        var source = jobs.show(SampleJobs.succeeded(GRID));

        post(
                        "/v1/grids/split?min_tile_px=1",
                        image(source, 0).replace("}}}", "}}, \"output\": {\"format\": \"jpeg\"}}"),
                        null)
                .expectStatus()
                .isAccepted();
        assertThat(published().request().jpeg()).isEqualTo(new JpegEncoding(90));

        upload(
                        "/v1/grids/split?layout=1x2&min_tile_px=1",
                        Map.of("output", "{\"format\": \"jpeg\", \"compression\": 40}"),
                        png(6, 4))
                .expectStatus()
                .isAccepted();
        assertThat(published().request().jpeg()).isEqualTo(new JpegEncoding(40));
    }

    @DisplayName("An image whose tiles would all be too small is refused before a job exists")
    @Test
    void imageThatIsTooSmallIsRefused() {
        var source = jobs.show(SampleJobs.succeeded(GRID));

        post(
                        "/v1/grids/split",
                        "{\"image\": %s, \"layout\": \"8x8\", \"min_tile_px\": 100}".formatted(reference(source, 0)),
                        null)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/layout");
    }

    @Test
    void sameKeySplitsAnImageOnce() {
        var source = jobs.show(SampleJobs.succeeded(GRID));
        var key = UUID.randomUUID().toString();

        var first = id(post("/v1/grids/split", image(source, 0), key));
        var second = id(post("/v1/grids/split", image(source, 0), key));

        assertThat(second).isEqualTo(first);
        post("/v1/grids/split?rows=3", image(source, 0), key).expectStatus().isEqualTo(422);
    }

    @DisplayName("An image that is sent with the request is kept as a file, and split as such")
    @Test
    void uploadIsSplit() {
        upload("/v1/grids/split", Map.of("layout", "1x2", "trim", "{\"tolerance\": 3}", "min_tile_px", "1"), png(6, 4))
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.model")
                .isEmpty()
                .jsonPath("$.request.size")
                .isEqualTo("6x4");

        var request = published().request();
        assertThat(request.grid()).isEqualTo(new GridSpec(1, 2, true, 0, 3, 1));
        var file = Objects.requireNonNull(request.images().get(0).file());
        assertThat(Objects.requireNonNull(file.stored()).key()).startsWith("files/");

        // The file can be named in another request.
        post("/v1/grids/split?trim=strict", "{\"image\": {\"file_id\": \"%s\"}}".formatted(file.id()), null)
                .expectStatus()
                .isAccepted();
        assertThat(published().request().images()).isEqualTo(request.images());
    }

    @Test
    void mistakesInAFormAreNamedAndNothingIsPublished() {
        int before = publisher.events().size();

        upload("/v1/grids/split", Map.of("layout", "9x9"), png(6, 4))
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/layout");
        upload("/v1/grids/split", Map.of("min_tile_px", "many"), png(6, 4))
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/min_tile_px");
        for (var field : List.of("trim", "output")) {
            upload("/v1/grids/split", Map.of(field, "{"), png(6, 4))
                    .expectStatus()
                    .isEqualTo(422)
                    .expectBody()
                    .jsonPath("$.errors[0].pointer")
                    .isEqualTo("/" + field);
        }
        upload("/v1/grids/split", Map.of("prompt", "x"), png(6, 4))
                .expectStatus()
                .isEqualTo(422);
        upload("/v1/grids/split?rows=9", Map.of(), png(6, 4)).expectStatus().isEqualTo(422);
        upload("/v1/grids/split", Map.of(), GRID).expectStatus().isEqualTo(422);
        upload("/v1/grids/split", Map.of(), new byte[0]).expectStatus().isEqualTo(422);
        // All tiles would be smaller than 64 pixels.
        upload("/v1/grids/split", Map.of(), png(6, 4)).expectStatus().isEqualTo(422);

        assertThat(publisher.events()).hasSize(before);
    }

    private WebTestClient.ResponseSpec upload(String path, Map<String, String> fields, byte[] image) {
        var form = new MultipartBodyBuilder();
        fields.forEach(form::part);
        form.part("image", new ByteArrayResource(image)).filename("grid.png").contentType(MediaType.IMAGE_PNG);
        return client.post()
                .uri(path)
                .body(BodyInserters.fromMultipartData(form.build()))
                .exchange();
    }

    private static byte[] png(int width, int height) {
        return SampleFiles.png(width, height, 1);
    }

    private void succeed(GenerationRequested event) {
        var cuts = new StoredImage.Cuts(List.of(256), List.of(), 0.9);
        var grid = parent.grids().get(0).cutAt(cuts);
        var tile = new StoredImage(
                1,
                StoredImage.Kind.TILE,
                "jobs/split-1/1.png",
                SampleJobs.sha256(TILE),
                TILE.length,
                "image/png",
                256,
                512,
                null,
                new StoredImage.Tile(0, 1, 0.9, List.of(256, 0, 512, 512)));
        publisher
                .publish(new JobEvent.TaskSucceeded(
                        event.job(),
                        event.task(),
                        1,
                        Instant.now(),
                        SPLITTER,
                        List.of(tile),
                        List.of(),
                        null,
                        null,
                        null,
                        List.of(grid),
                        null,
                        null,
                        null))
                .join();
    }

    private GenerationRequested published() {
        var all = publisher.events(GenerationRequested.class);
        return all.get(all.size() - 1);
    }

    private WebTestClient.ResponseSpec again(String body) {
        return again(body, null);
    }

    private WebTestClient.ResponseSpec again(String body, @Nullable String key) {
        return post(path(parent), body, key);
    }

    private WebTestClient.ResponseSpec post(String path, String body, @Nullable String key) {
        var request = client.post().uri(path).contentType(MediaType.APPLICATION_JSON);
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return request.bodyValue(body).exchange();
    }

    private static String path(Job job) {
        return "/v1/generations/" + job.id() + "/split";
    }

    private static String image(Job job, int index) {
        return "{\"image\": " + reference(job, index) + "}";
    }

    private static String reference(Job job, int index) {
        return "{\"generation\": {\"id\": \"%s\", \"index\": %d}}".formatted(job.id(), index);
    }

    private static String id(WebTestClient.ResponseSpec response) {
        var body = response.expectBody(Created.class).returnResult().getResponseBody();
        return Objects.requireNonNull(body).id();
    }

    /** The part of a response that these tests read. */
    private record Created(String id) {}
}
