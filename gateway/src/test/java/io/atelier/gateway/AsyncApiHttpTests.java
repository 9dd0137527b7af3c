package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.schema.Schema;
import io.atelier.contract.schema.Schemas;
import io.atelier.messaging.GoldenRecord;
import io.atelier.messaging.Topic;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@GatewayHttpTest
class AsyncApiHttpTests {

    @Autowired
    private WebTestClient client;

    @Test
    void everyKindOfEventIsAMessageOfTheEvents() {
        var kinds = Stream.of(GenerationEvent.class.getPermittedSubclasses())
                .map(kind -> "generation-" + kebab(kind.getSimpleName()))
                .toList();

        assertThat(document().at("/channels/events/messages").propertyNames())
                .containsExactlyInAnyOrderElementsOf(kinds);
    }

    @Test
    void everySchemaIsAMessageOfOneChannel() {
        var messages = document()
                .get("channels")
                .valueStream()
                .flatMap(channel -> channel.get("messages").propertyNames().stream());

        assertThat(messages)
                .containsExactlyInAnyOrderElementsOf(Schemas.newest().stream()
                        .map(Schema::name)
                        .filter(name -> !name.equals(Schemas.DEFINITIONS))
                        .toList());
    }

    @Test
    void everyReferenceResolves() {
        var document = document();
        var references = document.findValues("$ref");

        assertThat(references).hasSizeGreaterThan(50).allSatisfy(reference -> {
            assertThat(reference.asString()).startsWith("#/");
            assertThat(document.at(reference.asString().substring(1)).isObject())
                    .as(reference.asString())
                    .isTrue();
        });
    }

    @Test
    void everyOperationReceivesTheMessagesOfItsChannel() {
        for (var operation : document().get("operations")) {
            var channel = operation.at("/channel/$ref").asString();
            var expected = document().at(channel.substring(1)).get("messages").propertyNames().stream()
                    .map(message -> channel + "/messages/" + message)
                    .toList();

            assertThat(operation.get("action").asString()).isEqualTo("receive");
            assertThat(operation.get("messages").findValuesAsString("$ref"))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void channelsHaveTheSettingsOfTheirTopics() {
        var channels = document().get("channels");

        assertThat(channels.findValuesAsString("address"))
                .containsExactlyInAnyOrder(Topic.EVENTS, Topic.JOBS, Topic.PROGRESS, Topic.WORKERS);
        assertThat(channels.at("/events/bindings/kafka/partitions").asInt()).isEqualTo(8);
        assertThat(channels.at("/events/bindings/kafka/topicConfiguration").toString())
                .isEqualTo("{\"cleanup.policy\":[\"delete\"],\"retention.ms\":2592000000}");
        assertThat(channels.at("/jobs/bindings/kafka/topicConfiguration").toString())
                .isEqualTo("{\"cleanup.policy\":[\"compact\"]}");
    }

    @Test
    void goldenRecordsMatchTheirMessages() {
        var document = document();
        var components = new JsonMapper().createObjectNode().set("components", document.get("components"));
        var schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_7,
                builder -> builder.schemas(Map.of("urn:document", components.toString())));
        for (var message : document.at("/components/messages").properties()) {
            var golden = GoldenRecord.read(Schemas.NEWEST, message.getKey()).content();
            var payload = message.getValue().at("/payload/$ref").asString();

            assertThat(schemas.getSchema(SchemaLocation.of("urn:document" + payload))
                            .validate(golden.get("value").toString(), InputFormat.JSON))
                    .as(message.getKey())
                    .isEmpty();
            assertThat(golden.at("/headers/ce_type").asString())
                    .isEqualTo(message.getValue().get("name").asString());
            var headers = message.getValue().at("/headers/allOf/1").toString();
            assertThat(schemas.getSchema(headers, InputFormat.JSON)
                            .validate(golden.get("headers").toString(), InputFormat.JSON))
                    .isEmpty();
            assertThat(schemas.getSchema(SchemaLocation.of("urn:document#/components/schemas/CloudEventHeaders"))
                            .validate(golden.get("headers").toString(), InputFormat.JSON))
                    .isEmpty();
        }
    }

    @Test
    void everySchemaVersionIsServed() {
        for (var schema : Schemas.versions().stream()
                .map(Schemas::of)
                .flatMap(List::stream)
                .toList()) {
            client.get()
                    .uri("/schemas/" + schema.path())
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .contentType("application/schema+json")
                    .expectHeader()
                    .valueEquals(HttpHeaders.CACHE_CONTROL, "max-age=31536000, public, immutable")
                    .expectBody(String.class)
                    .isEqualTo(schema.text());
        }
    }

    @Test
    void messageLinksToItsSchema() {
        for (var message : document().at("/components/messages")) {
            client.get()
                    .uri("/" + message.get("x-schema-url").asString())
                    .exchange()
                    .expectStatus()
                    .isOk();
        }
    }

    @Test
    void unknownSchemaIsNotFound() {
        for (var path : List.of("/schemas/generation-succeeded/9.9.json", "/schemas/gateway.yml")) {
            client.get()
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isNotFound()
                    .expectHeader()
                    .contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON);
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private JsonNode document() {
        var bytes = client.get()
                .uri("/asyncapi.json")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentType(MediaType.APPLICATION_JSON)
                .expectBody()
                .returnResult()
                .getResponseBody();
        return new JsonMapper().readTree(Objects.requireNonNull(bytes));
    }
}
