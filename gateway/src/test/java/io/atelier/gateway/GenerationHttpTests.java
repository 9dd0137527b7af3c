package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.view.progress.LatestProgress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

@GatewayHttpTest
class GenerationHttpTests {

    private static final byte[] IMAGE = "an image".getBytes(StandardCharsets.UTF_8);
    private static final byte[] GRID = "a grid of images".getBytes(StandardCharsets.UTF_8);

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private LatestProgress progress;

    @Autowired
    private AtomicBoolean brokersAnswer;

    @AfterEach
    void restore() {
        jobs.ready(true);
        jobs.lifecycleRunning(true);
        jobs.brokersSilent(false);
        brokersAnswer.set(true);
    }

    @Test
    void succeededJobShowsAllFields() {
        var job = jobs.show(SampleJobs.succeeded(IMAGE, GRID));

        get(job).expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("ETag", "\"3-0\"")
                .expectHeader()
                .valueEquals("Cache-Control", "no-cache, private")
                .expectHeader()
                .doesNotExist("Retry-After")
                .expectBody()
                .json(
                        """
                        {"id": "%1$s", "object": "generation", "version": 3, "status": "succeeded", "stage": "done", "terminal": true,
                         "created_at": "%2$s", "queued_at": "%2$s", "started_at": "%3$s", "completed_at": "%4$s",
                         "deadline": {"start_by": null, "complete_by": null}, "expires_at": null, "parent_id": null, "cancel": null,
                         "model": "pocket", "requested_model": "auto", "attempt": 1, "max_attempts": 3,
                         "queue": null, "caption": "Model: pocket\\nPrompt: a snowman", "progress": null, "grid": null, "warnings": [], "last_errors": [], "error": null,
                         "usage": {"engine_seconds": 2.345, "queue_seconds": 1.5},
                         "request": {"prompt": "a snowman", "negative_prompt": null, "n": 1, "size": "512x512", "width": 512,
                                     "height": 512, "steps": 25, "guidance_scale": 2.5, "seed": 7, "grid": null,
                                     "metadata": "minimal"},
                         "labels": {"campaign": "q4"}, "client_ref": "order-77",
                         "images": [
                           {"index": 0, "kind": "image", "tile": null, "media_type": "image/png", "width": 512, "height": 512,
                            "bytes": 8, "sha256": "%5$s", "seed": 7, "url": "/v1/generations/%1$s/images/0"},
                           {"index": 1, "kind": "image", "tile": null, "media_type": "image/png", "width": 512, "height": 512,
                            "bytes": 16, "sha256": "%6$s", "seed": 8, "url": "/v1/generations/%1$s/images/1"}],
                         "urls": {"self": "/v1/generations/%1$s", "images": "/v1/generations/%1$s/images",
                                  "events": "/v1/generations/%1$s/events",
                                  "image": "/v1/generations/%1$s/images/0", "grid": null}}\
                        """.formatted(
                                        job.id(),
                                        SampleJobs.time(job.createdAt()),
                                        SampleJobs.time(job.startedAt()),
                                        SampleJobs.time(job.completedAt()),
                                        SampleJobs.sha256(IMAGE),
                                        SampleJobs.sha256(GRID)),
                        org.springframework.test.json.JsonCompareMode.STRICT);
    }

    @Test
    void failedJobShowsItsError() {
        var job = jobs.show(SampleJobs.in(JobStatus.FAILED));

        get(job).expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.error.code")
                .isEqualTo("provider-error")
                .jsonPath("$.error.message")
                .isEqualTo("The provider refused the request.")
                .jsonPath("$.error.retryable")
                .isEqualTo(true)
                .jsonPath("$.error.provider_status")
                .isEqualTo(418)
                .jsonPath("$.last_errors[0].task")
                .isEqualTo("generate")
                .jsonPath("$.last_errors[0].error.code")
                .isEqualTo("provider-error");
    }

