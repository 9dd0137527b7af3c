package io.atelier.contract.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Records survive a round trip through JSON with a plain Jackson mapper in snake case, which is all that an external subscriber needs. */
class JsonFormTests {

    private static final Instant AT = Instant.parse("2026-11-21T12:34:56.789123Z");
    private static final JobId JOB = JobId.of(new UUID(0x019A_0000_0000_7000L, 0x8000_0000_0000_0001L));
    private static final Worker WORKER = new Worker("generator-a-1", "pocket", "cpu");
    private static final StoredImage IMAGE = new StoredImage(
            0, StoredImage.Kind.IMAGE, "jobs/2026/11/x/generate-1/0.png", "ab", 12, "image/png", 64, 48, 7L, null);
    private static final StoredImage TILE = new StoredImage(
            1,
            StoredImage.Kind.TILE,
            "jobs/2026/11/x/split-1/1.png",
            "cd",
            10,
            "image/png",
            32,
            24,
            null,
            new StoredImage.Tile(0, 1, 0.75));
    private static final GridSpec GRID = new GridSpec(2, 3, true, 4, 12, 32);
    private static final Failure FAILURE =
            new Failure(Failure.Code.PROVIDER_ERROR, "The provider rejected the request.", 418);

    private static final List<Source> SOURCES =
            List.of(Source.of(JOB, 0), Source.of(JOB, 1).storedAs(TILE), Source.at("https://example.org/a.png"));

    private final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    static Stream<Object> records() {
        return Stream.of(
                new JobEvent.GenerationRequested(JOB, "generate", 1, 3, AT, AT.plusSeconds(5), request(GRID)),
                new JobEvent.GenerationRequested(JOB, "generate", 1, 3, AT, null, request(null)),
                new JobEvent.GenerationRequested(
                        JOB, "generate", 1, 3, AT, null, request(null).withSizeLeftOpen()),
                new JobEvent.GenerationRequested(
                        JOB, "generate", 1, 3, AT, null, request(null).withImages(SOURCES)),
                new JobEvent.TaskStarted(JOB, "generate", 2, AT, WORKER),
                new JobEvent.TaskSucceeded(
                        JOB,
                        "generate",
                        1,
                        AT,
                        WORKER,
                        List.of(IMAGE, TILE),
                        List.of(warning(null), warning(3)),
                        412L,
                        null,
                        4,
                        List.of(),
                        null,
                        null,
                        null),
                new JobEvent.TaskFailed(JOB, "generate", 1, AT, WORKER, FAILURE, 4, null, null),
                new JobEvent.TaskCanceled(JOB, "generate", 1, AT, WORKER, 3L, "engine", 2, null, null),
                new SplitRequested(JOB, "split", 1, 3, AT, null, GRID, List.of(IMAGE)),
                new SplitRequested(JOB, "split", 1, 3, AT, null, GRID, List.of(), null, "https://example.org/a.png"),
                new TaskProgress(JOB, "generate", 1, AT, "denoise", 3, 8),
                new TaskProgress(JOB, "generate", 1, AT, "denoise", 3, 8)
                        .withPreview(new TaskProgress.Preview(1, 0, 3, 8, 64, 48, 900)),
                new GenerationEvent.Accepted(JOB, 1, JobStatus.QUEUED, "accepted", AT, request(null)),
                new GenerationEvent.Started(JOB, 2, JobStatus.RUNNING, "generating", AT, 1, WORKER),
                new GenerationEvent.RetryScheduled(JOB, 3, JobStatus.QUEUED, "retrying", AT, 1, AT, FAILURE, null),
                new GenerationEvent.Splitting(JOB, 4, JobStatus.RUNNING, "splitting", AT, List.of(IMAGE)),
                new GenerationEvent.Succeeded(JOB, 5, JobStatus.SUCCEEDED, "done", AT, job()),
                new GenerationEvent.Failed(JOB, 5, JobStatus.FAILED, "failed", AT, FAILURE, job()),
                job());
    }

    @ParameterizedTest
    @MethodSource("records")
    void aRecordIsReadAsItWasWritten(Object written) {
        var text = json.writeValueAsString(written);

        assertThat((Object) json.readValue(text, written.getClass())).isEqualTo(written);
    }

    @Test
    void onlyASplitTaskForAnAddressHasOne() {
        var stored = new SplitRequested(JOB, "split", 1, 3, AT, null, GRID, List.of(IMAGE));
        var remote =
                new SplitRequested(JOB, "split", 1, 3, AT, null, GRID, List.of(), null, "https://example.org/a.png");

        assertThat(json.readTree(json.writeValueAsString(stored)).has("image_url"))
                .isFalse();
        assertThat(json.readTree(json.writeValueAsString(remote))
                        .path("image_url")
                        .asString())
                .isEqualTo("https://example.org/a.png");
    }

