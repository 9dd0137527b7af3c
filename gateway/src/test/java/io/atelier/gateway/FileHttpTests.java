package io.atelier.gateway;

import static io.atelier.gateway.files.format.SampleFiles.SECRET;
import static io.atelier.gateway.files.format.SampleFiles.ascii;
import static io.atelier.gateway.files.format.SampleFiles.exif;
import static io.atelier.gateway.files.format.SampleFiles.gif;
import static io.atelier.gateway.files.format.SampleFiles.joined;
import static io.atelier.gateway.files.format.SampleFiles.jpeg;
import static io.atelier.gateway.files.format.SampleFiles.png;
import static io.atelier.gateway.files.format.SampleFiles.segment;
import static io.atelier.gateway.files.format.SampleFiles.webp;
import static io.atelier.gateway.files.format.SampleFiles.withSegments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.FileId;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.storage.ObjectStoreFailed;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.MediaType;
import org.springframework.http.client.MultipartBodyBuilder;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.BodyInserters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Uploaded files: upload, description, download and deletion. */
@GatewayHttpTest
class FileHttpTests {

    private static final JsonMapper JSON = new JsonMapper();

    @Autowired
    private WebTestClient client;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private AtomicLong freeBytes;

    @Autowired
    private DiskSpace disk;

    @LocalServerPort
    private int port;

    static Stream<Arguments> kinds() {
        return Stream.of(
                arguments("image/png", png(40, 30, 1)),
                arguments("image/jpeg", jpeg(40, 30, 1)),
                arguments("image/webp", webp(40, 30)),
                arguments("image/gif", gif(40, 30, 1)));
    }

    static Stream<Arguments> refusedFiles() {
        var png = png(40, 30, 2);
        return Stream.of(
                arguments("image/png", new byte[0], 422, "is empty"),
                arguments("image/png", ascii("not an image"), 422, "is no image"),
                arguments("image/png", ascii("<svg xmlns='http://www.w3.org/2000/svg'/>"), 422, "is no image"),
                arguments("image/png", Arrays.copyOf(png, png.length - 20), 422, "ends early"),
                arguments("image/jpeg", png, 415, "declared as image/jpeg, but its bytes are image/png"),
                arguments("image/gif", webp(3, 3), 415, "declared as image/gif, but its bytes are image/webp"),
                arguments("text/plain", png, 415, "supported"),
                arguments("image/svg+xml", ascii("<svg/>"), 415, "supported"),
                arguments("image/tiff", ascii("II*"), 415, "supported"),
                arguments("application/json", ascii("{}"), 415, "supported"));
    }

