package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@GatewayHttpTest
class DescriptionHttpTests {

    @Autowired
    private WebTestClient client;

    @Test
    void everyPathIsDescribed() {
        assertThat(description().get("paths").propertyNames())
                .containsExactlyInAnyOrder(
                        "/v1/avatar-batches",
                        "/v1/avatar-batches/{id}",
                        "/v1/avatar-batches/{id}/export",
                        "/v1/avatars",
                        "/v1/avatars/base",
                        "/v1/avatars/grid",
                        "/v1/avatars/prompt",
                        "/v1/avatars/publish",
                        "/v1/batches",
                        "/v1/batches/{id}",
                        "/v1/commands",
                        "/v1/events",
                        "/v1/files",
                        "/v1/files/{id}",
                        "/v1/files/{id}/content",
                        "/v1/generations",
                        "/v1/generations/{id}",
                        "/v1/generations/{id}/cancel",
                        "/v1/generations/{id}/retry",
                        "/v1/generations/{id}/split",
                        "/v1/generations/{id}/events",
                        "/v1/generations/{id}/images",
                        "/v1/generations/{id}/images/{name}",
                        "/v1/generations/{id}/prompts/{index}",
                        "/v1/generations/{id}/webhook-deliveries",
                        "/v1/generations/{id}/webhook-deliveries/{delivery}/redeliver",
                        "/v1/grids/split",
                        "/v1/images/edits",
                        "/v1/images/generations",
                        "/v1/capabilities",
                        "/v1/dead-letters",
                        "/v1/models",
                        "/v1/models/{id}",
                        "/v1/models/{id}/unload",
                        "/v1/queue",
                        "/v1/workers",
                        "/livez",
                        "/readyz");
    }

    @Test
    void schemasHaveTheJsonNames() {
        var schemas = description().at("/components/schemas");

        assertThat(schemas.at("/Generation/properties").propertyNames())
                .contains("created_at", "requested_model", "last_errors", "client_ref", "urls");
        assertThat(schemas.at("/Problem/properties").propertyNames())
                .contains("type", "code", "retryable", "retry_after", "errors", "request_id", "error")
                .doesNotContain("members");
        assertThat(schemas.at("/Model/properties").propertyNames()).contains("owned_by", "native_size", "limits");
    }

    @Test
    void schemasShowRequiredAndNullableFields() {
        var schemas = description().at("/components/schemas");

        assertThat(strings(schemas.at("/GenerationRequest/required"))).containsExactly("prompt");
        assertThat(strings(schemas.at("/Generation/required")))
                .contains("id", "images")
                .doesNotContain("error");
        assertThat(strings(schemas.at("/Generation/properties/started_at/type")))
                .containsExactlyInAnyOrder("string", "null");
        assertThat(schemas.at("/Generation/properties/error/oneOf/0/$ref").asString())
                .isEqualTo("#/components/schemas/GenerationError");
        assertThat(schemas.at("/Generation/properties/error/oneOf/1/type").asString())
                .isEqualTo("null");
        assertThat(schemas.at("/GenerationRequest/properties/enhance/oneOf").findValuesAsString("type"))
                .contains("boolean", "null");
        assertThat(strings(schemas.at("/RequestEcho/required")))
                .contains("prompt")
                .doesNotContain("images", "routing", "enhance");
        assertThat(strings(schemas.at("/Problem/required")))
                .contains("code", "error")
                .doesNotContain("errors");
    }

    @Test
    void formatOfAClientSuppliedIdIsDescribed() {
        var id = description()
                .at("/paths/~1v1~1generations~1{id}/put/parameters")
                .valueStream()
                .filter(parameter -> parameter.get("name").asString().equals("id"))
                .findFirst()
                .orElseThrow();

        assertThat("320c3d4d-cc00-4d5b-8ec9-32d5f69181c0")
                .matches(id.at("/schema/pattern").asString());
        assertThat("gen_06dahq1v1tw0f8v0sjy2m7sqs0")
                .matches(id.at("/schema/pattern").asString());
        assertThat("mine").doesNotMatch(id.at("/schema/pattern").asString());
    }

