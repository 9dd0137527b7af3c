package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Persona;
import io.atelier.contract.job.StoredText;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.TextStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.json.JsonMapper;

/** The states of avatars, their images and prompts, and what follows from them. */
@GatewayHttpTest
class AvatarShownHttpTests {

    private static final Persona PERSONA =
            new Persona("42", "Ada", "Example", "f", AvatarClient.MARK, "", "", "", null, null);

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
    private LatestProgress progress;

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
    @DisplayName("D-10, D-32: stages have their times; the status says that the job runs, the stage how far it is")
    void stagesBaseAndPromptsAreShown() {
        var job = jobs.show(SampleAvatars.running());

        shown(job)
                .jsonPath("$.status")
                .isEqualTo("running")
                .jsonPath("$.stage")
                .isEqualTo("drawing-grids")
                .jsonPath("$.stages[*].stage")
                .isEqualTo(List.of("prompting", "drawing-base", "drawing-grids", "splitting", "publishing"))
                .jsonPath("$.stages[0].started_at")
                .isEqualTo(SampleJobs.time(job.stages().get(0).startedAt()))
                .jsonPath("$.stages[0].completed_at")
                .isEqualTo(SampleJobs.time(job.stages().get(0).completedAt()))
                .jsonPath("$.stages[2].completed_at")
                .isEmpty()
                .jsonPath("$.stages[2].done")
                .isEqualTo(1)
                .jsonPath("$.stages[2].total")
                .isEqualTo(2)
                .jsonPath("$.base.sha256")
                .isEqualTo(SampleJobs.sha256(SampleAvatars.BASE))
                .jsonPath("$.base.url")
                .isEqualTo(path(job) + "/images/base")
                .jsonPath("$.grid.originals[0].url")
                .isEqualTo(path(job) + "/images/grid")
                .jsonPath("$.avatar.prompts[0].index")
                .isEqualTo(0)
                .jsonPath("$.avatar.prompts[0].by")
                .isEqualTo("template")
                .jsonPath("$.avatar.prompts[0].url")
                .isEqualTo(path(job) + "/prompts/0")
                .jsonPath("$.images")
                .isEmpty()
                .jsonPath("$.queue")
                .isEmpty();
    }

    @Test
    void otherGenerationsHaveNoneOfThese() {
        var job = jobs.show(SampleJobs.succeeded(SampleAvatars.BASE));

        shown(job)
                .jsonPath("$.stages")
                .doesNotExist()
                .jsonPath("$.base")
                .doesNotExist()
                .jsonPath("$.avatar")
                .doesNotExist()
                .jsonPath("$.images[0].bucket")
                .doesNotExist()
                .jsonPath("$.images[0].key")
                .doesNotExist();
        http.get().uri(path(job) + "/images/base").exchange().expectStatus().isNotFound();
        http.get().uri(path(job) + "/prompts/0").exchange().expectStatus().isNotFound();
    }

    @Test
    @DisplayName(
            "D-14, D-15: published images are in order and have bucket and key; without a public base the URL is the gateway's")
    void publishedImagesHaveBucketAndKey() {
        var job = jobs.show(SampleAvatars.succeeded());

        shown(job)
                .jsonPath("$.images.length()")
                .isEqualTo(8)
                .jsonPath("$.images[7].index")
                .isEqualTo(7)
                .jsonPath("$.images[7].bucket")
                .isEqualTo("avatars")
                .jsonPath("$.images[7].key")
                .isEqualTo("avatars/42/img_7.png")
                .jsonPath("$.images[7].url")
                .isEqualTo(path(job) + "/images/7")
                .jsonPath("$.caption")
                .doesNotExist();
        http.get()
                .uri(path(job) + "/images")
                .exchange()
                .expectBody()
                .jsonPath("$.data[0].key")
                .isEqualTo("avatars/42/img_0.png");
    }

    @Test
    @DisplayName("D-08: base image and grids can be fetched while the avatar is made")
    void baseAndGridsAreServedWhileTheJobRuns() {
        var job = jobs.show(SampleAvatars.running());
        store.putImage(Objects.requireNonNull(job.base()).key(), SampleAvatars.BASE);
        store.putImage(job.grids().get(0).key(), SampleAvatars.grid(0));

        assertThat(image(job, "base")).isEqualTo(SampleAvatars.BASE);
        assertThat(image(job, "grid")).isEqualTo(SampleAvatars.grid(0));
        http.get()
                .uri(path(job) + "/images/grid-1")
                .exchange()
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("image-not-ready");
    }

