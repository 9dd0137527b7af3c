package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.InMemoryEventPublisher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Forms of a request that mean the same. */
@GatewayHttpTest
class RequestBodyHttpTests {

    private static final String BODY = "{\"prompt\": \"a castle\"}";

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "identity, gzip"})
    void compressedBodyIsAccepted(String encoding) throws IOException {
        var job = accepted(post(zipped(BODY.getBytes(StandardCharsets.UTF_8)), "Content-Encoding", encoding));

        assertThat(job.request().prompt()).isEqualTo("a castle");
    }

    @Test
    void bodyThatUnpacksToMoreThanTheLimitIsRefused() throws IOException {
        var spaces = new byte[200 << 20];
        Arrays.fill(spaces, (byte) ' ');
        var bomb = zipped(spaces);
        assertThat(bomb.length).isLessThan(1 << 20);

        assertProblem(post(bomb, "Content-Encoding", "gzip"), 413, "payload-too-large");
    }

    @Test
    void bodyThatIsNoGzipFileIsRefused() throws IOException {
        var zipped = zipped(BODY.getBytes(StandardCharsets.UTF_8));

        assertProblem(post(BODY.getBytes(StandardCharsets.UTF_8), "Content-Encoding", "gzip"), 400, "invalid-request");
        assertProblem(
                post(Arrays.copyOf(zipped, zipped.length / 2), "Content-Encoding", "gzip"), 400, "invalid-request");
        assertProblem(post(new byte[0], "Content-Encoding", "gzip"), 400, "invalid-request");
    }

    @Test
    void cancellationIsCompressedToo() throws IOException {
        var id = accepted(post(BODY.getBytes(StandardCharsets.UTF_8))).job();

        client.post()
                .uri("/v1/generations/{id}/cancel", id)
                .header("Content-Encoding", "gzip")
                .bodyValue(zipped("{\"reason\": \"late\"}".getBytes(StandardCharsets.UTF_8)))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.cancel.reason")
                .isEqualTo("late");
    }

    @ParameterizedTest
    @CsvSource({
        "42, 42",
        "42.0, 42",
        "4.2e1, 42",
        "420E-1, 42",
        "-0.0, 0",
        "1e1, 10",
        "9007199254740991.000, 9007199254740991"
    })
    void integerInAnyNotationOfJsonSchemaIsAccepted(String number, long seed) {
        var body = "{\"prompt\": \"a castle\", \"seed\": " + number + "}";

        assertThat(accepted(post(body.getBytes(StandardCharsets.UTF_8)))
                        .request()
                        .seed())
                .isEqualTo(seed);
    }

    @Test
    void byteOrderMarkIsIgnored() {
        assertThat(accepted(post(("\uFEFF" + BODY).getBytes(StandardCharsets.UTF_8)))
                        .request()
                        .prompt())
                .isEqualTo("a castle");
    }

    @ParameterizedTest
    @CsvSource({"90, 90", "90s, 90", "6m, 360", "1h30m, 5400", "1H1M1S, 3661", "0h2m, 120", "168h, 604800"})
    void cancelAfterTakesUnits(String header, long seconds) {
        var job = accepted(post(BODY.getBytes(StandardCharsets.UTF_8), "Cancel-After", header));

        var completeBy = Objects.requireNonNull(job.request().terms().completeBy());
        assertThat(Duration.between(job.at(), completeBy))
                .isCloseTo(Duration.ofSeconds(seconds), Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "0s", "0h0m", "s", "6 m", "6d", "-6m", "1m1h", "PT6M", "169h", "999999999999h", "90s, 60s"})
    void otherCancelAfterIsRefused(String header) {
        assertProblem(post(BODY.getBytes(StandardCharsets.UTF_8), "Cancel-After", header), 422, "validation-failed");
    }

    @Test
    void errorOfAHeaderNamesTheHeader() {
        post(BODY.getBytes(StandardCharsets.UTF_8), "Cancel-After", "soon")
                .expectBody()
                .jsonPath("$.errors[0].header")
                .isEqualTo("Cancel-After")
                .jsonPath("$.errors[0].pointer")
                .doesNotExist()
                .jsonPath("$.error.param")
                .isEqualTo("Cancel-After")
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).startsWith("The header Cancel-After: Must be"));
    }

    @Test
    void startAfterCancelAfterIsRefused() {
        post(
                        "{\"prompt\": \"x\", \"deadline\": {\"start_by\": \"PT2M\"}}".getBytes(StandardCharsets.UTF_8),
                        "Cancel-After",
                        "90s")
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/deadline/start_by");
    }

    @Test
    void cancelAfterInAnotherUnitIsTheSameRequest() {
        var first = accepted(
                post(BODY.getBytes(StandardCharsets.UTF_8), "Idempotency-Key", "units-of-time", "Cancel-After", "6m"));

        post(BODY.getBytes(StandardCharsets.UTF_8), "Idempotency-Key", "units-of-time", "Cancel-After", "360s")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.id")
                .isEqualTo(first.job().value());
    }

    private WebTestClient.ResponseSpec post(byte[] body, String... headers) {
        return client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .headers(all -> {
                    for (int i = 0; i < headers.length; i += 2) {
                        all.add(headers[i], headers[i + 1]);
                    }
                })
                .bodyValue(body)
                .exchange();
    }

    private GenerationRequested accepted(WebTestClient.ResponseSpec response) {
        var created = response.expectStatus()
                .isAccepted()
                .expectBody(Created.class)
                .returnResult()
                .getResponseBody();
        var id = Objects.requireNonNull(created).id();
        return publisher.events(GenerationRequested.class).stream()
                .filter(event -> event.job().value().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void assertProblem(WebTestClient.ResponseSpec response, int status, String code) {
        response.expectStatus()
                .isEqualTo(status)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }

    private static byte[] zipped(byte[] plain) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(plain);
        }
        return zipped.toByteArray();
    }

    /** The part of a response that these tests read. */
    private record Created(String id) {}
}
