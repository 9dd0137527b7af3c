package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every operation takes the query parameters that its description has, and no others. */
@GatewayHttpTest
class UnknownParameterHttpTests {

    private static final Map<String, String> VALUES = Map.of(
            "integer", "2",
            "date-time", "2026-11-21T10:00:00Z",
            "string", "x");

    @Autowired
    private WebTestClient client;

    /** An operation of the description below {@code /v1}. */
    private record Described(HttpMethod method, String path, JsonNode operation) {

        List<JsonNode> parameters() {
            return operation
                    .path("parameters")
                    .valueStream()
                    .filter(parameter -> parameter.get("in").asString().equals("query"))
                    .toList();
        }
    }

    @DisplayName("Every described operation refuses a parameter that it does not have, and names those that it has")
    @Test
    void everyOperationRefusesOthers() {
        var operations = operations();
        assertThat(operations).hasSizeGreaterThan(20);
        for (var described : operations) {
            var problem = problem(described, "no_such=1");

            assertThat(problem.path("status").asInt()).as(described.path()).isEqualTo(422);
            assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("no_such");
            var detail = problem.at("/errors/0/detail").asString();
            for (var parameter : described.parameters()) {
                assertThat(detail)
                        .as(described.path())
                        .contains(parameter.get("name").asString());
            }
        }
    }

    @Test
    void everyDescribedParameterIsKnownAndTakenOnceOnlyIfItHasOneValue() {
        int checked = 0;
        for (var described : operations()) {
            for (var parameter : described.parameters()) {
                var name = parameter.get("name").asString();
                var pair = name + "=" + value(parameter.get("schema"));
                assertThat(problem(described, pair).toString())
                        .as(described.path() + "?" + pair)
                        .doesNotContain("no such query parameter", "Has no value", " times. Send it once");
                boolean isList = parameter.at("/schema/type").asString("").equals("array");
                if (isList) {
                    assertThat(problem(described, pair + "&" + pair).toString()).doesNotContain("Send it once");
                } else {
                    assertThat(problem(described, pair + "&" + pair)
                                    .at("/errors/0/detail")
                                    .asString())
                            .as(described.path() + "?" + pair)
                            .isEqualTo("Is given 2 times. Send it once.");
                }
                assertThat(problem(described, name).at("/errors/0/detail").asString())
                        .as(described.path() + "?" + name)
                        .isEqualTo("Has no value. Send %s=VALUE, or leave it out.".formatted(name));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(15);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/generations/x/images/0?width=256, 'Did you mean ''w''?'",
        "GET, /v1/generations/x/images/0?Format=png, 'Did you mean ''format''?'",
        "GET, /v1/generations?staus=queued, 'Did you mean ''status''?'",
        "GET, /v1/generations?label.=x, label.KEY",
        "GET, /v1/events?type=generation.failed, 'Did you mean ''types''?'",
        "POST, /v1/grids/split?columns=2, 'Did you mean ''cols''?'",
        "POST, /v1/grids/split?min-tile-px=2, 'Did you mean ''min_tile_px''?'",
        "GET, /v1/workers?foo=1, None is known here",
        "GET, /v1/capabilities?foo=1, None is known here"
    })
    void nearestNameIsSuggested(String method, String target, String expected) {
        var path = target.replaceFirst("\\?.*", "");
        var query = target.substring(target.indexOf('?') + 1);
        var described = new Described(HttpMethod.valueOf(method), path, new JsonMapper().createObjectNode());

        assertThat(problem(described, query).at("/errors/0/detail").asString()).contains(expected);
    }

    @DisplayName("Routes that OpenAI's clients call ignore parameters that they do not know")
    @Test
    void routesOfOpenAiTakeAnyQuery() {
        for (var path : List.of("/v1/models", "/v1/models/pocket")) {
            client.get().uri(path + "?api-version=1").exchange().expectStatus().isOk();
        }
    }

    @DisplayName("Pages and probes outside of the API take any query")
    @Test
    void otherPagesTakeAnyQuery() {
        for (var path : List.of("/livez", "/openapi.json", "/")) {
            client.get().uri(path + "?no_such=1").exchange().expectStatus().isOk();
        }
    }

    private JsonNode problem(Described described, String query) {
        var path = described.path().replaceAll("\\{[^}]*}", "x");
        var request = client.method(described.method()).uri(path + "?" + query);
        if (described.operation().path("requestBody").path("content").has("application/json")
                || path.equals("/v1/grids/split")) {
            request.contentType(MediaType.APPLICATION_JSON).bodyValue("{}");
        } else if (path.equals("/v1/files")) {
            request.contentType(MediaType.IMAGE_PNG).bodyValue(new byte[] {1});
        }
        var response = request.exchange().returnResult(byte[].class);
        var type = response.getResponseHeaders().getContentType();
        if (type == null || !MediaType.APPLICATION_PROBLEM_JSON.equalsTypeAndSubtype(type)) {
            // A stream of events does not end by itself, and would delay the stop of the server.
            response.getResponseBody().subscribe().dispose();
            return new JsonMapper().createObjectNode();
        }
        var body = new ByteArrayOutputStream();
        response.getResponseBody().toIterable().forEach(body::writeBytes);
        return new JsonMapper().readTree(body.toByteArray());
    }

    private static String value(JsonNode schema) {
        var type = schema.path("format").asString(schema.path("type").asString("string"));
        return schema.has("enum") ? schema.get("enum").get(0).asString() : VALUES.getOrDefault(type, "x");
    }

    private List<Described> operations() {
        var bytes = client.get()
                .uri("/openapi.json")
                .exchange()
                .expectBody()
                .returnResult()
                .getResponseBody();
        var all = new ArrayList<Described>();
        new JsonMapper()
                .readTree(Objects.requireNonNull(bytes))
                .get("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
                    // Faces take what clients of other services send.
                    if (path.startsWith("/v1/") && !path.startsWith("/v1/images/") && !path.startsWith("/v1/models")) {
                        all.add(new Described(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)), path, operation));
                    }
                }));
        return all;
    }
}