    @Test
    void imagesThatAreNotThereSayWhatTheJobIsDoing() {
        var accepted = jobs.show(withoutImages(writing(List.of(AvatarStep.values()), false))
                .state(2, JobStatus.RUNNING, "prompting")
                .job());
        var running = jobs.show(SampleAvatars.running());

        assertThat(missing(accepted, "base", 409))
                .isEqualTo(
                        "This image is not there yet: the generation is running, in the stage 'prompting'. It is made in the stage"
                                + " 'drawing-base', and available as soon as it is there.");
        assertThat(missing(running, "grid-1", 409))
                .contains("in the stage 'drawing-grids'", "made in the stage 'drawing-grids'");
        assertThat(missing(running, "7", 409))
                .isEqualTo(
                        "The generation is running, in the stage 'drawing-grids'. Its images are available when it has succeeded.");
        assertThat(missing(running, "8", 404))
                .isEqualTo(
                        "The generation has no image '8'. It makes: 0 to 7, its base image 'base', and its uncut grids from 'grid'.");
        assertThat(missing(running, "grid-2", 404)).contains("has no image 'grid-2'. It makes: 0 to 7");
    }

    @Test
    void imagesThatAJobNeverMakesAreNotFound() {
        var prompts = jobs.show(writing(List.of(AvatarStep.PROMPT), false));
        var distinct = jobs.show(writing(List.of(AvatarStep.PROMPT), true));
        var grids = jobs.show(
                withoutImages(writing(List.of(AvatarStep.GRID), false)).job());

        for (var job : List.of(prompts, distinct)) {
            assertThat(missing(job, "0", 404))
                    .isEqualTo(
                            "The generation has no image '0'. It writes prompts and makes no images: the first prompt is at"
                                    + " /v1/generations/%s/prompts/0.".formatted(job.id()));
        }
        assertThat(missing(grids, "base", 404)).startsWith("The generation has no image 'base'. It makes: 0");
    }

    private static JobBuilder withoutImages(Job job) {
        return JobBuilder.of(job).base(null).images(List.of(), List.of());
    }

    private String missing(Job job, String name, int status) {
        var body = http.get()
                .uri(path(job) + "/images/" + name)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectBody()
                .returnResult()
                .getResponseBody();
        return new JsonMapper().readTree(body).path("detail").asString();
    }

    @Test
    void baseOfAFailedAvatarIsServed() {
        var job = jobs.show(SampleAvatars.failed());
        store.putImage(Objects.requireNonNull(job.base()).key(), SampleAvatars.BASE);

        assertThat(image(job, "base")).isEqualTo(SampleAvatars.BASE);
        http.get()
                .uri(path(job) + "/images/0")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("image-unavailable");
    }

    @Test
    void promptIsServedAsText() {
        var job = jobs.show(SampleAvatars.running());
        var text = job.prompts().get(0).text();
        store.memory()
                .put(new ObjectKey(text.key()), SampleAvatars.PROMPT, TextStore.TEXT, Map.of())
                .join();

        var body = http.get()
                .uri(path(job) + "/prompts/0")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Content-Type", "text/plain;charset=UTF-8")
                .expectHeader()
                .valueEquals("Cache-Control", "no-store")
                .expectBody()
                .returnResult()
                .getResponseBody();

        assertThat(body).isEqualTo(SampleAvatars.PROMPT);
    }

    @Test
    void promptsThatAreNotThereAreRefused() {
        var job = jobs.show(writing(List.of(AvatarStep.values()), true));
        http.get()
                .uri(path(job) + "/prompts/1")
                .exchange()
                .expectStatus()
                .isEqualTo(409)
                .expectHeader()
                .exists("Retry-After")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("prompt-not-ready");
        http.get().uri(path(job) + "/prompts/x").exchange().expectStatus().isNotFound();
        // The view shows the prompt, but its text was deleted.
        http.get().uri(path(job) + "/prompts/0").exchange().expectStatus().isEqualTo(410);
        var ended = jobs.show(SampleAvatars.succeeded());
        http.get().uri(path(ended) + "/prompts/1").exchange().expectStatus().isNotFound();
        var erased = jobs.show(SampleJobs.erasedFrom(SampleAvatars.succeeded()));
        http.get().uri(path(erased) + "/prompts/0").exchange().expectStatus().isEqualTo(410);
        http.get()
                .uri("/v1/generations/gen_06dahq1v1tw0f8v0sjy2m7sqs0/prompts/0")
                .exchange()
                .expectStatus()
                .isNotFound();
    }

    @Test
    void promptsThatAJobNeverWritesAreNotFound() {
        for (var job : List.of(
                SampleAvatars.running(),
                writing(List.of(AvatarStep.PROMPT, AvatarStep.GRID), false),
                writing(List.of(AvatarStep.BASE), false),
                writing(List.of(AvatarStep.PUBLISH), true))) {
            http.get()
                    .uri(path(jobs.show(job)) + "/prompts/1")
                    .exchange()
                    .expectStatus()
                    .isNotFound();
        }
        var distinct = jobs.show(writing(List.of(AvatarStep.values()), true));
        http.get()
                .uri(path(distinct) + "/prompts/2")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("The generation has no prompt '2'. It has 2, numbered from 0.");
    }

