package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.atelier.messaging.InMemoryEventPublisher;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An invalid request is refused with an exact problem, and nothing is published. */
@GatewayHttpTest
class BadRequestHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String TOO_DEEP = "[".repeat(100) + "]".repeat(100);
    private static final String VALID = "{\"prompt\": \"x\"}";

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    static Stream<Arguments> notJson() {
        return Stream.of(
                arguments("", 0, 0),
                arguments("{\"prompt\": \"x\"", 1, 15),
                arguments("{\"prompt\": \"x\"}}", 1, 16),
                arguments("{\n  \"prompt\": snowman\n}", 2, 0),
                arguments("{\"prompt\": \"x\", \"prompt\": \"y\"}", 1, 0),
                arguments("{\"prompt\": \"x\", \"labels\": {\"a\": \"1\", \"a\": \"2\"}}", 1, 0),
                arguments("{'prompt': 'x'}", 1, 2),
                arguments("{\"prompt\": \"x\", \"seed\": 01}", 1, 0),
                arguments("{\"prompt\": \"x\", \"guidance_scale\": NaN}", 1, 0),
                arguments("{\"prompt\": \"x\", \"n\": 1e2147483648}", 0, 0),
                arguments("{\"prompt\": \"x\", \"n\": 0e-2147483648}", 0, 0),
                arguments("{\"prompt\": \"x\", \"n\": 1e99999999999}", 0, 0),
                arguments("{\"prompt\": \"x\", \"n\": +1}", 1, 0),
                arguments("{\"prompt\": \"x\", \"n\": 1" + "0".repeat(1_500) + "}", 0, 0),
                arguments("{\"prompt\": \"x\"} {}", 1, 0),
                arguments("{\"prompt\": \"x", 1, 0),
                arguments("{\"prompt\": \"x\", \"labels\": " + TOO_DEEP + "}", 0, 0),
                arguments("prompt=x", 1, 0));
    }

    /** A body, and the pointers of its errors. */
    static Stream<Arguments> invalidFields() {
        return Stream.of(
                body("[]", ""),
                body("null", ""),
                body("\"a snowman\"", ""),
                body("{}", "/prompt"),
                body("{\"prompt\": null}", "/prompt"),
                body("{\"prompt\": \"\"}", "/prompt"),
                body("{\"prompt\": \" \\n\\t \"}", "/prompt"),
                body("{\"prompt\": 7}", "/prompt"),
                body("{\"prompt\": \"x\", \"enhance\": \"yes\"}", "/enhance"),
                body("{\"prompt\": \"x\", \"enhance\": 1}", "/enhance"),
                body("{\"prompt\": [\"x\"]}", "/prompt"),
                body("{\"prompt\": \"a\\u0000b\"}", "/prompt"),
                body("{\"prompt\": \"a\\ud800b\"}", "/prompt"),
                body("{\"prompt\": \"" + "x".repeat(40_000) + "\"}", "/prompt"),
                body("{\"prompt\": \"" + "x".repeat(32_001) + "\"}", "/prompt"),
                body("{\"prompts\": \"x\"}", "/prompts", "/prompt"),
                field("\"negative_prompt\": true", "/negative_prompt"),
                field("\"model\": \"\"", "/model"),
                field("\"model\": \"a model\"", "/model"),
                field("\"model\": 1", "/model"),
                field("\"n\": 0", "/n"),
                field("\"n\": 5", "/n"),
                field("\"n\": \"2\"", "/n"),
                field("\"n\": 1.5", "/n"),
                field("\"n\": 99999999999999999999", "/n"),
                field("\"n\": 1e999999999", "/n"),
                field("\"n\": 1.0000001", "/n"),
                field("\"n\": 10e2147483647", "/n"),
                field("\"n\": 1e-2147483647", "/n"),
                field("\"guidance_scale\": 1e-2147483647", "/guidance_scale"),
                field("\"guidance_scale\": 10e2147483647", "/guidance_scale"),
                field("\"seed\": 1e2000", "/seed"),
                field("\"grid\": {\"layout\": \"2x2\", \"keep_original\": \"true\"}", "/grid/keep_original"),
                field("\"grid\": {\"layout\": \"2x2\", \"keep_original\": 1}", "/grid/keep_original"),
                field("\"size\": \"big\"", "/size"),
                field("\"size\": \"0x0\"", "/size"),
                field("\"size\": \"-64x64\"", "/size"),
                field("\"size\": \"513x512\"", "/size"),
                field("\"size\": \"8192x8192\"", "/size"),
                field("\"size\": \"99999x64\"", "/size"),
                field("\"size\": 512", "/size"),
                field("\"size\": \"512x512\", \"width\": 512, \"height\": 512", "/width"),
                field("\"size\": \"512x512\", \"aspect_ratio\": \"1:1\"", "/aspect_ratio"),
                field("\"width\": 512", "/height"),
                field("\"height\": 512", "/width"),
                field("\"width\": 60, \"height\": 9000", "/width", "/height"),
                field("\"width\": 65, \"height\": 64", "/width"),
                field("\"aspect_ratio\": \"4:1\"", "/aspect_ratio"),
                field("\"aspect_ratio\": \"1:0\"", "/aspect_ratio"),
                field("\"steps\": 0", "/steps"),
                field("\"steps\": 101", "/steps"),
                field("\"guidance_scale\": -0.1", "/guidance_scale"),
                field("\"guidance_scale\": 30.5", "/guidance_scale"),
                field("\"guidance_scale\": \"high\"", "/guidance_scale"),
                field("\"guidance_scale\": 1e999999999", "/guidance_scale"),
                field("\"seed\": -1", "/seed"),
                field("\"seed\": 9007199254740992", "/seed"),
                field("\"seed\": 9007199254740991, \"n\": 2", "/seed"),
                field("\"seed\": \"7\"", "/seed"),
                field("\"grid\": \"2x2\"", "/grid"),
                field("\"grid\": {\"layout\": \"9x1\"}", "/grid/layout"),
                field("\"grid\": {\"trim\": \"auto\"}", "/grid/layout"),
                field("\"grid\": {\"layout\": \"none\", \"min_tile_px\": 64}", "/grid/layout"),
                field("\"grid\": {\"layout\": null, \"keep_original\": true}", "/grid/layout"),
                field("\"grid\": {\"layout\": \"auto\"}", "/grid/layout"),
                field("\"grid\": {\"layout\": \"8x8\", \"min_tile_px\": 65}", "/grid/layout"),
                field("\"grid\": {\"layout\": \"2x2\", \"trim\": \"some\"}", "/grid/trim"),
                field(
                        "\"grid\": {\"layout\": \"2x2\", \"trim\": {\"inset_px\": 257, \"tolerance\": -1}}",
                        "/grid/trim/inset_px",
                        "/grid/trim/tolerance"),
                field("\"grid\": {\"layout\": \"2x2\", \"trim\": {\"all\": 1}}", "/grid/trim/all"),
                field("\"grid\": {\"layout\": \"2x2\", \"trim\": {\"mode\": \"loose\"}}", "/grid/trim/mode"),
                field("\"grid\": {\"layout\": \"2x2\", \"trim\": {\"colour\": \"#ffff\"}}", "/grid/trim/colour"),
                field("\"grid\": {\"layout\": \"2x2\", \"trim\": {\"colour\": 255}}", "/grid/trim/colour"),
                field(
                        "\"grid\": {\"layout\": \"2x2\", \"trim\": {\"tolerance\": 65, \"min_tile_px\": 2049}}",
                        "/grid/trim/tolerance",
                        "/grid/trim/min_tile_px"),
                field(
                        "\"grid\": {\"layout\": \"2x2\", \"trim\": {\"mode\": \"strict\", \"colour\": \"white\", \"tolerance\": 1}}",
                        "/grid/trim/colour",
                        "/grid/trim/tolerance"),
                field(
                        "\"grid\": {\"layout\": \"2x2\", \"min_tile_px\": 9, \"trim\": {\"min_tile_px\": 8}}",
                        "/grid/min_tile_px"),
                field("\"grid\": {\"layout\": \"2x2\", \"min_tile_px\": 0}", "/grid/min_tile_px"),
                field("\"grid\": {\"layout\": \"2x2\", \"keep_original\": false}", "/grid/keep_original"),
                field("\"grid\": {\"layout\": \"2x2\", \"keep_original\": \"yes\"}", "/grid/keep_original"),
                field("\"output\": {\"format\": \"webp\"}", "/output/format"),
                field("\"output\": {\"format\": \"avif\", \"compression\": 9}", "/output/format"),
                field("\"output\": {\"format\": \"gif\"}", "/output/format"),
                field("\"output\": {\"format\": \"svg\"}", "/output/format"),
                field("\"output\": {\"format\": \"JPEG\"}", "/output/format"),
                field("\"output\": {\"format\": 1}", "/output/format"),
                field("\"output\": {\"format\": \"jpeg\", \"compression\": 101}", "/output/compression"),
                field("\"output\": {\"format\": \"jpeg\", \"compression\": -1}", "/output/compression"),
                field("\"output\": {\"format\": \"jpeg\", \"compression\": 1.5}", "/output/compression"),
                field("\"output\": {\"metadata\": \"all\"}", "/output/metadata"),
                field("\"output\": {\"compression\": 9}", "/output/compression"),
                field("\"labels\": {\"Bad Key\": \"x\"}", "/labels/Bad Key"),
                field("\"labels\": {\"a/b~c\": \"x\"}", "/labels/a~1b~0c"),
                field("\"labels\": {\"a\": 1}", "/labels/a"),
                field("\"labels\": {\"a\": \"" + "x".repeat(257) + "\"}", "/labels/a"),
                field("\"labels\": {" + labels(17) + "}", "/labels"),
                field("\"labels\": {\"batch.id\": \"batch_06dahq1v1tw0f8v0sjy2m7sqs0\"}", "/labels/batch.id"),
                field("\"labels\": {\"command.user\": \"u\"}", "/labels/command.user"),
                field("\"labels\": {\"intel.session\": \"default\"}", "/labels/intel.session"),
                field("\"labels\": {\"hayhooks.size\": \"1x1\"}", "/labels/hayhooks.size"),
                field("\"labels\": {\"openai.user\": \"u\"}", "/labels/openai.user"),
                field("\"client_ref\": \"" + "x".repeat(129) + "\"", "/client_ref"),
                field("\"lane\": \"bulk\"", "/lane"),
                field("\"webhook\": \"https://example.org\"", "/webhook"),
                field(
                        "\"webhook\": {\"url\": \"ftp://example.org\", \"events\": []}",
                        "/webhook/events",
                        "/webhook/url"),
                field("\"webhook\": {\"secret\": \"x\"}", "/webhook/secret", "/webhook/url"),
                field("\"loras\": []", "/loras"),
                field("\"mask\": {}, \"strength\": 0.5", "/mask", "/strength"),
                field("\"sampler\": \"x\", \"cache\": {}", "/cache", "/sampler"),
                field("\"images\": []", "/images"),
                field("\"images\": {}", "/images"),
                field("\"images\": [" + "{},".repeat(16) + "{}]", "/images"),
                field("\"images\": [\"a.png\"]", "/images", "/images/0"),
                field("\"images\": [{\"image_url\": \"https://example.org/a.png\"}]", "/images"),
                field("\"colour\": \"red\", \"n\": 0, \"model\": \"unknown\"", "/colour", "/model", "/n"),
                field("\"size\": \"2048x2048\", \"seed\": -1", "/size", "/seed"));
    }

    @ParameterizedTest
    @MethodSource
    void notJson(String body, int line, int column) {
        var problem = refused(body, 400, "invalid-json");

        // No names of classes, methods and features of a library.
        assertThat(problem.get("detail").stringValue()).doesNotContainPattern("`|[a-z]\\.[A-Z]|[a-z]{2}[A-Z]|_");
        if (line > 0) {
            assertThat(problem.get("line").intValue()).isEqualTo(line);
        }
        if (column > 0) {
            assertThat(problem.get("column").intValue()).isEqualTo(column);
        }
    }

    @ParameterizedTest
    @MethodSource
    void invalidFields(String body, List<String> pointers) {
        var problem = refused(body, 422, "validation-failed");

        var reported = problem.get("errors")
                .valueStream()
                .map(error -> error.get("pointer").stringValue())
                .toList();
        assertThat(reported).containsExactlyInAnyOrderElementsOf(pointers);
        assertThat(problem.get("title").stringValue()).isEqualTo("Validation failed");
        assertThat(problem.get("errors").valueStream())
                .allSatisfy(
                        error -> assertThat(error.get("detail").stringValue()).isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u200B",
                "\u200B\u200D \uFEFF",
                "\u00A0\u2003",
                "\u3164",
                "\u2800\u2800",
                "\u0085\u2028",
                "\u00AD\uFE0F",
                "\u0001"
            })
    void promptWithoutAVisibleCharacterIsRefused(String prompt) {
        var body = JSON.writeValueAsString(Map.of("prompt", prompt));

        assertThat(refused(body, 422, "validation-failed")
                        .at("/errors/0/detail")
                        .stringValue())
                .startsWith("Must not be blank");
    }

    /** The letter A, a slash and the euro sign in more bytes than necessary, half of a pair, a byte that is in no character, and UTF-16. */
    @ParameterizedTest
    @ValueSource(strings = {"C181", "C0AF", "F08282AC", "EDA080", "FF", "E282"})
    void bodyThatIsNotUtf8IsRefused(String hex) {
        var body = new ByteArrayOutputStream();
        body.writeBytes("{\"prompt\": \"a".getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(HexFormat.of().parseHex(hex));
        body.writeBytes("\"}".getBytes(StandardCharsets.US_ASCII));

        var problem = refused(
                client.post()
                        .uri("/v1/generations")
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(body.toByteArray()),
                400,
                "invalid-json");

        assertThat(problem.get("detail").stringValue()).contains("UTF-8");
        assertThat(problem.get("offset").intValue()).isEqualTo(13);
    }

    @Test
    void bodyInUtf16IsRefused() {
        refused(
                client.post()
                        .uri("/v1/generations")
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(VALID.getBytes(StandardCharsets.UTF_16LE)),
                400,
                "invalid-json");
    }

    @Test
    void unknownModelIsRefusedWithTheKnownOnes() {
        var problem = refused("{\"prompt\": \"x\", \"model\": \"no-such\"}", 404, "model-not-found");

        assertThat(problem.get("detail").stringValue()).contains("'no-such'", "pocket", "test-card");
        assertThat(problem.get("models").valueStream().map(JsonNode::stringValue))
                .startsWith("pocket", "test-card");
        assertThat(problem.at("/error/code").stringValue()).isEqualTo("model_not_found");
        assertThat(problem.at("/error/param").stringValue()).isEqualTo("model");
    }

    @DisplayName("A request that no worker can hold is refused with what would fit")
    @Test
    void tooManyPixelsAreRefusedWithWhatWouldFit() {
        var problem = refused(
                "{\"prompt\": \"x\", \"model\": \"test-card\", \"n\": 16, \"size\": \"4096x4096\"}",
                422,
                "validation-failed");

        assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo("/n");
        assertThat(problem.at("/errors/0/detail").stringValue())
                .contains("16 images of 4096x4096", "at most 4 of this size", "16 of at most 2048x2048");
    }

    @Test
    void unsupportedSizeIsRefusedWithTheModelsLimits() {
        var problem = refused("{\"prompt\": \"x\", \"size\": \"1032x512\"}", 422, "size-unsupported");

        assertThat(problem.get("detail").stringValue())
                .contains("'pocket'", "1032x512", "64 to 1024", "multiples of 8");
    }

    @Test
    void plannedFieldsHaveAnotherErrorThanUnknownOnes() {
        var problem = refused("{\"prompt\": \"x\", \"sampler\": \"euler\", \"simpler\": 1}", 422, "validation-failed");

        assertThat(problem.get("errors")
                        .valueStream()
                        .map(error -> error.get("detail").stringValue()))
                .containsExactlyInAnyOrder(
                        "This version does not support the field 'sampler' yet. Leave it out.",
                        "There is no such field. Known fields: aspect_ratio, client_ref, deadline, delivery, enhance,"
                                + " grid, guidance_scale, height, images, input_fidelity, labels, mask, model,"
                                + " moderation, n, negative_prompt, on_disconnect, output, prompt, quality, routing, scheduler,"
                                + " seed, size, steps, strength, webhook, width.");
    }

    @Test
    void atMost32ErrorsAreReported() {
        var body = "{" + labels(1_000) + "}";

        var problem = refused(body, 422, "validation-failed");

        assertThat(problem.get("errors").size()).isEqualTo(32);
        assertThat(problem.get("detail").stringValue()).startsWith("1001 errors.");
    }

    @Test
    void promptLengthIsCountedInCodePoints() {
        client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"" + "\uD83D\uDE00".repeat(32_000) + "\"}")
                .exchange()
                .expectStatus()
                .isAccepted();
    }

    @Test
    void otherMediaTypesAreRefused() {
        for (var type : List.of("text/plain", "application/xml", "application/x-www-form-urlencoded", "image/png")) {
            var problem = refused(
                    client.post()
                            .uri("/v1/generations")
                            .header("Content-Type", type)
                            .bodyValue(VALID.getBytes(StandardCharsets.UTF_8)),
                    415,
                    "unsupported-media-type");
            assertThat(problem.get("detail").stringValue()).contains(type, "application/json");
        }
        refused(client.post().uri("/v1/generations"), 415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "gzip, gzip", "gzip, br"})
    void bodiesInOtherEncodingsThanGzipAreRefusedWithTheAllowedOne(String encoding) {
        client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .header("Content-Encoding", encoding)
                .bodyValue(VALID)
                .exchange()
                .expectStatus()
                .isEqualTo(415)
                .expectHeader()
                .valueEquals("Accept-Encoding", "gzip")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("unsupported-media-type");
    }

    @Test
    void unsupportedAcceptHeadersAreRefused() {
        for (var type : List.of("image/png", "image/webp", "text/html")) {
            refused(
                    client.post()
                            .uri("/v1/generations")
                            .contentType(MediaType.APPLICATION_JSON)
                            .header("Accept", type)
                            .bodyValue(VALID),
                    406,
                    "not-acceptable");
        }
    }

    private JsonNode refused(String body, int status, String code) {
        return refused(
                client.post()
                        .uri("/v1/generations")
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(body),
                status,
                code);
    }

    private JsonNode refused(WebTestClient.RequestHeadersSpec<?> request, int status, String code) {
        int before = publisher.events().size();

        var bytes = request.exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType("application/problem+json")
                .expectHeader()
                .valueMatches("x-request-id", "req_[0-9a-f]{24}")
                .expectHeader()
                .valueEquals("x-should-retry", "false")
                .expectBody(byte[].class)
                .returnResult()
                .getResponseBody();

        var problem = JSON.readTree(bytes);
        assertThat(problem.get("code").stringValue()).isEqualTo(code);
        assertThat(problem.get("type").stringValue()).isEqualTo("urn:atelier:problem:" + code);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("retryable").booleanValue()).isFalse();
        assertThat(problem.at("/error/type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(problem.at("/error/message")).isEqualTo(problem.get("detail"));
        assertThat(publisher.events()).hasSize(before);
        return problem;
    }

    private static Arguments body(String body, String... pointers) {
        return arguments(body, List.of(pointers));
    }

    private static Arguments field(String fields, String... pointers) {
        return body("{\"prompt\": \"x\", " + fields + "}", pointers);
    }

    private static String labels(int count) {
        return String.join(
                ", ",
                IntStream.range(0, count).mapToObj(i -> "\"l" + i + "\": \"x\"").toList());
    }
}
