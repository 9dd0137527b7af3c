package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.Released;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.files.format.SampleFiles;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.ObjectStoreFailed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Batches of avatars: created as a whole, held, and shown in the order of the personas. */
@GatewayHttpTest
class AvatarBatchHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "/v1/avatar-batches";
    private static final String THREE = "{\"personas\": [%s], \"concurrency\": 2}".formatted(personas(3));

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
    private Backlog backlog;

    private final HashSet<JobId> known = new HashSet<>();
    private AvatarClient avatars;

    @BeforeEach
    void addWorkers() {
        jobs.clear();
        publisher.events(GenerationRequested.class).forEach(event -> known.add(event.job()));
        avatars = new AvatarClient(http, publisher, workers);
        avatars.addWorkers();
    }

    @AfterEach
    void restore() {
        avatars.removeWorkers();
        publisher.comeBack();
        store.memory().recover();
        jobs.clear();
    }

    @Test
    void eachPersonaIsAHeldAvatarInTheirOrder() {
        var response = post(key(), THREE)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .exists("Retry-After")
                .expectHeader()
                .doesNotExist("Idempotency-Replayed")
                .expectBody()
                .returnResult();

        var batch = JSON.readTree(response.getResponseBody());
        var published = published();
        assertThat(batch.get("id").asString()).matches("avatar_batch_[0-9a-z]{26}");
        assertThat(response.getResponseHeaders().getFirst("Location"))
                .isEqualTo(PATH + "/" + batch.get("id").asString())
                .isEqualTo(batch.at("/urls/self").asString());
        assertThat(batch.get("status").asString()).isEqualTo("running");
        assertThat(batch.get("terminal").asBoolean()).isFalse();
        assertThat(batch.get("size").asInt()).isEqualTo(3);
        assertThat(batch.get("concurrency").asInt()).isEqualTo(2);
        assertThat(batch.at("/counts/queued").asInt()).isEqualTo(3);
        assertThat(values(batch, "persona_id")).containsExactly("p0", "p1", "p2");
        assertThat(values(batch, "stage")).containsOnly("held");
        assertThat(values(batch, "id"))
                .isEqualTo(published.stream().map(event -> event.job().value()).toList());
        assertThat(batch.at("/avatars/1/urls/self").asString())
                .isEqualTo("/v1/generations/" + published.get(1).job());
        assertThat(published).allSatisfy(event -> {
            assertThat(spec(event).held()).isTrue();
            assertThat(spec(event).persona()).isNotNull();
            assertThat(EventCodec.json().writeValueAsString(event)).doesNotContain(AvatarClient.MARK);
        });
        assertThat(published.stream().map(event -> event.request().seed())).doesNotHaveDuplicates();
        assertThat(published.stream().map(event -> event.request().terms().digest()))
                .doesNotHaveDuplicates();
        assertThat(published.get(2).request().labels())
                .containsEntry("avatar-batch.id", batch.get("id").asString())
                .containsEntry("avatar-batch.index", "2")
                .containsEntry("avatar-batch.size", "3")
                .containsEntry("avatar-batch.concurrency", "2");
        assertThat(batch.toString()).doesNotContain(AvatarClient.MARK);
    }

    @Test
    void parametersHoldForAllPersonas() {
        json(post(key(), """
            {"personas": [%s], "images": 8, "seed": 7, "labels": {"a": "b"}, "model": "gpt-image-2", "prompt": "a walk",
             "deadline": {"complete_by": "PT1H"}}\
            """.formatted(personas(2))));

        assertThat(published()).hasSize(2).allSatisfy(event -> {
            assertThat(event.request().seed()).isEqualTo(7);
            assertThat(event.request().model()).isEqualTo("gpt-image-2");
            assertThat(event.request().labels()).containsEntry("a", "b").containsEntry("avatar-batch.concurrency", "3");
            assertThat(event.request().terms().completeBy()).isNotNull();
            assertThat(spec(event).images()).isEqualTo(8);
            assertThat(spec(event).prompt()).isNotNull();
        });
    }

    @Test
    void faceInTheRequestIsStoredOnceForAll() {
        var face = "data:image/png;base64," + Base64.getEncoder().encodeToString(SampleFiles.png(40, 30, 921));
        json(post(key(), "{\"personas\": [%s], \"face\": {\"data_url\": \"%s\"}}".formatted(personas(2), face)));

        assertThat(published()).hasSize(2);
        var first = Objects.requireNonNull(spec(published().get(0)).face());
        assertThat(first.stored()).isNotNull();
        assertThat(spec(published().get(1)).face()).isEqualTo(first);
    }

    @Test
    @DisplayName("Every mistake is named with its place, and nothing is stored or published")
    void mistakesInPersonasAreNamed() {
        var stored = store.memory().keys();

        var problem = json(post(
                key(),
                "{\"personas\": [%s, {\"id\": 7}, %s, 5], \"concurrency\": 51}".formatted(persona("a"), persona("a"))));

        var pointers = new TreeSet<String>();
        problem.get("errors").forEach(error -> pointers.add(error.get("pointer").asString()));
        assertThat(problem.get("status").asInt()).isEqualTo(422);
        assertThat(pointers)
                .containsExactly(
                        "/concurrency",
                        "/personas/1/bio_facebook",
                        "/personas/1/bio_instagram",
                        "/personas/1/bio_tiktok",
                        "/personas/1/bio_x",
                        "/personas/1/firstname",
                        "/personas/1/gender",
                        "/personas/1/lastname",
                        "/personas/2/id",
                        "/personas/3");
        assertThat(problem.toString()).doesNotContain(AvatarClient.MARK);
        assertThat(published()).isEmpty();
        assertThat(store.memory().keys()).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /personas",
                "{\"personas\": []} | /personas",
                "{\"personas\": {}} | /personas",
                "{\"persona\": {}} | /persona",
                "{\"concurrency\": 0} | /concurrency",
                "{\"concurrency\": \"3\"} | /concurrency",
                "{\"on_disconnect\": \"cancel\"} | /on_disconnect",
                "{\"images\": 6} | /images",
                "{\"model\": \"pocket\"} | /model",
                "{\"labels\": {\"avatar-batch.id\": \"x\"}} | /labels/avatar-batch.id"
            })
    void otherMistakesAreNamed(String body, String pointer) {
        assertThat(json(post(key(), body)).get("errors"))
                .anySatisfy(error -> assertThat(error.get("pointer").asString()).isEqualTo(pointer));
        assertThat(published()).isEmpty();
    }

    @Test
    void threeHundredPersonasAreTheMost() {
        var most = personas(300);
        assertThat(json(post(key(), "{\"personas\": [%s, %s]}".formatted(most, persona("x"))))
                        .get("detail")
                        .asString())
                .contains("1 to 300", "a list of 301");

        assertThat(json(post(key(), "{\"personas\": [%s]}".formatted(most)))
                        .get("size")
                        .asInt())
                .isEqualTo(300);
        assertThat(published()).hasSize(300);
    }

    @Test
    @DisplayName("A batch may be larger than the body of a single request")
    void longPersonasAreAccepted() {
        var bio = "\"bio_x\": \"%s\"".formatted("\u26f5".repeat(10_000));
        var body = "{\"personas\": [%s]}".formatted(personas(100).replace("\"bio_x\": \"\"", bio));

        assertThat(body.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(3_000_000);
        post(key(), body).expectStatus().isAccepted();
        assertThat(published()).hasSize(100);
    }

    @Test
    void repetitionFindsTheBatch() {
        var key = key();
        var first = json(post(key, THREE));

        post(key, THREE.replace("\"concurrency\"", "\"images\": 4, \"concurrency\""))
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Idempotency-Replayed", "true");
        assertThat(values(json(post(key, THREE)), "id")).isEqualTo(values(first, "id"));
        assertThat(published()).hasSize(3);

        published().forEach(event -> end(event, JobStatus.SUCCEEDED));
        post(key, THREE).expectStatus().isOk();
    }

    @Test
    void keyOfAnotherBatchIsRefused() {
        var key = key();
        var first = json(post(key, THREE));

        var problem = json(post(key, THREE.replace("\"p1\"", "\"p9\"")));

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

        var partial = json(http.get()
                .uri(PATH + "/" + published().get(0).request().labels().get("avatar-batch.id"))
                .exchange());
        assertThat(values(partial, "status")).containsExactly("queued", "missing", "missing");
        var batch = json(post(key, THREE));

        assertThat(published()).hasSize(3);
        assertThat(values(batch, "id")).isEqualTo(values(partial, "id"));
        assertThat(values(get(batch), "status")).containsExactly("queued", "queued", "queued");
    }

    @Test
    void acceptedAvatarsAreNotMissingThoughTheViewIsBehind() {
        var batch = json(post(key(), THREE));
        jobs.hide(published().stream().map(GenerationRequested::job).toList().subList(0, 2));

        assertThat(values(get(batch), "persona_id")).containsExactly("p0", "p1", "p2");
    }

    @Test
    void nothingIsPublishedIfTextsCannotBeStored() {
        store.memory().failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);

        assertThat(json(post(key(), THREE)).get("code").asString()).isEqualTo("storage-unavailable");
        assertThat(published()).isEmpty();
    }

    @Test
    @DisplayName("D-28: a batch of which one failed is completed with errors, and names it")
    void statusSaysHowTheAvatarsEnded() {
        var batch = json(post(key(), THREE));
        end(published().get(0), JobStatus.SUCCEEDED);
        end(published().get(2), JobStatus.SUCCEEDED);
        assertThat(get(batch).get("status").asString()).isEqualTo("running");

        end(published().get(1), JobStatus.FAILED);
        var ended = http.get()
                .uri(batch.at("/urls/self").asString())
                .exchange()
                .expectHeader()
                .doesNotExist("Retry-After")
                .expectBody()
                .returnResult()
                .getResponseBody();

        var shown = JSON.readTree(ended);
        assertThat(shown.get("status").asString()).isEqualTo("completed_with_errors");
        assertThat(shown.get("terminal").asBoolean()).isTrue();
        assertThat(shown.get("counts").toString()).isEqualTo("{\"failed\":1,\"succeeded\":2}");
        assertThat(shown.at("/avatars/1/error/code").asString()).isEqualTo("moderation-blocked");
        assertThat(shown.at("/avatars/1/persona_id").asString()).isEqualTo("p1");
        assertThat(shown.at("/avatars/0").has("error")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCEEDED, SUCCEEDED, completed",
        "FAILED, CANCELED, failed",
        "SUCCEEDED, EXPIRED, completed_with_errors"
    })
    void statusOfAnEndedBatch(JobStatus first, JobStatus second, String status) {
        var batch = json(post(key(), "{\"personas\": [%s]}".formatted(personas(2))));
        end(published().get(0), first);
        end(published().get(1), second);

        assertThat(get(batch).get("status").asString()).isEqualTo(status);
    }

    @Test
    void erasedAvatarsAreMarkedAndCountAsWhatTheyWere() {
        var batch = json(post(key(), "{\"personas\": [%s]}".formatted(personas(2))));
        var first = end(published().get(0), JobStatus.SUCCEEDED);
        var second = end(published().get(1), JobStatus.SUCCEEDED);
        erase(first);

        var shown = get(batch);
        assertThat(values(shown, "status")).containsExactly("erased", "succeeded");
        assertThat(shown.at("/avatars/0/persona_id").isNull()).isTrue();
        assertThat(shown.get("status").asString()).isEqualTo("completed");

        erase(second);
        assertThat(get(batch).get("code").asString()).isEqualTo("erased");
    }

    @ParameterizedTest
    @ValueSource(strings = {"avatar_batch_06dahq1v1tw0f8v0sjy2m7sqs0", "batch_06dahq1v1tw0f8v0sjy2m7sqs0", "x"})
    void unknownBatchIs404(String id) {
        http.get().uri(PATH + "/" + id).exchange().expectStatus().isNotFound();
    }

    @Test
    void demonstrationIsThatOfEachAvatar() {
        avatars.removeProviderKey();
        json(post(key(), THREE));

        assertThat(published()).hasSize(3).allSatisfy(event -> {
            assertThat(spec(event).gridModel()).isNotNull();
            assertThat(event.request().warnings()).hasSize(1);
        });
    }

    @Test
    @DisplayName("Held avatars wait for no worker: they are in no queue, and take no place in one")
    void heldAvatarsAreInNoQueue() {
        json(post(key(), THREE));
        published().forEach(event -> jobs.show(found(event)));

        assertThat(backlog.depths()).isEmpty();
        assertThat(backlog.open())
                .containsOnlyKeys(published().stream()
                        .map(GenerationRequested::job)
                        .toList()
                        .toArray(new JobId[0]));
    }

    @Test
    void gatewayReleasesTheFirstOnesWhenTheViewShowsThem() {
        json(post(key(), THREE));
        published().forEach(event -> jobs.show(found(event)));

        var ids = published().stream().map(GenerationRequested::job).toList();
        await().atMost(Duration.ofSeconds(30)).until(() -> released(ids).size() == 2);
        assertThat(released(ids)).containsExactlyInAnyOrder(ids.get(0), ids.get(1));
    }

    private Set<JobId> released(List<JobId> ids) {
        var released = new HashSet<JobId>();
        publisher.events(Released.class).forEach(event -> released.add(event.job()));
        released.retainAll(ids);
        return released;
    }

    private Job found(GenerationRequested event) {
        return jobs.find(event.job()).orElseThrow();
    }

    private Job end(GenerationRequested event, JobStatus status) {
        var now = Instant.now();
        var builder = JobBuilder.of(found(event)).state(9, status, "done").times(now, now);
        return jobs.show(
                status == JobStatus.FAILED
                        ? builder.error(new Failure(Failure.Code.MODERATION_BLOCKED, "The provider refused it.", 400))
                                .job()
                        : builder.job());
    }

    private void erase(Job job) {
        var avatar = Objects.requireNonNull(job.request().avatar());
        var redacted = job.request().toBuilder()
                .labels(Map.of())
                .avatar(avatar.redacted())
                .build();
        jobs.show(JobBuilder.of(job)
                .request(redacted)
                .erasure(new Job.Erasure(Instant.now(), false))
                .job());
    }

    private static AvatarSpec spec(GenerationRequested event) {
        return Objects.requireNonNull(event.request().avatar());
    }

    private List<GenerationRequested> published() {
        return publisher.events(GenerationRequested.class).stream()
                .filter(event -> !known.contains(event.job()))
                .toList();
    }

    private JsonNode get(JsonNode batch) {
        return json(http.get().uri(batch.at("/urls/self").asString()).exchange());
    }

    private WebTestClient.ResponseSpec post(String key, String body) {
        return avatars.post(PATH, body, "Idempotency-Key", key);
    }

    private static JsonNode json(WebTestClient.ResponseSpec response) {
        return JSON.readTree(response.expectBody().returnResult().getResponseBody());
    }

    private static List<String> values(JsonNode batch, String name) {
        return batch.get("avatars")
                .valueStream()
                .map(avatar -> avatar.get(name).asString())
                .toList();
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }

    private static String personas(int count) {
        return IntStream.range(0, count).mapToObj(i -> persona("p" + i)).collect(Collectors.joining(", "));
    }

    private static String persona(String id) {
        return """
            {"id": "%s", "firstname": "%2$s", "lastname": "%2$s", "gender": "f", "bio_facebook": "%2$s", "bio_instagram": "",\
             "bio_x": "", "bio_tiktok": ""}\
            """.formatted(id, AvatarClient.MARK);
    }
}