    @AfterEach
    void recover() {
        store.memory().recover();
        freeBytes.set(Long.MAX_VALUE);
        disk.measure();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void storesTheBytesOfEveryKindOnce(String mediaType, byte[] bytes) {
        var file = json(raw(mediaType, bytes).expectStatus().isCreated());

        var sha256 = Sha256.of(bytes).hex();
        assertThat(file.get("id").stringValue())
                .isEqualTo(FileId.ofSha256(sha256).value());
        assertThat(file.get("object").stringValue()).isEqualTo("file");
        assertThat(file.get("sha256").stringValue()).isEqualTo(sha256);
        assertThat(file.get("bytes").intValue()).isEqualTo(bytes.length);
        assertThat(file.get("media_type").stringValue()).isEqualTo(mediaType);
        assertThat(file.get("width").intValue()).isEqualTo(40);
        assertThat(file.get("height").intValue()).isEqualTo(30);
        assertThat(lifetime(file))
                .isBetween(Duration.ofDays(7), Duration.ofDays(7).plusSeconds(2));

        var again = json(form(bytes, mediaType, null).expectStatus().isOk());
        assertThat(again).isEqualTo(file);
        assertThat(json(get(file).expectStatus().isOk())).isEqualTo(file);
        delete(file);
    }

    @Test
    void locationIsThePathOfTheFile() {
        var file = json(raw("image/png", png(40, 30, 3))
                .expectStatus()
                .isCreated()
                .expectHeader()
                .valueMatches("Location", "/v1/files/" + FileId.REGEX));

        get(file).expectStatus().isOk().expectHeader().valueEquals("Cache-Control", "no-store");
        delete(file);
    }

    @Test
    void removesExifButNotTheOrientation() {
        var plain = jpeg(40, 30, 4);
        var original = withSegments(plain, segment(0xE1, joined(ascii("Exif\0\0"), exif(6))));

        var file = json(raw("image/jpeg", original).expectStatus().isCreated());

        var content = content(file);
        var text = new String(content, StandardCharsets.ISO_8859_1);
        assertThat(new String(original, StandardCharsets.ISO_8859_1)).contains(SECRET);
        assertThat(text).doesNotContain(SECRET).contains("Exif\0\0MM\0*");
        assertThat(file.get("sha256").stringValue())
                .isEqualTo(Sha256.of(content).hex());
        json(raw("image/jpeg", original).expectStatus().isOk());
        json(raw("image/jpeg", content).expectStatus().isOk());
        delete(file);
    }

    @Test
    void contentIsServedLikeAnImage() {
        var bytes = png(40, 30, 5);
        var file = json(raw("image/png", bytes).expectStatus().isCreated());
        var path = "/v1/files/" + file.get("id").stringValue() + "/content";
        var tag = "\"sha256-" + file.get("sha256").stringValue() + "\"";

        var response = client.get().uri(path).exchange();
        response.expectStatus()
                .isOk()
                .expectHeader()
                .contentType(MediaType.IMAGE_PNG)
                .expectHeader()
                .valueEquals("ETag", tag)
                .expectHeader()
                .valueEquals("Accept-Ranges", "bytes")
                .expectHeader()
                .valueEquals("X-Content-Type-Options", "nosniff")
                .expectHeader()
                .valueEquals("Content-Security-Policy", "default-src 'none'")
                .expectHeader()
                .valueEquals(
                        "Content-Disposition",
                        "inline; filename=\"%s.png\"".formatted(file.get("id").stringValue()))
                .expectBody(byte[].class)
                .isEqualTo(bytes);
        client.get()
                .uri(path)
                .header("Range", "bytes=8-15")
                .exchange()
                .expectStatus()
                .isEqualTo(206)
                .expectHeader()
                .valueEquals("Content-Range", "bytes 8-15/" + bytes.length)
                .expectBody(byte[].class)
                .isEqualTo(Arrays.copyOfRange(bytes, 8, 16));
        client.get()
                .uri(path)
                .header("Range", "bytes=99999-")
                .exchange()
                .expectStatus()
                .isEqualTo(416);
        client.get()
                .uri(path)
                .header("If-None-Match", tag)
                .exchange()
                .expectStatus()
                .isNotModified();
        client.head()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentLength(bytes.length)
                .expectBody()
                .isEmpty();
        delete(file);
    }

    @Test
    void deletedFileIsGoneAndItsBytesToo() {
        var bytes = png(40, 30, 6);
        var file = json(raw("image/png", bytes).expectStatus().isCreated());

        delete(file);

        get(file).expectStatus().isEqualTo(410).expectBody().jsonPath("$.code").isEqualTo("erased");
        client.get()
                .uri("/v1/files/{id}/content", file.get("id").stringValue())
                .exchange()
                .expectStatus()
                .isEqualTo(410);
        delete(file);
        assertThat(store.memory().keys())
                .noneMatch(key ->
                        key.contains("content") && key.contains(file.get("id").stringValue()));
        json(raw("image/png", bytes).expectStatus().isCreated());
        get(file).expectStatus().isOk();
        delete(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file_00000000000000000000000000000000000000000000000000ff",
                "file_1zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
                "gen_06dahq1v1tw0f8v0sjy2m7sqs0",
                "..%2F..%2Fjobs",
                "file_",
                "%00"
            })
    void unknownFileIsNotFound(String id) {
        for (var path : new String[] {"/v1/files/" + id, "/v1/files/" + id + "/content"}) {
            var status = client.get()
                    .uri(URI.create("http://localhost:" + port + path))
                    .exchange()
                    .returnResult(String.class)
                    .getStatus()
                    .value();
            assertThat(status).isIn(400, 404);
        }
    }

    @ParameterizedTest
    @MethodSource("refusedFiles")
    void refusesWhatIsNoImageAndStoresNothing(String mediaType, byte[] bytes, int status, String detail) {
        var before = store.memory().keys();

        assertRefused(raw(mediaType, bytes), status, detail);
        if (!mediaType.equals("application/json")) {
            assertRefused(form(bytes, mediaType, null), status, detail);
        }

        assertThat(store.memory().keys()).isEqualTo(before);
    }

    @Test
    void refusesABombByItsHeader() {
        var gif = gif(8, 8, 7);
        for (int i = 6; i < 10; i++) {
            gif[i] = (byte) 0xFF;
        }

        assertRefused(raw("image/gif", gif), 422, "65535 x 65535 pixels");
    }

    @Test
    void timeToLiveIsAFieldOrAParameter() {
        var bytes = png(40, 30, 8);
        var file = json(form(bytes, "image/png", "PT2H").expectStatus().isCreated());
        assertThat(lifetime(file))
                .isBetween(Duration.ofHours(2), Duration.ofHours(2).plusSeconds(2));
        delete(file);

        var other = json(post("/v1/files?ttl=P30D", "image/png", png(40, 30, 9))
                .expectStatus()
                .isCreated());
        assertThat(lifetime(other))
                .isBetween(Duration.ofDays(30), Duration.ofDays(30).plusSeconds(2));
        delete(other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7d", "P0D", "PT59S", "-P1D", "P400D", "P9999999999999999999D", "forever"})
    void refusesOtherTimesToLive(String ttl) {
        var before = store.memory().keys();

        var problem =
                assertRefused(form(png(40, 30, 10), "image/png", ttl), 422, "Must be a duration from PT1M to P365D");

        assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo("/ttl");
        assertThat(store.memory().keys()).isEqualTo(before);
    }

    @Test
    void refusesFormsWithOtherParts() {
        var none = new MultipartBodyBuilder();
        none.part("ttl", "P1D");
        assertRefused(form(none), 422, "/file: Is missing");

        var other = new MultipartBodyBuilder();
        other.part("picture", resource(png(4, 4, 1))).filename("a.png");
        assertRefused(form(other), 422, "/picture: There is no such field. Known fields: file, ttl.");

        var two = new MultipartBodyBuilder();
        two.part("file", resource(png(4, 4, 1))).filename("a.png");
        two.part("file", resource(png(4, 4, 2))).filename("b.png");
        assertRefused(form(two), 422, "Must be one file");

        var text = new MultipartBodyBuilder();
        text.part("file", "text");
        assertRefused(form(text), 422, "give the part a file name");

        var fieldAsFile = new MultipartBodyBuilder();
        fieldAsFile.part("file", resource(png(4, 4, 1))).filename("a.png");
        fieldAsFile.part("ttl", resource(ascii("P1D"))).filename("ttl.txt");
        assertRefused(form(fieldAsFile), 422, "/ttl: Must be a text");
    }

    @Test
    void partWithoutAMediaTypeIsRecognisedByItsBytes() {
        var file = json(form(webp(11, 7), "application/octet-stream", null)
                .expectStatus()
                .isCreated());

        assertThat(file.get("media_type").stringValue()).isEqualTo("image/webp");
        delete(file);
    }

    @Test
    void refusesUploadsWhenTheDiskIsNearlyFull() {
        freeBytes.set(1 << 20);
        disk.measure();

        assertRefused(raw("image/png", png(40, 30, 11)), 507, "nearly full");
    }

    @Test
    void storeThatIsAwayIsReported() {
        store.memory().failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);

        assertRefused(raw("image/png", png(40, 30, 12)), 503, "image store");
        client.get()
                .uri("/v1/files/" + FileId.ofSha256("0".repeat(64)))
                .exchange()
                .expectStatus()
                .isEqualTo(503);
    }

    @Test
    void refusesRequestsOfOtherSites() {
        client.post()
                .uri("/v1/files")
                .header("Origin", "https://evil.example")
                .contentType(MediaType.IMAGE_PNG)
                .bodyValue(png(40, 30, 13))
                .exchange()
                .expectStatus()
                .isForbidden();
    }

    private ResponseSpec raw(String mediaType, byte[] bytes) {
        return post("/v1/files", mediaType, bytes);
    }

    private ResponseSpec post(String path, String mediaType, byte[] bytes) {
        return client.post()
                .uri(path)
                .contentType(MediaType.parseMediaType(mediaType))
                .body(BodyInserters.fromResource(resource(bytes)))
                .exchange();
    }

    private ResponseSpec form(byte[] bytes, String mediaType, @Nullable String ttl) {
        var builder = new MultipartBodyBuilder();
        builder.part("file", resource(bytes), MediaType.parseMediaType(mediaType))
                .filename("a picture.bin");
        if (ttl != null) {
            builder.part("ttl", ttl);
        }
        return form(builder);
    }

    private ResponseSpec form(MultipartBodyBuilder builder) {
        return client.post()
                .uri("/v1/files")
                .body(BodyInserters.fromMultipartData(builder.build()))
                .exchange();
    }

    private ResponseSpec get(JsonNode file) {
        return client.get().uri("/v1/files/{id}", file.get("id").stringValue()).exchange();
    }

    private byte[] content(JsonNode file) {
        return Objects.requireNonNull(client.get()
                .uri("/v1/files/{id}/content", file.get("id").stringValue())
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(byte[].class)
                .returnResult()
                .getResponseBody());
    }

    private void delete(JsonNode file) {
        client.delete()
                .uri("/v1/files/{id}", file.get("id").stringValue())
                .exchange()
                .expectStatus()
                .isNoContent();
    }

    private static JsonNode assertRefused(ResponseSpec response, int status, String detail) {
        var problem = json(response.expectStatus().isEqualTo(status));
        assertThat(problem.get("detail").stringValue()).contains(detail);
        return problem;
    }

    private static JsonNode json(ResponseSpec response) {
        return JSON.readTree(Objects.requireNonNull(
                response.expectBody(String.class).returnResult().getResponseBody()));
    }

    private static Duration lifetime(JsonNode file) {
        return Duration.between(
                Instant.parse(file.get("created_at").stringValue()),
                Instant.parse(file.get("expires_at").stringValue()));
    }

    private static ByteArrayResource resource(byte[] bytes) {
        return new ByteArrayResource(bytes);
    }
}
