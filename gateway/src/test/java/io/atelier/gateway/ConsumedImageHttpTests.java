package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.InMemoryEventPublisher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** An image that a client consumes is erased when all of it was sent, and only then. */
@GatewayHttpTest
class ConsumedImageHttpTests {

    private static final byte[] IMAGE = new byte[100_000];
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private AuditedObjectStore store;

    @LocalServerPort
    private int port;

    @AfterEach
    void restoreBroker() {
        publisher.comeBack();
    }

    @Test
    void imageIsSentOnce() {
        var id = generated(IMAGE);

        var response = get(id, "?consume=true");
        response.expectStatus().isOk().expectHeader().valueEquals("Cache-Control", "no-store");
        assertThat(response.expectBody().returnResult().getResponseBody()).isEqualTo(IMAGE);
        awaitErasure(id);

        get(id, "?consume=true")
                .expectStatus()
                .isEqualTo(410)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("erased");
        get(id, "").expectStatus().isEqualTo(410);
        assertThat(erasures(id)).isEqualTo(1);
    }

    @Test
    void brokenDownloadErasesNothing() throws IOException {
        var id = generated(new byte[16_000_000]);
        int before = store.opens();
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var request = "GET %s?consume=true HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n".formatted(path(id), port);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(20_000)).hasSize(20_000);
            socket.setSoLinger(true, 0);
        }
        await().atMost(TIMEOUT)
                .until(() -> store.opens() > before && store.streams().open() == 0);

        head(id).expectStatus().isOk();
        assertThat(erasures(id)).isZero();
    }

    @DisplayName(
            "A client that closes its side of the connection gets the image, which stays, because a client that is gone looks the same")
    @Test
    void halfClosedClientErasesNothing() throws IOException {
        var id = generated(IMAGE);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var request = "GET %s?consume=true HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n".formatted(path(id), port);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            var received = socket.getInputStream().readAllBytes();
            assertThat(new String(received, StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 200 ");
            assertThat(received).hasSizeGreaterThan(IMAGE.length);
        }
        await().atMost(TIMEOUT).until(() -> store.streams().open() == 0);

        head(id).expectStatus().isOk();
        assertThat(erasures(id)).isZero();
    }

    @Test
    void partsAndHeadersEraseNothing() {
        var id = generated(IMAGE);

        client.get()
                .uri(path(id) + "?consume=true")
                .header("Range", "bytes=0-9")
                .exchange()
                .expectStatus()
                .isEqualTo(206);
        client.method(HttpMethod.HEAD)
                .uri(path(id) + "?consume=true")
                .exchange()
                .expectStatus()
                .isOk();
        assertThat(get(id, "?consume=false").expectBody().returnResult().getResponseBody())
                .isEqualTo(IMAGE);

        assertThat(erasures(id)).isZero();
    }

    @Test
    void conditionDoesNotPreventTheImage() {
        var id = generated(IMAGE);
        var tag = Objects.requireNonNull(
                head(id).returnResult(byte[].class).getResponseHeaders().getETag());

        client.get()
                .uri(path(id) + "?consume=true")
                .header("If-None-Match", tag)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .consumeWith(image -> assertThat(image.getResponseBody()).hasSize(IMAGE.length));
        awaitErasure(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?consume=yes", "?consume=true&delivery=redirect"})
    void otherRequestsAreRefused(String query) {
        var id = generated(IMAGE);

        get(id, query)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].parameter")
                .isEqualTo("consume");
        assertThat(erasures(id)).isZero();
    }

    @Test
    void oneOfSeveralImagesCannotBeConsumed() {
        var id = generated(IMAGE, IMAGE);

        get(id, "?consume=true").expectStatus().isEqualTo(422);
        assertThat(erasures(id)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site,cross-site", "Origin,https://evil.example", "Referer,https://evil.example/page"})
    void addressInAPageOfAnotherSiteErasesNothing(String header, String value) {
        var id = generated(IMAGE);

        client.get()
                .uri(path(id) + "?consume=true")
                .header(header, value)
                .exchange()
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("cross-site-request");
        assertThat(erasures(id)).isZero();
    }

    @Test
    void imageThatCannotBeErasedIsSentAllTheSame() {
        var id = generated(IMAGE);
        publisher.goDown();

        assertThat(get(id, "?consume=true").expectBody().returnResult().getResponseBody())
                .isEqualTo(IMAGE);

        await().atMost(TIMEOUT).untilAsserted(() -> head(id).expectStatus().isOk());
    }

    private JobId generated(byte[]... contents) {
        var created = client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"x\", \"n\": %d}".formatted(contents.length))
                .exchange()
                .expectBody(Created.class)
                .returnResult()
                .getResponseBody();
        var id = new JobId(Objects.requireNonNull(created).id());
        List<StoredImage> images = new ArrayList<>();
        for (var content : contents) {
            int index = images.size();
            var key = SampleJobs.key(id, index);
            store.putImage(key, content);
            images.add(new StoredImage(
                    index,
                    StoredImage.Kind.IMAGE,
                    key,
                    SampleJobs.sha256(content),
                    content.length,
                    "image/png",
                    512,
                    512,
                    7L,
                    null));
        }
        publisher
                .publish(new TaskSucceeded(
                        id,
                        "generate",
                        1,
                        Instant.now(),
                        JobBuilder.WORKER,
                        images,
                        List.of(),
                        40L,
                        null,
                        null,
                        List.of(),
                        null,
                        null,
                        null))
                .join();
        return id;
    }

    /** A client has the last byte of an image before the gateway knows that it was sent. */
    private void awaitErasure(JobId id) {
        await().atMost(TIMEOUT).until(() -> erasures(id) == 1);
    }

    private long erasures(JobId id) {
        return publisher.events(EraseRequested.class).stream()
                .filter(event -> event.job().equals(id))
                .count();
    }

    private WebTestClient.ResponseSpec get(JobId id, String query) {
        return client.get().uri(path(id) + query).exchange();
    }

    private WebTestClient.ResponseSpec head(JobId id) {
        return client.method(HttpMethod.HEAD).uri(path(id)).exchange();
    }

    private static String path(JobId id) {
        return "/v1/generations/" + id + "/images/0";
    }

    /** The part of a response that these tests read. */
    private record Created(String id) {}
}