    @Test
    void aGenerationTaskHasTheDocumentedMembers() {
        var task = new JobEvent.GenerationRequested(JOB, "generate", 1, 3, AT, null, request(GRID));

        var tree = json.readTree(json.writeValueAsString(task));

        assertThat(tree.propertyNames())
                .containsExactlyInAnyOrder("job", "task", "attempt", "max_attempts", "at", "not_before", "request");
        assertThat(tree.at("/job").asString()).isEqualTo(JOB.value());
        assertThat(tree.at("/at").asString()).isEqualTo("2026-11-21T12:34:56.789123Z");
        assertThat(tree.at("/request/negative_prompt").asString()).isEqualTo("rain");
        assertThat(tree.at("/request/metadata").asString()).isEqualTo("minimal");
        assertThat(tree.at("/request/size/width").asInt()).isEqualTo(64);
        assertThat(tree.at("/request/grid/min_tile_pixels").asInt()).isEqualTo(32);
    }

    @Test
    void aSourceOmitsMembersWithoutValues() {
        assertThat(json.writeValueAsString(SOURCES.get(0)))
                .isEqualTo("{\"generation\":{\"id\":\"%s\",\"index\":0}}".formatted(JOB));
        assertThat(json.writeValueAsString(SOURCES.get(2))).isEqualTo("{\"image_url\":\"https://example.org/a.png\"}");
        assertThat(json.writeValueAsString(request(null))).doesNotContain("images");
    }

    @Test
    void aSourceIsEitherAnImageOfAJobOrAUrl() {
        assertThatThrownBy(() -> new Source(null, null, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Source(new Source.OfJob(JOB, 0, null), "https://example.org/a.png", null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anErasedRequestContainsNoSources() {
        assertThat(request(null).withImages(SOURCES).redacted().images()).isEmpty();
    }

    @Test
    void anErasedRequestContainsNoAddressButSaysThatItHadOne() {
        var webhook = new Webhook("https://example.org/hooks", Set.of(JobStatus.EXPIRED, JobStatus.FAILED));
        var erased = request(null).toBuilder().webhook(webhook).build().redacted();

        assertThat(erased.webhook()).isEqualTo(new Webhook("", webhook.events()));
        assertThat(request(null).redacted().webhook()).isNull();
    }

    @Test
    void aWebhookIsPartOfTheJsonOnlyIfThereIsOne() {
        var webhook = new Webhook("https://example.org/hooks", Set.of(JobStatus.EXPIRED, JobStatus.FAILED));
        var told = request(null).toBuilder().webhook(webhook).build();

        assertThat(json.writeValueAsString(told)).contains("\"events\":[\"failed\",\"expired\"]");
        assertThat(json.readValue(json.writeValueAsString(told), GenerationRequest.class))
                .isEqualTo(told);
        assertThat(json.writeValueAsString(request(null))).doesNotContain("webhook");
    }

    @Test
    void enumValuesAreLowerCaseInJson() {
        assertThat(json.writeValueAsString(JobStatus.SUCCEEDED)).isEqualTo("\"succeeded\"");
        assertThat(json.writeValueAsString(StoredImage.Kind.TILE)).isEqualTo("\"tile\"");
        assertThat(json.writeValueAsString(Failure.Code.OUT_OF_MEMORY)).isEqualTo("\"out-of-memory\"");
    }

    @Test
    void anInvalidJobIdIsRejected() {
        assertThatThrownBy(() -> json.readValue("\"gen_1\"", JobId.class))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("gen_1");
    }

    private static Job.Warning warning(@Nullable Integer tile) {
        return new Job.Warning("tile-rejected", "Tile 3 is blank.", tile);
    }

    private static GenerationRequest request(@Nullable GridSpec grid) {
        return GenerationRequest.builder()
                .prompt("a cat \uD83D\uDC08")
                .negativePrompt("rain")
                .model("pocket")
                .requestedModel("auto")
                .engine("pocket")
                .pool("default")
                .n(2)
                .size(new ImageSize(64, 48))
                .steps(8)
                .guidanceScale(1.5)
                .seed(-7)
                .grid(grid)
                .labels(Map.of("team", "a"))
                .build();
    }

    private static Job job() {
        return new Job(
                JOB,
                5,
                JobStatus.FAILED,
                "failed",
                AT,
                AT.plusMillis(5),
                AT.plusSeconds(1),
                2,
                3,
                request(GRID),
                WORKER,
                List.of(TILE),
                List.of(IMAGE),
                List.of(warning(3)),
                List.of(new Job.AttemptFailure("generate", 1, AT, FAILURE, 3)),
                FAILURE,
                512L,
                null,
                null,
                null,
                List.of(),
                null,
                7,
                null,
                null,
                List.of(),
                List.of());
    }
}
