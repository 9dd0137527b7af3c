package io.atelier.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubscriberSettingsTests {

    @TempDir
    private Path folder;

    @Test
    void withoutVariablesItReadsFromTheSystemOnThisMachine() {
        var settings = SubscriberSettings.of(Map.of("ATELIER_KAFKA", " "));

        assertThat(settings.standaloneConsumer())
                .isEqualTo(Map.of("bootstrap.servers", "127.0.0.1:9092", "enable.auto.commit", false));
        assertThat(settings.gateway()).hasToString("http://127.0.0.1:8080");
    }

    @Test
    void propertiesOfTheFileReachBothConsumersButCannotMakeThemCommitTooEarly() throws IOException {
        var file = file("""
            bootstrap.servers=kafka-1:9093
            security.protocol=SASL_SSL
            enable.auto.commit=true
            """);

        var settings = SubscriberSettings.of(Map.of("SUBSCRIBER_KAFKA_CONFIG", file));

        assertThat(settings.standaloneConsumer())
                .containsEntry("bootstrap.servers", "kafka-1:9093")
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("enable.auto.commit", false);
        assertThat(settings.groupConsumer())
                .containsAllEntriesOf(settings.standaloneConsumer())
                .containsEntry("group.id", "sample-subscriber");
    }

    @Test
    void brokersOfTheVariableGoBeforeThoseOfTheFile() throws IOException {
        var file = file("bootstrap.servers=kafka-1:9093");

        var settings = SubscriberSettings.of(Map.of("SUBSCRIBER_KAFKA_CONFIG", file, "ATELIER_KAFKA", "other:9094"));

        assertThat(settings.client()).isEqualTo(Map.of("bootstrap.servers", "other:9094"));
    }

    @Test
    void aRefusedVariableIsNamed() throws IOException {
        var missing = folder.resolve("missing").toString();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriberSettings.of(Map.of("SUBSCRIBER_KAFKA_CONFIG", missing)))
                .withMessageContainingAll("SUBSCRIBER_KAFKA_CONFIG", missing);

        var malformed = file("name=\\u00g0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriberSettings.of(Map.of("SUBSCRIBER_KAFKA_CONFIG", malformed)))
                .withMessageContaining("SUBSCRIBER_KAFKA_CONFIG");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriberSettings.of(Map.of("ATELIER_URL", "http://a b")))
                .withMessageContaining("ATELIER_URL must be a URL");
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("client.properties"), content).toString();
    }
}
