package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports of a batch of three: one avatar succeeded, one failed with a base image, one is not made yet. */
@GatewayHttpTest
class AvatarBatchExportHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** The places of downloads in {@link GatewayHttpTest}. */
    private static final int DOWNLOADS = 8;

    @LocalServerPort
    private int port;

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
    private AvatarResults results;
    private String path = "";
    private String id = "";
    private List<JobId> ids = List.of();
    private Job succeeded = SampleJobs.in(JobStatus.SUCCEEDED);

    @BeforeEach
    void createBatch() {
        jobs.clear();
        results = new AvatarResults(jobs, store);
        avatars = new AvatarClient(http, publisher, workers);
        avatars.addWorkers();
        create("42", "43", "con");
        succeeded = jobs.show(results.succeeded(ids.get(0), 4, "tile %d of 42"::formatted));
        jobs.show(results.failed(ids.get(1)));
    }

    private void create(String... personas) {
        var known = new HashSet<JobId>();
        publisher.events(GenerationRequested.class).forEach(event -> known.add(event.job()));
        var body = new StringBuilder();
        for (var persona : personas) {
            body.append(body.isEmpty() ? "" : ", ")
                    .append(AvatarClient.PERSONA.replace("\"42\"", "\"" + persona + "\""));
        }
        var batch =
                JSON.readTree(avatars.post("/v1/avatar-batches", "{\"personas\": [" + body + "], \"concurrency\": 1}")
                        .expectStatus()
                        .isAccepted()
                        .expectBody()
                        .returnResult()
                        .getResponseBody());
        id = batch.get("id").asString();
        path = batch.at("/urls/self").asString() + "/export";
        ids = publisher.events(GenerationRequested.class).stream()
                .map(GenerationRequested::job)
                .filter(job -> !known.contains(job))
                .toList();
    }

    @AfterEach
    void clear() {
        avatars.removeWorkers();
        publisher.comeBack();
        store.openAfter(CompletableFuture.completedFuture(null));
        store.memory().recover();
        jobs.clear();
    }

    @Test
    void jsonHasTheBatchWithItsGenerations() {
        var export = JSON.readTree(export("json", "application/json"));

        assertThat(export.get("id").asString()).isEqualTo(id);
        assertThat(export.get("status").asString()).isEqualTo("running");
        assertThat(export.get("terminal").asBoolean()).isFalse();
        assertThat(export.at("/avatars/0/persona_id").asString()).isEqualTo("42");
        assertThat(export.at("/avatars/0/generation/images").size()).isEqualTo(4);
        assertThat(export.at("/avatars/0/generation/images/3/key").asString()).isEqualTo("avatars/42/img_3.png");
        assertThat(export.at("/avatars/0/generation/images/3/url").asString())
                .isEqualTo("/v1/generations/%s/images/3".formatted(ids.get(0)));
        assertThat(export.at("/avatars/0/generation/labels").propertyNames())
                .containsExactly(
                        "avatar-batch.concurrency", "avatar-batch.id", "avatar-batch.index", "avatar-batch.size");
        assertThat(export.at("/avatars/1/error/code").asString()).isEqualTo("moderation-blocked");
        assertThat(export.at("/avatars/1/generation/base/kind").asString()).isEqualTo("image");
        assertThat(export.at("/avatars/2/generation/status").asString()).isEqualTo("queued");
        assertThat(export.toString()).doesNotContain(AvatarClient.MARK);
    }

    @Test
    void csvHasALineForEachImage() {
        var csv = new String(export("csv", "text/csv;charset=UTF-8"), StandardCharsets.UTF_8);

        var lines = csv.split("\r\n", -1);
        assertThat(lines).hasSize(1 + 4 + 1 + 1 + 1);
        assertThat(lines[0])
                .isEqualTo("index,persona_id,generation,status,error,message,"
                        + "image,bucket,key,url,width,height,bytes,sha256");
        var image = succeeded.images().get(3);
        assertThat(lines[4])
                .isEqualTo(
                        "0,42,%1$s,succeeded,,,3,avatars,avatars/42/img_3.png,/v1/generations/%1$s/images/3,512,512,%2$d,%3$s"
                                .formatted(ids.get(0), image.bytes(), image.sha256()));
        assertThat(lines[5])
                .isEqualTo("1,43,%s,failed,moderation-blocked,\"'=The \"\"provider\"\", refused it.\",,,,,,,,"
                        .formatted(ids.get(1)));
        assertThat(lines[6]).isEqualTo("2,con,%s,queued,,,,,,,,,,".formatted(ids.get(2)));
        assertThat(csv).doesNotContain(AvatarClient.MARK);
    }

    @Test
    @DisplayName("D-33: a folder for each persona has its details, and its images if it has ended")
    void archiveHasAFolderForEachPersona() throws IOException {
        var files = unzipped(export("zip", "application/zip"));

        assertThat(files.keySet())
                .containsExactly(
                        "42/details.json",
                        "42/base.png",
                        "42/grid_0.png",
                        "42/img_0.png",
                        "42/img_1.png",
                        "42/img_2.png",
                        "42/img_3.png",
                        "43/details.json",
                        "43/base.png",
                        ids.get(2) + "/details.json",
                        "manifest.json");
        for (int i = 0; i < 4; i++) {
            assertThat(files.get("42/img_" + i + ".png")).isEqualTo(bytes("tile " + i + " of 42"));
        }
        assertThat(files.get("42/grid_0.png")).isEqualTo(AvatarResults.GRID);
        assertThat(files.get("42/base.png")).isEqualTo(AvatarResults.BASE);
        assertThat(files.get("43/base.png")).isEqualTo(AvatarResults.BASE);
        var details = json(files, "42/details.json");
        assertThat(details.at("/persona/lastname").asString()).isEqualTo(AvatarClient.MARK);
        assertThat(details.at("/prompts/0").asString()).isEqualTo(AvatarResults.PROMPT);
        assertThat(details.at("/generation/images").size()).isEqualTo(4);
        assertThat(json(files, ids.get(2) + "/details.json")
                        .at("/generation/status")
                        .asString())
                .isEqualTo("queued");
        var manifest = json(files, "manifest.json");
        assertThat(manifest.at("/batch/id").asString()).isEqualTo(id);
        assertThat(manifest.at("/batch/terminal").asBoolean()).isFalse();
        assertThat(manifest.get("files").asInt()).isEqualTo(files.size());
        assertThat(manifest.get("missing").size()).isZero();
        assertThat(manifest.toString()).doesNotContain(AvatarClient.MARK);
    }

    @Test
    void exportOfAnEndedBatchIsComplete() {
        jobs.show(results.failed(ids.get(2)));

        var export = http.get()
                .uri(path)
                .exchange()
                .expectHeader()
                .doesNotExist(HttpHeaders.RETRY_AFTER)
                .expectBody()
                .returnResult()
                .getResponseBody();
        assertThat(JSON.readTree(export).get("status").asString()).isEqualTo("completed_with_errors");
        assertThat(JSON.readTree(export).get("terminal").asBoolean()).isTrue();
    }

    @Test
    void imageThatTheStoreDoesNotHaveIsNamed() throws IOException {
        store.delete(new ObjectKey(succeeded.images().get(2).key())).join();

        var files = unzipped(export("zip", "application/zip"));

        assertThat(files).containsKeys("42/img_1.png", "42/img_3.png").doesNotContainKey("42/img_2.png");
        var manifest = json(files, "manifest.json");
        assertThat(manifest.get("files").asInt()).isEqualTo(files.size());
        assertThat(manifest.get("missing").size()).isEqualTo(1);
        assertThat(manifest.at("/missing/0/file").asString()).isEqualTo("42/img_2.png");
        assertThat(manifest.at("/missing/0/generation").asString())
                .isEqualTo(ids.get(0).value());
    }

    @Test
    void textsThatTheStoreDoesNotHaveAreLeftOut() throws IOException {
        store.delete(new ObjectKey(succeeded.prompts().get(0).text().key())).join();

        var files = unzipped(export("zip", "application/zip"));

        assertThat(json(files, "42/details.json").get("persona").isNull()).isTrue();
        assertThat(json(files, "42/details.json").get("prompts").size()).isZero();
        assertThat(json(files, "manifest.json").at("/missing/0/file").asString())
                .isEqualTo("42/details.json");
    }

    @Test
    void erasedAvatarHasNoFolder() throws IOException {
        jobs.show(results.erased(succeeded));

        var files = unzipped(export("zip", "application/zip"));

        assertThat(files.keySet())
                .containsExactly("43/details.json", "43/base.png", ids.get(2) + "/details.json", "manifest.json");
        assertThat(json(files, "manifest.json").at("/batch/avatars/0/status").asString())
                .isEqualTo("erased");
        assertThat(new String(export("csv", "text/csv;charset=UTF-8"), StandardCharsets.UTF_8))
                .contains("0,,%s,erased,,,,,,,,,,\r\n".formatted(ids.get(0)));
    }

    @Test
    void exportHasAvatarsThatTheViewDoesNotShowYet() throws IOException {
        jobs.hide(List.of(ids.get(2)));

        var files = unzipped(export("zip", "application/zip"));

        assertThat(files).containsKey(ids.get(2) + "/details.json");
        assertThat(json(files, "manifest.json").get("missing").size()).isZero();
    }

    @Test
    void avatarThatWasNotCreatedIsNamed() throws IOException {
        publisher.goDownAfter(1);
        var body = "{\"personas\": [%s, %s]}"
                .formatted(AvatarClient.PERSONA, AvatarClient.PERSONA.replace("\"42\"", "\"43\""));
        avatars.post("/v1/avatar-batches", body).expectStatus().isEqualTo(503);
        publisher.comeBack();
        var created = publisher.events(GenerationRequested.class);
        var labels = created.get(created.size() - 1).request().labels();
        id = labels.getOrDefault("avatar-batch.id", "");
        path = "/v1/avatar-batches/" + id + "/export";

        var manifest = json(unzipped(export("zip", "application/zip")), "manifest.json");

        var absent = manifest.at("/batch/avatars/1/id").asString();
        assertThat(manifest.get("files").asInt()).isEqualTo(2);
        assertThat(manifest.get("missing").size()).isEqualTo(1);
        assertThat(manifest.at("/missing/0/file").asString()).isEqualTo(absent + "/");
        assertThat(manifest.at("/missing/0/generation").asString()).isEqualTo(absent);
        assertThat(manifest.at("/missing/0/reason").asString()).contains("was not created");
    }

    @Test
    void imageThatIsNotTheOneThatWasMadeIsNamed() throws IOException {
        var key = succeeded.images().get(2).key();
        store.delete(new ObjectKey(key)).join();
        store.putImage(key, bytes("another image"));

        var files = unzipped(export("zip", "application/zip"));

        assertThat(files).containsKeys("42/img_1.png", "42/img_3.png").doesNotContainKey("42/img_2.png");
        assertThat(json(files, "manifest.json").at("/missing/0/file").asString())
                .isEqualTo("42/img_2.png");
    }

    @Test
    @DisplayName("An archive has neither a manifest nor the end of a response if the store fails while it is written")
    void archiveBreaksOffIfTheStoreFails() throws IOException {
        createLargeBatch();

        try (var socket = request(path + "?format=zip")) {
            assertThat(socket.getInputStream().readNBytes(10_000)).hasSize(10_000);
            store.memory().failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);
            var rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(rest).doesNotContain("manifest.json").doesNotEndWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    @DisplayName("An archive waits while all places of downloads are taken")
    void archiveWaitsForAPlace() throws IOException {
        int before = store.opens();
        var permission = new CompletableFuture<Void>();
        store.openAfter(permission);
        var downloads = new ArrayList<Socket>();
        for (int i = 0; i < DOWNLOADS; i++) {
            downloads.add(request("/v1/generations/%s/images/0".formatted(ids.get(0))));
        }
        await().atMost(TIMEOUT).until(() -> store.opens() == before + DOWNLOADS);
        store.openAfter(CompletableFuture.completedFuture(null));

        var files = CompletableFuture.supplyAsync(() -> export("zip", "application/zip"));
        await().atMost(TIMEOUT).during(Duration.ofSeconds(1)).until(() -> !files.isDone());
        permission.complete(null);

        assertThat(unzipped(files.join())).containsKeys("42/img_3.png", "manifest.json");
        for (var download : downloads) {
            download.close();
        }
    }

    @Test
    void storeThatFailsFromTheBeginningIsAProblem() {
        store.memory().failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);

        http.get()
                .uri(path + "?format=zip")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .contentType("application/problem+json")
                .expectHeader()
                .doesNotExist(HttpHeaders.CONTENT_DISPOSITION);
    }

    @Test
    void headReadsNothing() {
        int before = store.opens();

        http.head()
                .uri(path + "?format=zip")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals(HttpHeaders.CONTENT_TYPE, "application/zip");

        assertThat(store.opens()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xml", "JSON", ""})
    void otherFormatsAreRefused(String format) {
        http.get()
                .uri(path + "?format=" + format)
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].parameter")
                .isEqualTo("format")
                .jsonPath("$.errors[0].detail")
                .isEqualTo("Must be one of json, csv, zip.");
    }

    @Test
    void exportOfAnUnknownBatchIs404() {
        http.get()
                .uri("/v1/avatar-batches/avatar_batch_06dahq1v1tw0f8v0sjy2m7sqs0/export")
                .exchange()
                .expectStatus()
                .isNotFound();
    }

    @Test
    @DisplayName("If the client disconnects, nothing more is read from the store")
    void abortedExportStopsReading() throws IOException {
        int before = createLargeBatch();

        try (var socket = request(path + "?format=zip")) {
            socket.setSoLinger(true, 0);
            assertThat(socket.getInputStream().readNBytes(10_000)).hasSize(10_000);
        }

        assertClosed(before);
    }

    @Test
    @DisplayName("A client that stops reading does not keep its place among the downloads")
    void stalledExportIsAborted() throws IOException {
        int before = createLargeBatch();

        try (var socket = request(path + "?format=zip")) {
            assertThat(socket.getInputStream().readNBytes(10_000)).hasSize(10_000);
            assertClosed(before);
        }
    }

    /** Three personas of 20 images with 500,000 bytes each. Returns how many objects were opened before. */
    private int createLargeBatch() {
        create("large-1", "large-2", "large-3");
        ids.forEach(job -> jobs.show(results.succeeded(job, 20, index -> "x".repeat(500_000))));
        return store.opens();
    }

    private Socket request(String target) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void assertClosed(int before) {
        await().atMost(TIMEOUT)
                .until(() -> store.opens() > before && store.streams().open() == 0);
        assertThat(store.opens() - before).isLessThan(40);
        assertThat(store.streams().misuses()).isEmpty();
    }

    private byte[] export(String format, String mediaType) {
        return Objects.requireNonNull(http.get()
                .uri(path + "?format=" + format)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals(HttpHeaders.CONTENT_TYPE, mediaType)
                .expectHeader()
                .valueEquals(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s.%s\"".formatted(id, format))
                .expectHeader()
                .valueEquals(HttpHeaders.CACHE_CONTROL, "no-store")
                .expectHeader()
                .exists(HttpHeaders.RETRY_AFTER)
                .expectBody()
                .returnResult()
                .getResponseBody());
    }

    private static JsonNode json(Map<String, byte[]> files, String name) {
        return JSON.readTree(files.get(name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, byte[]> unzipped(byte[] archive) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }
}
