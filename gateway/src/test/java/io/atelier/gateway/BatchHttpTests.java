package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.InMemoryEventPublisher;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
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
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Batches: the generations of several prompts, read in the order of the prompts. */
@GatewayHttpTest
class BatchHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String THREE = "{'prompts': ['one', 'two', 'three'], 'model': 'test-card', 'size': '256x256'}";

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    private final HashSet<JobId> known = new HashSet<>();

    @BeforeEach
    void rememberEarlierJobs() {
        jobs.clear();
        publisher.events(GenerationRequested.class).forEach(event -> known.add(event.job()));
    }

    @AfterEach
    void restore() {
        publisher.comeBack();
        jobs.lifecycleRunning(true);
        jobs.clear();
    }

    @Test
    void eachPromptIsAGenerationInTheirOrder() {
        var response = post(key(), THREE);
        response.expectStatus().isAccepted().expectHeader().doesNotExist("Idempotency-Replayed");
        var batch = json(response);

        var published = published();
        assertThat(published.stream().map(event -> event.request().prompt())).containsExactly("one", "two", "three");
        assertThat(published.stream().map(event -> event.request().model())).containsOnly("test-card");
        assertThat(published.stream().map(event -> event.request().seed())).doesNotHaveDuplicates();
        assertThat(published.stream().map(event -> event.request().terms().digest()))
                .doesNotHaveDuplicates();
        assertThat(published.get(2).request().labels())
                .containsEntry("batch.id", batch.get("id").asString())
                .containsEntry("batch.index", "2")
                .containsEntry("batch.size", "3");
        assertThat(ids(batch))
                .isEqualTo(published.stream().map(event -> event.job().value()).toList());
        assertThat(batch.get("id").asString()).matches("batch_[0-9a-z]{26}");
        assertThat(batch.at("/urls/self").asString())
                .isEqualTo("/v1/batches/" + batch.get("id").asString());
        assertThat(batch.at("/counts/queued").asInt()).isEqualTo(3);
        assertThat(batch.get("terminal").asBoolean()).isFalse();
    }

    @Test
    void seedHoldsForAllPrompts() {
        post(key(), "{'prompts': ['one', 'two'], 'seed': 7, 'labels': {'a': 'b'}}")
                .expectStatus()
                .isAccepted();

        assertThat(published().stream().map(event -> event.request().seed())).containsExactly(7L, 7L);
        assertThat(published().get(1).request().labels()).containsEntry("a", "b");
    }

    @Test
    void labelsOfTheBatchDoNotCountAsThoseOfTheClient() {
        var own =
                IntStream.range(0, 16).mapToObj(i -> "'k%d': 'v'".formatted(i)).collect(Collectors.joining(", "));

        post(key(), "{'prompts': ['one'], 'labels': {%s}}".formatted(own))
                .expectStatus()
                .isAccepted();

        assertThat(published().get(0).request().labels()).hasSize(19);
    }

    @Test
    void generationOfAnotherRequestIsNotInTheBatch() {
        var batch = json(post(key(), THREE));
        var second = JobId.parse(ids(batch).get(1)).orElseThrow();

        jobs.show(SampleJobs.as(second, SampleJobs.in(JobStatus.QUEUED)));

        assertThat(statuses(get(batch))).containsExactly("queued", "missing", "queued");
    }

    @Test
    void acceptedGenerationsAreNotMissingThoughTheViewIsBehind() {
        var batch = json(post(key(), THREE));
        var ids = ids(batch).stream().map(id -> JobId.parse(id).orElseThrow()).toList();

        jobs.hide(ids.subList(1, 3));
        assertThat(statuses(get(batch))).containsExactly("queued", "queued", "queued");
        jobs.hide(ids);
        assertThat(statuses(get(batch))).containsExactly("queued", "queued", "queued");
    }

    @Test
    void generationsAreNotDeniedWhileTheLifecycleIsBehind() {
        var batch = json(post(key(), THREE));
        jobs.hide(List.of(JobId.parse(ids(batch).get(2)).orElseThrow()));
        jobs.lifecycleRunning(false);

        var problem = get(batch);

        assertThat(problem.get("code").asString()).isEqualTo("not-ready");
        assertThat(problem.get("retryable").asBoolean()).isTrue();
    }

    @Test
    void resultsAreInTheOrderOfThePromptsAndIndependent() {
        var batch = json(post(key(), THREE));
        var ids = ids(batch);
        end(ids.get(2), JobStatus.SUCCEEDED);
        end(ids.get(1), JobStatus.FAILED);
        assertThat(statuses(get(batch))).containsExactly("queued", "failed", "succeeded");
        assertThat(get(batch).get("terminal").asBoolean()).isFalse();
        end(ids.get(0), JobStatus.SUCCEEDED);

        var ended = get(batch);

        assertThat(statuses(ended)).containsExactly("succeeded", "failed", "succeeded");
        assertThat(ids(ended)).isEqualTo(ids);
        assertThat(ended.get("terminal").asBoolean()).isTrue();
        assertThat(ended.at("/counts/succeeded").asInt()).isEqualTo(2);
        assertThat(ended.at("/counts/failed").asInt()).isEqualTo(1);
        assertThat(ended.at("/results/1/generation/error/code").asString()).isEqualTo("provider-error");
        assertThat(ended.at("/results/0/index").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'prompts': ['a', 'b', 'c', ' ', 'e']} | /prompts/3",
                "{'prompts': ['a', 5]} | /prompts/1",
                "{'prompts': []} | /prompts",
                "{'prompts': 'a'} | /prompts",
                "{'prompts': null} | /prompts",
                "{} | /prompts",
                "{'prompts': ['a'], 'prompt': 'b'} | /prompt",
                "{'prompts': ['a'], 'on_disconnect': 'cancel'} | /on_disconnect",
                "{'prompts': ['a', 'b'], 'steps': 0} | /steps",
                "{'prompts': ['a'], 'images': [{'generation': {'id': 'gen_06dahq1v1tw0f8v0sjy2m7sqs0'}}], 'model':"
                        + " 'test-card'} | /images/0/generation/id"
            })
    void mistakeIsNamedAndNothingIsPublished(String body, String pointer) {
        var problem = json(post(key(), body));

        assertThat(problem.get("status").asInt()).isEqualTo(422);
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(problem.get("errors")).hasSize(1);
        assertThat(published()).isEmpty();
    }

    @Test
    void hundredPromptsAreAllowedAndOneMoreIsNot() {
        var hundred = "'" + String.join("','", Collections.nCopies(100, "x")) + "'";

        post(key(), "{'prompts': [" + hundred + "]}").expectStatus().isAccepted();
        assertThat(published()).hasSize(100);
        assertThat(json(post(key(), "{'prompts': ['y'," + hundred + "]}"))
                        .get("detail")
                        .asString())
                .contains("a list of 101");
        assertThat(published()).hasSize(100);
    }

    @Test
    void repetitionFindsTheBatch() {
        var key = key();
        var first = json(post(key, THREE));
        post(key, THREE.replace("256x256'", "256x256', 'n': 1"))
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Idempotency-Replayed", "true");

        assertThat(ids(json(post(key, THREE)))).isEqualTo(ids(first));
        assertThat(published()).hasSize(3);
        ids(first).forEach(id -> end(id, JobStatus.SUCCEEDED));
        post(key, THREE).expectStatus().isOk();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompts': ['one', 'two', 'other'], 'model': 'test-card', 'size': '256x256'}",
                "{'prompts': ['one', 'two'], 'model': 'test-card', 'size': '256x256'}",
                "{'prompts': ['one', 'two', 'three', 'four'], 'model': 'test-card', 'size': '256x256'}",
                "{'prompts': ['two', 'one', 'three'], 'model': 'test-card', 'size': '256x256'}"
            })
    void keyOfAnotherBatchIsRefused(String other) {
        var key = key();
        var first = json(post(key, THREE));

        var problem = json(post(key, other));

        assertThat(problem.get("code").asString()).isEqualTo("idempotency-key-reused");
        assertThat(problem.get("batch_id")).isEqualTo(first.get("id"));
        assertThat(published()).hasSize(3);
    }

    @Test
    void repetitionCompletesWhatWasPublishedInPart() {
        var key = key();
        publisher.goDownAfter(1);
        post(key, THREE).expectStatus().isEqualTo(503);
        assertThat(published()).hasSize(1);
        publisher.comeBack();
        var first = published().get(0).job().value();

        var partial = json(client.get()
                .uri("/v1/batches/" + published().get(0).request().labels().get("batch.id"))
                .exchange());
        assertThat(statuses(partial)).containsExactly("queued", "missing", "missing");
        var batch = json(post(key, THREE));

        assertThat(published().stream().map(event -> event.request().prompt())).containsExactly("one", "two", "three");
        assertThat(ids(batch).get(0)).isEqualTo(first);
        assertThat(ids(partial)).isEqualTo(ids(batch));
        assertThat(statuses(get(batch))).containsExactly("queued", "queued", "queued");
    }

    @Test
    void concurrentRepetitionsCreateOneBatch() {
        var key = key();

        var all = Flux.fromStream(IntStream.range(0, 10).boxed())
                .flatMap(i ->
                        Mono.fromSupplier(() -> ids(json(post(key, THREE)))).subscribeOn(Schedulers.boundedElastic()))
                .collectList()
                .block();

        assertThat(new HashSet<>(Objects.requireNonNull(all))).hasSize(1);
        assertThat(published()).hasSize(3);
    }

    @Test
    void queueThatCannotTakeAllRefusesTheBatchAsAWhole() {
        for (int i = 0; i < 148; i++) {
            jobs.show(SampleJobs.in(JobStatus.QUEUED));
        }

        var problem = json(post(key(), "{'prompts': ['one', 'two', 'three'], 'model': 'pocket'}"));
        assertThat(problem.get("status").asInt()).isEqualTo(429);
        assertThat(problem.get("code").asString()).isEqualTo("queue-limit-reached");
        assertThat(problem.get("retryable").asBoolean()).isTrue();
        assertThat(problem.get("detail").asString()).contains("148", "150");
        assertThat(published()).isEmpty();

        post(key(), "{'prompts': ['one', 'two'], 'model': 'pocket'}")
                .expectStatus()
                .isAccepted();
    }

    @Test
    void erasedGenerationsAreMarked() {
        var batch = json(post(key(), THREE));
        var ids = ids(batch);
        erase(ids.get(0));
        assertThat(statuses(get(batch))).containsExactly("erased", "queued", "queued");

        erase(ids.get(1));
        erase(ids.get(2));
        var problem = get(batch);
        assertThat(problem.get("status").asInt()).isEqualTo(410);
        assertThat(problem.get("code").asString()).isEqualTo("erased");
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch_06dahq1v1tw0f8v0sjy2m7sqs0", "gen_06dahq1v1tw0f8v0sjy2m7sqs0", "x"})
    void unknownBatchIs404(String id) {
        client.get().uri("/v1/batches/" + id).exchange().expectStatus().isNotFound();
    }

    private void end(String id, JobStatus status) {
        var job = new JobId(id);
        var request = published().stream()
                .filter(event -> event.job().equals(job))
                .map(GenerationRequested::request)
                .findFirst()
                .orElseThrow();
        var ended = status == JobStatus.SUCCEEDED ? SampleJobs.succeeded(new byte[] {1}) : SampleJobs.in(status);
        jobs.show(JobBuilder.of(SampleJobs.as(job, ended)).request(request).job());
    }

    private void erase(String id) {
        var erased = SampleJobs.erased(false);
        jobs.show(JobBuilder.of(erased).id(new JobId(id)).job());
    }

    private List<GenerationRequested> published() {
        return publisher.events(GenerationRequested.class).stream()
                .filter(event -> !known.contains(event.job()))
                .toList();
    }

    private JsonNode get(JsonNode batch) {
        return json(client.get().uri(batch.at("/urls/self").asString()).exchange());
    }

    private static List<String> ids(JsonNode batch) {
        return batch.get("results")
                .valueStream()
                .map(result -> result.get("id").asString())
                .toList();
    }

    private static List<String> statuses(JsonNode batch) {
        return batch.get("results")
                .valueStream()
                .map(result -> result.get("status").asString())
                .toList();
    }

    private WebTestClient.ResponseSpec post(String key, String body) {
        return client.post()
                .uri("/v1/batches")
                .contentType(MediaType.APPLICATION_JSON)
                .header("Idempotency-Key", key)
                .bodyValue(body.replace('\'', '"'))
                .exchange();
    }

    private static JsonNode json(WebTestClient.ResponseSpec response) {
        return JSON.readTree(Objects.requireNonNull(
                response.expectBody(String.class).returnResult().getResponseBody()));
    }

    private static String key() {
        return "batch " + UUID.randomUUID();
    }
}
