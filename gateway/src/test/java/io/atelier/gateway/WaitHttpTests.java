package io.atelier.gateway;

import static io.atelier.gateway.WaitingClient.TIMEOUT;
import static io.atelier.gateway.WaitingClient.ended;
import static io.atelier.gateway.WaitingClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.ObjectKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients that wait for the job, and clients that disconnect while they wait. */
@GatewayHttpTest
class WaitHttpTests {

    private static final byte[] IMAGE = "an image".getBytes(StandardCharsets.UTF_8);
    private static final String GENERATIONS = "/v1/generations";
    private static final String PLAIN = "{\"prompt\": \"a snowman\"}";
    private static final String JPEG = "{\"prompt\": \"x\", \"output\": {\"format\": \"jpeg\"}}";
    private static final String CANCELING = "{\"prompt\": \"a snowman\", \"on_disconnect\": \"cancel\"}";

    @LocalServerPort
    private int port;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private InMemoryEventPublisher publisher;

    private WaitingClient client;

    @BeforeEach
    void connect() {
        client = new WaitingClient(() -> port, jobs, store, publisher);
    }

    @AfterEach
    void awaitNoSubscribers() {
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = JobStatus.class,
            names = {"SUCCEEDED", "FAILED", "CANCELED", "EXPIRED"})
    void jobThatEndsDuringTheWaitIsTheResponse(JobStatus status) throws Exception {
        var pending = post(PLAIN, "Prefer", "wait=30");
        var id = client.accepted();
        jobs.show(ended(id, status));

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Location")).contains("/v1/generations/" + id);
        assertThat(response.headers().firstValue("Location")).isEmpty();
        assertThat(response.headers().firstValue("Preference-Applied")).contains("wait=30");
        assertThat(json(response).get("status").stringValue()).isEqualTo(status.word());
    }

    @Test
    void jobThatDoesNotEndDuringTheWaitIsAccepted() throws Exception {
        var response = post(PLAIN, "Prefer", "respond-async, wait=1").get();

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Location")).contains("/v1/generations/" + client.accepted());
        assertThat(response.headers().firstValue("Preference-Applied")).contains("respond-async, wait=1");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void longWaitIsShortenedAndReported() throws Exception {
        var pending = post(PLAIN, "Prefer", "wait=86400");
        jobs.show(ended(client.accepted(), JobStatus.SUCCEEDED));

        assertThat(pending.get().headers().firstValue("Preference-Applied")).contains("wait=60");
    }

    @Test
    void waitWithoutANumberIsTheLongest() throws Exception {
        var pending = post(PLAIN, "Prefer", "wait");
        jobs.show(ended(client.accepted(), JobStatus.SUCCEEDED));

        assertThat(pending.get().headers().firstValue("Preference-Applied")).contains("wait=60");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=soon", "wait=0", "wait=1=2", "foo, ;,=\"", "respond-async=no"})
    void malformedPreferenceIsIgnored(String preference) throws Exception {
        var response = post(PLAIN, "Prefer", preference).get();

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Preference-Applied")).isEmpty();
    }

