package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * docs/openapi.json and docs/asyncapi.json are what the gateway serves. Clients are generated from them, and CI validates them. After a change, run this
 * class with {@code -Ddescriptions.write=true} to write them.
 */
@GatewayHttpTest
class DescriptionFilesTests {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Path DOCS = Path.of("..", "docs");

    @LocalServerPort
    private int port;

    @Autowired
    private WebTestClient client;

    @ParameterizedTest
    @ValueSource(strings = {"openapi.json", "asyncapi.json"})
    void fileIsWhatTheGatewayServes(String name) throws IOException {
        var served = served(name);
        var file = DOCS.resolve(name);
        if (Boolean.getBoolean("descriptions.write")) {
            Files.writeString(file, JSON.writeValueAsString(served) + "\n");
        }

        assertThat(JSON.readTree(Files.readString(file)))
                .as("%s; write it anew with -Ddescriptions.write=true", file)
                .isEqualTo(served);
    }

    /** The document at the standard address of a gateway instead of this test's. */
    private JsonNode served(String name) {
        var text = client.get()
                .uri("/" + name)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return JSON.readTree(Objects.requireNonNull(text)
                .replaceAll("http://(localhost|127\\.0\\.0\\.1):" + port, "http://127.0.0.1:8080"));
    }
}
