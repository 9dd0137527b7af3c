package io.atelier.gateway;

import static io.atelier.gateway.WaitingClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.InMemoryEventPublisher;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** The face for clients of Cloudflare workers: their requests as they send them, and the errors that they know. */
@GatewayHttpTest
@TestPropertySource(
        properties = {
            "ATELIER_CLOUDFLARE_FACE_KEY=" + CloudflareFaceHttpTests.KEY,
            "ATELIER_CLOUDFLARE_FACE_GET=true",
            "io.atelier.faces.cloudflare.max-queued=3",
            "io.atelier.faces.wait-timeout=2s"
        })
class CloudflareFaceHttpTests {

    static final String KEY = "test_key_1234";

    private static final String FLUX = "/faces/cloudflare/flux";
    private static final String SDXL = "/faces/cloudflare/sdxl";
    private static final String BEARER = "Bearer " + KEY;

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
    void emptyTheQueue() {
        jobs.clear();
    }

    @Test
    void fluxAnswersTheBytesOfAnImage() {
        var pending = get("?prompt=A%20beautiful%20cat%20%26%20dog/%C3%A9%3F%20100%25%0Anew%2B");
        assertThat(client.requested().prompt()).isEqualTo("A beautiful cat & dog/\u00e9? 100%\nnew+");
        client.succeed(client.accepted(), new byte[] {1, 2, 3, 4});

        var response = pending.join();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).containsExactly(1, 2, 3, 4);
        assertThat(response.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().firstValue("x-generation-id"))
                .contains(client.accepted().value());
    }

    @Test
    void sdxlAnswersTheBytesOfAnImage() {
        var pending = post("{\"prompt\":\"A beautiful cat\"}", "Authorization", BEARER);
        assertThat(client.requested().prompt()).isEqualTo("A beautiful cat");
        client.succeed(client.accepted(), new byte[] {9});

        assertThat(pending.join().statusCode()).isEqualTo(200);
        assertThat(pending.join().body()).containsExactly(9);
        assertThat(pending.join().headers().firstValue("Content-Type")).contains("image/png");
    }

    @Test
    void requestThatArrivesWhileTheGatewayStartsWaits() {
        jobs.ready(false);
        try {
            var pending = get("?prompt=early");
            var id = client.accepted();
            assertThatThrownBy(() -> pending.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            jobs.ready(true);
            client.succeed(id, new byte[] {5});

            assertThat(pending.join().statusCode()).isEqualTo(200);
        } finally {
            jobs.ready(true);
        }
    }

    @Test
    void jpegHasItsType() {
        var pending = get("?prompt=jpeg");
        var id = client.accepted();
        var job = SampleJobs.succeededAsJpeg(new byte[] {7, 7});
        store.putImage(job.images().get(0).key(), new byte[] {7, 7});
        jobs.show(JobBuilder.of(job).id(id).request(client.requested()).job());

        assertThat(pending.join().headers().firstValue("Content-Type")).contains("image/jpeg");
        assertThat(pending.join().body()).containsExactly(7, 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?prompt=", "?prompt=%20", "?prompt", "?other=x", "?prompt=a&prompt=b"})
    void fluxWithoutAPromptIs400(String query) {
        var response = get(query).join();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("error").stringValue()).isEqualTo("Invalid prompt or request format");
        assertThat(json(response).get("details").stringValue()).contains("prompt");
        assertThat(client.created()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "", "nonsense", "{\"prompt\": 5}", "{\"prompt\": null}", "{\"prompt\": \" \"}"})
    void sdxlWithoutAPromptIs400(String body) {
        var response = post(body, "Authorization", BEARER).join();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("error").isString()).isTrue();
        assertThat(client.created()).isEmpty();
    }

    @Test
    void promptThatIsTooLongIs400() {
        var response = post("{\"prompt\": \"" + "x".repeat(32_001) + "\"}", "Authorization", BEARER)
                .join();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("error").stringValue()).isEqualTo("Invalid prompt or request format");
        assertThat(json(response).get("details").stringValue()).contains("/prompt");
        assertThat(client.created()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer wrong_key_99", "Bearer test_key_12345", "Basic test_key_1234", KEY})
    void wrongKeyIs401(String authorization) {
        var pending = authorization.isEmpty()
                ? post("{\"prompt\":\"x\"}")
                : post("{\"prompt\":\"x\"}", "Authorization", authorization);

        var response = pending.join();
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).get("error").stringValue()).isEqualTo("SDXL API key invalid or missing");
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(client.created()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"POST," + FLUX + ",GET", "HEAD," + FLUX + ",GET", "GET," + SDXL + ",POST", "PUT," + SDXL + ",POST"})
    void wrongVerbIs405(String method, String path, String allowed) {
        var response = send(method, path + "?prompt=x", BodyPublishers.noBody(), "Authorization", BEARER)
                .join();

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains(allowed);
        assertThat(client.created()).isEmpty();
    }

    @Test
    void queueOverItsLimitIs429() {
        for (int i = 0; i < 3; i++) {
            jobs.show(SampleJobs.in(JobStatus.QUEUED));
        }

        for (var pending : List.of(get("?prompt=x"), post("{\"prompt\":\"x\"}", "Authorization", BEARER))) {
            var response = pending.join();
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
            assertThat(json(response).get("error").stringValue())
                    .startsWith("Rate limit exceeded. Please try again later.");
        }
        assertThat(client.created()).isEmpty();
    }

    @Test
    void slowGenerationIs504AndARepetitionWithTheKeyJoins() {
        var key = UUID.randomUUID().toString();
        var late = post("{\"prompt\":\"slow\"}", "Authorization", BEARER, "Idempotency-Key", key);
        var id = client.accepted();
        assertThat(late.join().statusCode()).isEqualTo(504);
        assertThat(json(late.join()).get("error").stringValue()).contains(id.value());
        assertThat(late.join().headers().firstValue("Retry-After")).isPresent();
        client.succeed(id, new byte[] {6});

        var again = post("{\"prompt\":\"slow\"}", "Authorization", BEARER, "Idempotency-Key", key)
                .join();
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).containsExactly(6);
        assertThat(client.created()).containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource({
        "MODERATION_BLOCKED,400",
        "REQUEST_REJECTED,400",
        "RATE_LIMITED,429",
        "PROVIDER_ERROR,500",
        "NETWORK_ERROR,500",
        "NOT_CONFIGURED,503"
    })
    void failedGenerationHasAStatusThatClientsKnow(Failure.Code code, int status) {
        var pending = get("?prompt=fails");
        var id = client.accepted();
        jobs.show(JobBuilder.of(WaitingClient.ended(id, JobStatus.FAILED))
                .error(new Failure(code, "The reason."))
                .job());

        var response = pending.join();
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("error").isString()).isTrue();
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site,cross-site",
        "Sec-Fetch-Site,same-site",
        "Origin,https://evil.example",
        "Origin,null",
        "Referer,https://evil.example/page"
    })
    void pagesOfOtherSitesCannotGenerate(String header, String value) {
        var response = get("?prompt=x", header, value).join();

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(client.created()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site,none", "Sec-Fetch-Site,same-origin"})
    void ownPagesAndPeopleCan(String header, String value) {
        var pending = get("?prompt=x", header, value);
        client.succeed(client.accepted(), new byte[] {1});

        assertThat(pending.join().statusCode()).isEqualTo(200);
    }

    private CompletableFuture<HttpResponse<byte[]>> get(String query, String... headers) {
        return send("GET", FLUX + query, BodyPublishers.noBody(), headers);
    }

    private CompletableFuture<HttpResponse<byte[]>> post(String body, String... headers) {
        var all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        return send("POST", SDXL, BodyPublishers.ofString(body), all);
    }

    private CompletableFuture<HttpResponse<byte[]>> send(
            String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        var request = HttpRequest.newBuilder(client.address(path))
                .method(method, body)
                .timeout(WaitingClient.TIMEOUT);
        return client.send(request, headers);
    }
}