    @Test
    void progressCountsAllTasksAndIsNeverLowerThanWhatIsDone() {
        var job = jobs.show(SampleAvatars.running());
        var changed = job.history().get(0).at();
        shown(job)
                .jsonPath("$.progress.fraction")
                .isEqualTo(3.0 / 7)
                .jsonPath("$.progress.phase")
                .isEqualTo("drawing-grids");

        progress.publish(new TaskProgress(job.id(), "grid-0", 1, changed.minusSeconds(1), "denoise", 9, 10));
        shown(job).jsonPath("$.progress.fraction").isEqualTo(3.0 / 7);

        progress.publish(new TaskProgress(job.id(), "grid-1", 1, changed.plusSeconds(1), "denoise", 5, 10));
        shown(job)
                .jsonPath("$.progress.fraction")
                .isEqualTo(3.5 / 7)
                .jsonPath("$.progress.phase")
                .isEqualTo("denoise");
    }

    @Test
    @DisplayName("A retry has a copy of the persona and of the prompt, because those of the old job are erased with it")
    void retryHasTextsOfItsOwn() {
        var parent = jobs.show(withTexts(SampleAvatars.failed()));

        http.post()
                .uri(path(parent) + "/retry")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.parent_id")
                .isEqualTo(parent.id().value());

        var event = avatars.published();
        var avatar = Objects.requireNonNull(event.request().avatar());
        var persona = Objects.requireNonNull(avatar.persona());
        var prompt = Objects.requireNonNull(avatar.prompt());
        assertThat(List.of(persona.key(), prompt.key()))
                .allSatisfy(key -> assertThat(key).startsWith(JobFolder.of(event.job())));
        assertThat(store.memory().keys()).contains(persona.key(), prompt.key());
        assertThat(persona.sha256()).isEqualTo(persona(parent).sha256());
        assertThat(avatar.held()).isFalse();
        assertThat(event.request().labels()).isEqualTo(Map.of("mine", "1"));
        assertThat(event.task()).isEqualTo("avatar");
    }

    @Test
    void retryWithoutTheTextsIsRefused() {
        var parent = jobs.show(SampleAvatars.failed());
        int before = avatars.records();

        http.post()
                .uri(path(parent) + "/retry")
                .exchange()
                .expectStatus()
                .isEqualTo(410)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("erased");

        assertThat(avatars.records()).isEqualTo(before);
    }

    @Test
    void sameKeyRetriesOnce() {
        var parent = jobs.show(withTexts(SampleAvatars.failed()));
        var first = retried(parent);
        int before = avatars.records();

        assertThat(retried(parent)).isEqualTo(first);
        assertThat(avatars.records()).isEqualTo(before);
    }

    private JobId retried(Job parent) {
        http.post()
                .uri(path(parent) + "/retry")
                .header("Idempotency-Key", "retry-" + parent.id())
                .exchange()
                .expectStatus()
                .isAccepted();
        return avatars.published().job();
    }

    /** The same job, of a batch, whose persona is in the store, with a given prompt. */
    private Job withTexts(Job job) {
        var avatar = Objects.requireNonNull(job.request().avatar());
        var texts = new TextStore(store.memory(), Runnable::run);
        var json = EventCodec.json().writeValueAsBytes(PERSONA);
        var persona = texts.put(
                        new ObjectKey(JobFolder.persona(job.id(), SampleJobs.sha256(json))),
                        json,
                        TextStore.JSON,
                        Map.of())
                .join();
        var prompt = texts.put(
                        new ObjectKey(JobFolder.given(job.id(), SampleJobs.sha256(SampleAvatars.PROMPT))),
                        SampleAvatars.PROMPT,
                        TextStore.TEXT,
                        Map.of())
                .join();
        var request = job.request().toBuilder()
                .labels(Map.of("avatar-batch.id", "avatar_batch_1", "mine", "1"))
                .avatar(avatar.toBuilder()
                        .held(true)
                        .persona(persona)
                        .prompt(prompt)
                        .build())
                .build();
        return JobBuilder.of(job).request(request).job();
    }

    /** A running job of eight images with other steps. */
    private static Job writing(List<AvatarStep> steps, boolean distinctPrompts) {
        var job = SampleAvatars.running();
        var avatar = AvatarSpec.builder(steps, 8)
                .personaId("42")
                .distinctPrompts(distinctPrompts)
                .build();
        return JobBuilder.of(job)
                .request(job.request().toBuilder().avatar(avatar).build())
                .job();
    }

    private static StoredText persona(Job job) {
        return Objects.requireNonNull(
                Objects.requireNonNull(job.request().avatar()).persona());
    }

    private byte[] image(Job job, String name) {
        return Objects.requireNonNull(http.get()
                .uri(path(job) + "/images/" + name)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult()
                .getResponseBody());
    }

    private WebTestClient.BodyContentSpec shown(Job job) {
        return http.get().uri(path(job)).exchange().expectStatus().isOk().expectBody();
    }

    private static String path(Job job) {
        return "/v1/generations/" + job.id();
    }
}