    @Test
    void imageCanBeTheResponse() throws Exception {
        var pending =
                post(PLAIN, "Prefer", "wait=30", "Accept", "image/png", "If-None-Match", "*", "Range", "bytes=0-1");
        var id = client.accepted();
        jobs.show(succeeded(id));

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(IMAGE);
        assertThat(response.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(response.headers().firstValue("Content-Location")).contains("/v1/generations/" + id + "/images/0");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().firstValue("Preference-Applied")).contains("wait=30");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/jpeg", "image/*", "image/png, image/jpeg;q=0.1"})
    void jpegCanBeTheResponse(String accepted) throws Exception {
        var pending = post(JPEG, "Prefer", "wait=30", "Accept", accepted);
        var id = client.accepted();
        var job = SampleJobs.succeededAsJpeg(IMAGE);
        var key = new ObjectKey(job.images().get(0).key());
        store.memory().put(key, IMAGE, "image/jpeg", Map.of()).join();
        jobs.show(JobBuilder.of(job).id(id).job());

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(IMAGE);
        assertThat(response.headers().firstValue("Content-Type")).contains("image/jpeg");
        assertThat(response.headers().firstValue("Content-Disposition"))
                .contains("inline; filename=\"%s-0.jpg\"".formatted(id));
    }

    @Test
    void imageAsTheResponseHasTheFormatOfTheRequest() throws Exception {
        for (var response : List.of(
                post(PLAIN, "Prefer", "wait=9", "Accept", "image/jpeg").get(),
                post(JPEG, "Prefer", "wait=9", "Accept", "image/png").get())) {
            assertThat(response.statusCode()).isEqualTo(406);
            assertThat(json(response).get("detail").stringValue()).contains("output.format");
        }
        assertThat(client.created()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = JobStatus.class,
            names = {"FAILED", "CANCELED", "EXPIRED"})
    void imageOfAJobThatFailedIsAProblem(JobStatus status) throws Exception {
        var pending = post(PLAIN, "Prefer", "wait=30", "Accept", "image/png");
        var id = client.accepted();
        jobs.show(ended(id, status));

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).get("code").stringValue()).isEqualTo("image-unavailable");
        assertThat(json(response).get("job_id").stringValue()).isEqualTo(id.value());
        assertThat(json(response).get("job_status").stringValue()).isEqualTo(status.word());
        if (status == JobStatus.FAILED) {
            assertThat(json(response).at("/job_error/code").stringValue()).isEqualTo("provider-error");
        }
    }

    @Test
    void imageThatIsNotReadyDuringTheWaitIsAccepted() throws Exception {
        var response = post(PLAIN, "Prefer", "wait=1", "Accept", "image/png").get();

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json(response).get("id").stringValue())
                .isEqualTo(client.accepted().value());
    }

    @Test
    void imageAsTheResponseRequiresAWaitAndOneImage() throws Exception {
        for (var response : List.of(
                post(PLAIN, "Accept", "image/png").get(),
                post("{\"prompt\": \"x\", \"n\": 2}", "Accept", "image/png", "Prefer", "wait=9")
                        .get(),
                post("{\"prompt\": \"x\", \"grid\": {\"layout\": \"2x2\"}}", "Accept", "image/*", "Prefer", "wait=9")
                        .get())) {
            assertThat(response.statusCode()).isEqualTo(406);
            assertThat(json(response).get("detail").stringValue()).contains("Prefer: wait=30");
        }
        assertThat(client.created()).isEmpty();
    }

    @Test
    void jobCanBeCreatedAndStreamedInOneRequest() throws Exception {
        try (var stream =
                SseClient.open(request(PLAIN), "Content-Type", "application/json", "Accept", "text/event-stream")) {
            assertThat(stream.response().statusCode()).isEqualTo(200);
            var id = client.accepted();
            assertThat(stream.response().headers().firstValue("Content-Location"))
                    .contains("/v1/generations/" + id + "/events");
            assertThat(stream.nextEvent().event()).isEqualTo("generation.accepted");
            jobs.show(ended(id, JobStatus.SUCCEEDED));
            var rest = stream.rest();
            assertThat(rest.get(rest.size() - 1).event()).isEqualTo("generation.succeeded");
        }
        assertThat(cancellations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Prefer: wait=60\r\n",
                "Accept: text/event-stream\r\n",
                "Prefer: wait=60\r\nAccept: image/png\r\n"
            })
    void jobIsCanceledWhenItsClientDisconnectsIfRequested(String header) throws Exception {
        var socket = send(CANCELING, header);
        var id = client.accepted();
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        assertThat(cancellations()).isEmpty();

        socket.close();

        await().atMost(TIMEOUT).until(() -> cancellations().size() == 1);
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0);
        assertThat(cancellations()).singleElement().satisfies(request -> {
            assertThat(request.job()).isEqualTo(id);
            assertThat(request.by()).isEqualTo(CanceledBy.DISCONNECT);
        });
    }

    @Test
    void jobContinuesWhenItsClientDisconnectsByDefault() throws Exception {
        var socket = send(PLAIN, "Prefer: wait=60\r\n");
        client.accepted();
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        socket.close();
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0);

        assertThat(cancellations()).isEmpty();
    }

    @Test
    void jobIsNotCanceledAfterTheResponse() throws Exception {
        var pending = post(CANCELING, "Prefer", "wait=30");
        jobs.show(ended(client.accepted(), JobStatus.SUCCEEDED));
        assertThat(pending.get().statusCode()).isEqualTo(200);
        var late = post(CANCELING, "Prefer", "wait=1");
        assertThat(late.get().statusCode()).isEqualTo(202);
        // A client that does not wait cannot disconnect during a wait.
        assertThat(post(CANCELING).get().statusCode()).isEqualTo(202);

        assertThat(cancellations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"stop\"", "true", "\"\"", "\"CANCEL\""})
    void unknownOnDisconnectIsRefused(String policy) throws Exception {
        var response = post("{\"prompt\": \"x\", \"on_disconnect\": %s}".formatted(policy))
                .get();

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/errors/0/pointer").stringValue()).isEqualTo("/on_disconnect");
    }

    @Test
    void statusRequestWaitsForTheNextVersion() throws Exception {
        var job = new JobHistoryFixture();
        jobs.show(job.at(2));
        var tag = get(job, "").get().headers().firstValue("ETag").orElseThrow();

        var waiting = get(job, "", "If-None-Match", tag, "Prefer", "wait=30");
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        jobs.show(job.at(3));

        assertThat(waiting.get().statusCode()).isEqualTo(200);
        assertThat(waiting.get().headers().firstValue("Preference-Applied")).contains("wait=30");
        assertThat(json(waiting.get()).get("version").intValue()).isEqualTo(3);
        var present = "W/" + waiting.get().headers().firstValue("ETag").orElseThrow();
        var unchanged =
                get(job, "", "If-None-Match", present, "Prefer", "wait=1").get();
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        var older =
                get(job, "", "If-None-Match", "\"1-0\"", "Prefer", "wait=30").get();
        assertThat(json(older).get("version").intValue()).isEqualTo(3);
    }

    @Test
    void statusRequestWaitsForTheEndWithoutAVersion() throws Exception {
        var job = new JobHistoryFixture();
        jobs.show(job.at(2));

        var waiting = get(job, "", "Prefer", "wait=30");
        var malformed = get(job, "", "If-None-Match", "two", "Prefer", "wait=30");
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 2);
        jobs.show(job.at(3));
        var shortly = get(job, "", "Prefer", "wait=1").get();
        jobs.show(job.at(JobHistoryFixture.END));

        assertThat(shortly.statusCode()).isEqualTo(200);
        assertThat(json(shortly).get("version").intValue()).isEqualTo(3);
        assertThat(json(waiting.get()).get("version").intValue()).isEqualTo(JobHistoryFixture.END);
        assertThat(json(malformed.get()).get("version").intValue()).isEqualTo(JobHistoryFixture.END);
        var end = get(job, "", "If-None-Match", "\"5-0\"", "Prefer", "wait=30").get();
        assertThat(end.statusCode()).isEqualTo(304);
    }

    @Test
    void jobThatIsErasedDuringTheWaitIsGone() throws Exception {
        var job = new JobHistoryFixture();
        jobs.show(job.at(2));
        var waiting = get(job, "", "Prefer", "wait=30");
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        jobs.show(job.at(JobHistoryFixture.END + 1));

        assertThat(waiting.get().statusCode()).isEqualTo(410);
    }

    @Test
    void imageRequestWaitsForTheEnd() throws Exception {
        var succeeded = jobs.show(SampleJobs.succeeded(IMAGE));
        store.putImage(SampleJobs.key(succeeded.id(), 0), IMAGE);
        jobs.show(SampleJobs.stillRunning(succeeded));
        var url = "/v1/generations/" + succeeded.id() + "/images/0";

        var early = client.get(url, "Prefer", "wait=1").get();
        var waiting = client.get(url, "Prefer", "wait=30");
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        jobs.show(succeeded);

        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(waiting.get().statusCode()).isEqualTo(200);
        assertThat(waiting.get().body()).isEqualTo(IMAGE);
        assertThat(waiting.get().headers().firstValue("Preference-Applied")).contains("wait=30");
    }

    private Job succeeded(JobId id) {
        store.putImage(SampleJobs.key(id, 0), IMAGE);
        return SampleJobs.as(id, SampleJobs.succeeded(IMAGE));
    }

    private List<CancelRequested> cancellations() {
        var mine = client.created();
        return publisher.events(CancelRequested.class).stream()
                .filter(request -> mine.contains(request.job()))
                .toList();
    }

    private HttpRequest.Builder request(String body) {
        return HttpRequest.newBuilder(client.address(GENERATIONS)).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private CompletableFuture<HttpResponse<byte[]>> post(String body, String... headers) {
        return client.send(client.json(GENERATIONS, body), headers);
    }

    private CompletableFuture<HttpResponse<byte[]>> get(JobHistoryFixture job, String suffix, String... headers) {
        return client.get(GENERATIONS + "/" + job.id() + suffix, headers);
    }

    private Socket send(String body, String header) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(("POST /v1/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + header + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