    @Test
    @DisplayName("provider_calls is left out without calls, and shown for the job and each failed attempt with them")
    void providerCallsAreShown() {
        var called = jobs.show(
                JobBuilder.of(SampleJobs.in(JobStatus.FAILED)).providerCalls(4).job());
        var local = jobs.show(SampleJobs.in(JobStatus.FAILED));

        get(called)
                .expectBody()
                .jsonPath("$.usage.provider_calls")
                .isEqualTo(4)
                .jsonPath("$.last_errors[0].provider_calls")
                .isEqualTo(4);
        get(local)
                .expectBody()
                .jsonPath("$.usage.provider_calls")
                .doesNotExist()
                .jsonPath("$.last_errors[0].provider_calls")
                .doesNotExist();
    }

    @Test
    void cutGridShowsItsTilesAndOriginal() {
        var job = jobs.show(SampleJobs.cut(GRID, IMAGE));

        get(job).expectBody()
                .jsonPath("$.images[0].kind")
                .isEqualTo("tile")
                .jsonPath("$.images[0].index")
                .isEqualTo(0)
                .jsonPath("$.request.grid.layout")
                .isEqualTo("1x1")
                .jsonPath("$.request.grid.trim")
                .isEmpty()
                .jsonPath("$.request.grid.min_tile_px")
                .isEqualTo(64)
                .jsonPath("$.grid.rows")
                .isEqualTo(1)
                .jsonPath("$.grid.originals[0].url")
                .isEqualTo("/v1/generations/" + job.id() + "/images/grid")
                .jsonPath("$.urls.grid")
                .isEqualTo("/v1/generations/" + job.id() + "/images/grid");
    }

    @Test
    void imagesAreListed() {
        var job = jobs.show(SampleJobs.succeeded(IMAGE));

        client.get()
                .uri("/v1/generations/{id}/images", job.id())
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.object")
                .isEqualTo("list")
                .jsonPath("$.data.length()")
                .isEqualTo(1)
                .jsonPath("$.data[0].sha256")
                .isEqualTo(SampleJobs.sha256(IMAGE));
    }

    @Test
    void progressIsShownAndChangesTheETag() {
        var job = jobs.show(SampleJobs.in(JobStatus.RUNNING));
        var quiet = tag(get(job));

        progress.publish(new TaskProgress(job.id(), "generate", 1, Instant.ofEpochMilli(36), "denoise", 11, 25));
        var busy = tag(get(job));

        assertThat(quiet).isEqualTo("\"2-0\"");
        assertThat(busy).isEqualTo("\"2-10.11\"");
        conditional(job, quiet)
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.progress.fraction")
                .isEqualTo(0.44)
                .jsonPath("$.progress.phase")
                .isEqualTo("denoise")
                .jsonPath("$.progress.step")
                .isEqualTo(11);
        conditional(job, busy)
                .expectStatus()
                .isNotModified()
                .expectHeader()
                .valueEquals("ETag", busy)
                .expectBody()
                .isEmpty();
    }

    @Test
    void aModelThatIsBeingLoadedIsAStageWithAnEta() {
        var job = jobs.show(SampleJobs.in(JobStatus.RUNNING));
        var at = Instant.ofEpochMilli(36);

        progress.publish(new TaskProgress(job.id(), "generate", 1, at, TaskProgress.LOAD, 25, 100, 12L));
        get(job).expectBody()
                .jsonPath("$.stage")
                .isEqualTo("loading_model")
                .jsonPath("$.progress.fraction")
                .isEqualTo(0.25)
                .jsonPath("$.progress.eta_seconds")
                .isEqualTo(12);

        progress.publish(new TaskProgress(job.id(), "generate", 1, at.plusMillis(1), "denoise", 0, 2));
        get(job).expectBody()
                .jsonPath("$.stage")
                .isEqualTo(job.stage())
                .jsonPath("$.progress.eta_seconds")
                .doesNotExist();
    }

