package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page about the HTTP API names all that requests can have. */
class RequestMemberDocsTests {

    private static final Path DOCS = Path.of("..", "docs");

    private final JsonNode description = new JsonMapper().readTree(DOCS.resolve("openapi.json"));
    private final Set<String> members = new TreeSet<>();
    private final Set<String> schemas = new HashSet<>();

    @DisplayName(
            "Each member of a request body, and each parameter of a query, is in docs/http.md or on the page of its face")
    @Test
    void everyMemberIsDocumented() throws IOException {
        var page = Files.readString(DOCS.resolve("http.md")) + Files.readString(DOCS.resolve("faces/openai.md"));
        description.get("paths").forEach(path -> path.forEach(this::addMembers));

        assertThat(members).contains("prompt", "keep_original", "data_url", "min_tile_px", "last_event_id");
        assertThat(members).allSatisfy(name -> assertThat(page).containsPattern("\\b" + name + "\\b"));
    }

    private void addMembers(JsonNode operation) {
        operation.at("/requestBody/content").forEach(content -> add(content.path("schema")));
        operation.path("parameters").forEach(parameter -> {
            if (parameter.get("in").asString().equals("query")) {
                members.add(parameter.get("name").asString());
            }
        });
    }

    private void add(JsonNode schema) {
        var reference = schema.path("$ref").asString("");
        if (!reference.isEmpty() && schemas.add(reference)) {
            add(description.at(reference.substring(1)));
        }
        for (var parts : List.of("oneOf", "anyOf", "allOf")) {
            schema.path(parts).forEach(this::add);
        }
        if (schema.has("items")) {
            add(schema.get("items"));
        }
        schema.path("properties").forEachEntry((name, property) -> {
            members.add(name);
            add(property);
        });
    }
}