    @Test
    void everyOperationHasAProblemResponse() {
        for (var path : description().get("paths")) {
            for (var operation : path) {
                var reference = operation.at("/responses/default/content/application~1problem+json/schema/$ref");
                assertThat(reference.asString()).isEqualTo("#/components/schemas/Problem");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/images/generations", "/v1/images/edits"})
    void headersAndResponsesOfOpenAiRoutesAreDescribed(String path) {
        var post = description().get("paths").get(path).get("post");

        assertThat(post.get("parameters")
                        .valueStream()
                        .map(one -> one.get("name").asString()))
                .contains("Idempotency-Key", "Prefer");
        assertThat(post.at("/responses").propertyNames()).containsExactlyInAnyOrder("200", "202", "default");
        assertThat(post.at("/responses/202/content/application~1json/schema/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/Generation");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/commands", "/v1/batches"})
    void repetitionAndAcceptanceAreDescribed(String path) {
        var post = description().get("paths").get(path).get("post");

        assertThat(post.at("/responses").propertyNames()).containsExactlyInAnyOrder("200", "202", "default");
        assertThat(post.at("/responses/200/content/application~1json/schema/$ref")
                        .asString())
                .isEqualTo(post.at("/responses/202/content/application~1json/schema/$ref")
                        .asString());
    }

    @Test
    void requestIsDescribedWithExamples() {
        var post = description().at("/paths/~1v1~1generations/post");

        assertThat(post.at("/requestBody/content/application~1json/examples").size())
                .isEqualTo(3);
        assertThat(post.at("/requestBody/content/application~1json/schema/$ref").asString())
                .isEqualTo("#/components/schemas/GenerationRequest");
        assertThat(post.at("/responses").propertyNames()).contains("200", "202", "default");
        assertThat(post.at("/responses/200/content").propertyNames())
                .contains("application/json", "image/png", "text/event-stream");
    }

    @Test
    void noExampleIsFilledInThatFailsOrThatWasUsedBefore() {
        description()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().forEach(operation -> {
                    for (var parameter : operation.path("parameters")) {
                        boolean ofGeneration = path.getKey().startsWith("/v1/generations")
                                && parameter.get("name").asString().equals("id");
                        if (ofGeneration || !parameter.path("required").asBoolean(false)) {
                            assertThat(parameter.has("example")
                                            || parameter.at("/schema").has("example"))
                                    .as(path.getKey() + " " + parameter.get("name"))
                                    .isFalse();
                        }
                    }
                }));
        assertThat(description().at("/paths/~1v1~1generations/post/parameters").findValuesAsString("description"))
                .anyMatch(text -> text.contains("For example: 7e3c1d0a-order-77"));
    }

    /** As "Try it out" of the page does, twice. */
    @Test
    void everyExampleOfARequestIsAccepted() {
        for (var path : List.of("/v1/generations", "/v1/generations/{id}")) {
            var method = path.endsWith("}") ? HttpMethod.PUT : HttpMethod.POST;
            var operation =
                    description().get("paths").get(path).get(method.name().toLowerCase(Locale.ROOT));
            var examples = operation.at("/requestBody/content/application~1json/examples");
            assertThat(examples.size()).isPositive();
            for (var example : examples) {
                for (int time = 0; time < 2; time++) {
                    client.method(method)
                            .uri(path, UUID.randomUUID())
                            .contentType(MediaType.APPLICATION_JSON)
                            .bodyValue(example.get("value").toString())
                            .exchange()
                            .expectStatus()
                            .isAccepted();
                }
            }
        }
    }

    @Test
    void generationsComeFirst() {
        var names = description().get("tags").findValuesAsString("name");

        assertThat(names).startsWith("Generations", "Models", "Queue", "Events");
        assertThat(description().get("paths").propertyNames().stream()
                        .filter(path -> path.startsWith("/v1/generations")))
                .startsWith("/v1/generations", "/v1/generations/{id}");
    }

    @Test
    void commonPathsRedirectToTheDescription() {
        client.get()
                .uri("/v3/api-docs")
                .exchange()
                .expectStatus()
                .isEqualTo(308)
                .expectHeader()
                .location("/openapi.json");
        client.get().uri("/docs").exchange().expectStatus().is3xxRedirection();
    }

    private static List<String> strings(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    private JsonNode description() {
        var bytes = client.get()
                .uri("/openapi.json")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult()
                .getResponseBody();
        return new JsonMapper().readTree(Objects.requireNonNull(bytes));
    }
}