    @DisplayName("Before the first step of an image nothing of the job is done, although the prompt is encoded")
    @Test
    void encodedPromptIsNoPartOfTheImages() {
        var job = jobs.show(SampleJobs.in(JobStatus.RUNNING));

        progress.publish(new TaskProgress(job.id(), "generate", 1, Instant.ofEpochMilli(36), "encode", 1, 1));

        get(job).expectBody()
                .jsonPath("$.progress.fraction")
                .isEqualTo(0.0)
                .jsonPath("$.progress.phase")
                .isEqualTo("encode");
    }

    @Test
    void progressOfAnotherAttemptOrTaskIsNotShown() {
        var job = jobs.show(SampleJobs.in(JobStatus.RUNNING));

        progress.publish(new TaskProgress(job.id(), "split", 1, Instant.now(), "cut", 1, 2));
        get(job).expectBody().jsonPath("$.progress").isEmpty();
        progress.publish(new TaskProgress(job.id(), "generate", 2, Instant.now(), "denoise", 1, 2));
        get(job).expectBody().jsonPath("$.progress").isEmpty();
    }

    @Test
    void queuedJobShowsItsPoolAndRetryAfter() {
        var job = jobs.show(SampleJobs.in(JobStatus.QUEUED));

        // Other tests in this context have set durations; without them the value would be a quarter of the age.
        get(job).expectHeader()
                .value("Retry-After", wait -> assertThat(Integer.parseInt(wait)).isBetween(1, 30))
                .expectBody()
                .jsonPath("$.queue.pool")
                .isEqualTo("default")
                .jsonPath("$.started_at")
                .isEmpty()
                .jsonPath("$.usage.queue_seconds")
                .isEmpty();
    }

    @Test
    void rewrittenPromptIsShownWithItsModelAndDuration() {
        var job = jobs.show(JobBuilder.of(SampleJobs.in(JobStatus.SUCCEEDED))
                .enhancement(new Job.Enhancement("some-model", "a cheerful snowman", 3_250))
                .job());

        get(job).expectBody()
                .jsonPath("$.enhanced_by")
                .isEqualTo("some-model")
                .jsonPath("$.enhanced_prompt")
                .isEqualTo("a cheerful snowman")
                .jsonPath("$.usage.enhance_seconds")
                .isEqualTo(3.25);
    }

