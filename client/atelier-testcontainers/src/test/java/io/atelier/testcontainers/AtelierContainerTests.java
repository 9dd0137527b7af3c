package io.atelier.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What a container is set to before it starts; no engine is needed. */
class AtelierContainerTests {

    @Test
    void imagesOfTheServersAreThoseOfCompose() throws IOException {
        assertThat(composeImages())
                .containsExactlyInAnyOrder(AtelierContainer.KAFKA_IMAGE, AtelierContainer.STORE_IMAGE);
    }

    @Test
    void settingsOfTheGatewayAndOfItsWorkerAreSeparate() {
        try (var atelier =
                new AtelierContainer().withEnv("ATELIER_RETAIN", "1h").withWorkerEnv("OPENAI_API_KEY", "a-key")) {
            assertThat(atelier.getEnvMap())
                    .containsEntry("ATELIER_TEST_CARD", "true")
                    .containsEntry("ATELIER_RETAIN", "1h")
                    .doesNotContainKey("OPENAI_API_KEY");
            assertThat(atelier.workerEnvironment())
                    .containsEntry("ATELIER_TEST_CARD", "true")
                    .containsEntry("OPENAI_API_KEY", "a-key")
                    .doesNotContainKey("ATELIER_RETAIN");
            assertThat(List.of("ATELIER_KAFKA", "ATELIER_S3", "ATELIER_S3_ACCESS_KEY", "ATELIER_S3_SECRET_KEY"))
                    .allSatisfy(name -> assertThat(atelier.getEnvMap().get(name))
                            .isNotBlank()
                            .isEqualTo(atelier.workerEnvironment().get(name)));
        }
    }

    @Test
    void addressOfAClosedFaceIsRefused() {
        try (var atelier = new AtelierContainer().withEnv("ATELIER_OPENAI_FACE", "false")) {
            assertThatIllegalStateException()
                    .isThrownBy(atelier::openAiBaseUrl)
                    .withMessage("ATELIER_OPENAI_FACE switches OpenAI's images API off. Start without it.");
        }
    }

    @Test
    void addressIsUnknownBeforeTheStart() {
        try (var atelier = new AtelierContainer()) {
            assertThatIllegalStateException()
                    .isThrownBy(atelier::baseUrl)
                    .withMessage("Mapped port can only be obtained after the container is started");
        }
    }

    @Test
    void springFindsItsServiceConnection() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(ConnectionDetailsFactory.class))
                .hasAtLeastOneElementOfType(AtelierServiceConnection.class);
    }

    /** The standard values, without the digest that pins one of them. */
    private static List<String> composeImages() throws IOException {
        var compose = Files.readString(Path.of("..", "..", "docker-compose.yml"));
        return Pattern.compile("image: \\$\\{\\w+:-([^@}]+)[@}]")
                .matcher(compose)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