    @Test
    void newIdIsWaitedFor() {
        var old = SampleJobs.in(JobStatus.QUEUED);
        var id = JobId.create(Instant.now(), new Random());
        var newJob = new Job(
                id,
                1,
                JobStatus.QUEUED,
                "accepted",
                Instant.now(),
                null,
                null,
                1,
                3,
                old.request(),
                null,
                old.images(),
                old.grids(),
                old.warnings(),
                old.lastErrors(),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
        var shown = new AtomicBoolean();
        Mono.delay(Duration.ofMillis(50))
                .doOnNext(tick -> {
                    shown.set(true);
                    jobs.show(newJob);
                })
                .subscribe();

        client.get().uri("/v1/generations/{id}", id).exchange().expectStatus().isOk();

        assertThat(shown).isTrue();
    }

    @Test
    void oldJobIsFoundThoughTheViewDoesNotShowItYet() {
        var old = SampleJobs.in(JobStatus.QUEUED);
        jobs.addNotYetShown(old);

        client.get()
                .uri("/v1/generations/{id}", old.id())
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void unknownIdIsNotFound() {
        for (var created : new Instant[] {
            Instant.now(), Instant.now().minusSeconds(60), Instant.now().plusSeconds(60)
        }) {
            client.get()
                    .uri("/v1/generations/{id}", JobId.create(created, new Random()))
                    .exchange()
                    .expectStatus()
                    .isNotFound()
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("not-found");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gen_", "gen_7", "x", "gen_zzzzzzzzzzzzzzzzzzzzzzzzzz", "..", "%00", "gen_<script>"})
    void malformedIdIsNotFound(String id) {
        client.get().uri("/v1/generations/{id}", id).exchange().expectStatus().isNotFound();
        client.get()
                .uri("/v1/generations/{id}/images/0", id)
                .exchange()
                .expectStatus()
                .isNotFound();
    }

    @Test
    void idIsNotCaseSensitive() {
        var job = jobs.show(SampleJobs.in(JobStatus.QUEUED));

        client.get()
                .uri("/v1/generations/{id}", job.id().value().toUpperCase(java.util.Locale.ROOT))
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void jobIsNotDeniedUntilTheViewHasCaughtUp() {
        jobs.ready(false);

        client.get()
                .uri("/v1/generations/{id}", JobId.create(Instant.now().minusSeconds(60), new Random()))
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "2")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("starting");
    }

    @Test
    void acceptedJobIsFoundThoughTheLifecycleHasNotReadItYet() {
        var old = SampleJobs.in(JobStatus.QUEUED);
        jobs.addNotYetWritten(old);

        client.get()
                .uri("/v1/generations/{id}", old.id())
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void jobIsNotDeniedWhileTheLifecycleIsBehind() {
        jobs.lifecycleRunning(false);

        for (var created : new Instant[] {Instant.now(), Instant.now().minusSeconds(60)}) {
            client.get()
                    .uri("/v1/generations/{id}", JobId.create(created, new Random()))
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .valueEquals("Retry-After", "2")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("not-ready");
        }
    }

    @Test
    void unknownJobIsAnsweredAtOnceWithTheCauseWhileNoBrokerAnswers() {
        jobs.brokersSilent(true);
        brokersAnswer.set(false);
        long start = System.nanoTime();

        for (var created : new Instant[] {Instant.now(), Instant.now().minusSeconds(60)}) {
            client.get()
                    .uri("/v1/generations/{id}", JobId.create(created, new Random()))
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .valueEquals("Retry-After", "5")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("broker-unavailable")
                    .jsonPath("$.detail")
                    .value(String.class, detail -> assertThat(detail).startsWith("No message broker answers."));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void falseIfMatchIsAProblem() {
        var job = jobs.show(SampleJobs.succeeded(IMAGE, GRID));

        for (var tags : new String[] {"\"3-0\"", "\"1-0\", \"3-0\"", "*"}) {
            client.get()
                    .uri("/v1/generations/{id}", job.id())
                    .header("If-Match", tags)
                    .exchange()
                    .expectStatus()
                    .isOk();
        }
        client.get()
                .uri("/v1/generations/{id}", job.id())
                .header("If-Match", "\"2-0\"")
                .header("If-None-Match", "\"3-0\"")
                .exchange()
                .expectStatus()
                .isEqualTo(412)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("precondition-failed");
    }

    @Test
    void expiredJobIsShown() {
        var job = jobs.show(SampleJobs.in(JobStatus.EXPIRED));

        get(job).expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("expired")
                .jsonPath("$.terminal")
                .isEqualTo(true);
    }

    @Test
    void erasedJobIsGone() {
        var job = jobs.show(SampleJobs.erased(false));

        get(job).expectStatus()
                .isEqualTo(410)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("erased")
                .jsonPath("$.job_id")
                .isEqualTo(job.id().value())
                .jsonPath("$.error.code")
                .isEqualTo("gone");
    }

    @Test
    void jobWhoseRetentionEndedIsGone() {
        get(jobs.show(SampleJobs.erased(true)))
                .expectStatus()
                .isEqualTo(410)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("expired");
    }

    private WebTestClient.ResponseSpec get(Job job) {
        return client.get().uri("/v1/generations/{id}", job.id()).exchange();
    }

    private WebTestClient.ResponseSpec conditional(Job job, String tag) {
        return client.get()
                .uri("/v1/generations/{id}", job.id())
                .header("If-None-Match", "\"other\", W/" + tag)
                .exchange();
    }

    private static String tag(WebTestClient.ResponseSpec response) {
        var tag = response.expectBody().returnResult().getResponseHeaders().getETag();
        return tag == null ? "" : tag;
    }
}
