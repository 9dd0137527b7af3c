package io.atelier.standalone.journey;

import static io.atelier.avatarsample.provider.ProviderEndpoint.EDITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedAnswer;
import io.atelier.avatarsample.provider.ScriptedProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Where the texts of persons are, and where they are not. */
class AvatarPrivacyIT {

    private static final List<String> MARKERS = List.of(
            "Zebulonia", "Quistleburn", "collects thimbles", "whistles opera", "knits tents", "Four views of the same");

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "Texts of a person are in the store alone, in no record and no line of the log, and an erasure removes them")
    void textsOfPersonsAreInTheStoreAlone() throws IOException {
        // An answer that quotes the prompt, as providers do.
        var quoting = ScriptedAnswer.refused(
                "invalid_value", "Not possible: Zebulonia Quistleburn, who collects thimbles and knits tents.");
        var script = ProviderScript.immediate().withSide(256).withAnswerTo(EDITS, "knits tents", quoting);
        try (var provider = ScriptedProvider.start(script);
                var log = LogLines.open();
                var system = StandaloneSystem.start(
                        folder,
                        Map.of(
                                "OPENAI_API_KEY",
                                "a-key",
                                "OPENAI_BASE_URL",
                                provider.openAiUrl(),
                                "FLOWISE_URL",
                                provider.flowiseUrl(),
                                "FLOWISE_FLOW",
                                "avatar-prompts"))) {
            var made = avatar(system, "collects thimbles");
            var failed = avatar(system, "collects thimbles and knits tents");

            assertThat(made.path("status").asString()).as(made.toString()).isEqualTo("succeeded");
            assertThat(failed.path("status").asString()).as(failed.toString()).isEqualTo("failed");
            assertThat(failed.at("/error/message").asString())
                    .contains("Not possible")
                    .contains("[redacted]");
            assertThat(MARKERS).noneMatch((made.toString() + failed)::contains);
            assertThat(recordsWithAMarker(system)).isEmpty();
            assertThat(log.lines).isNotEmpty().noneMatch(AvatarPrivacyIT::hasAMarker);
            assertThat(filesWithAMarker()).isNotEmpty();
            assertThat(publishedFiles()).isNotEmpty();

            for (var job : List.of(made, failed)) {
                assertThat(system.delete("/v1/generations/" + job.path("id").asString()))
                        .isBetween(200, 204);
            }

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(filesWithAMarker()).isEmpty());
            // Deleted after the folder of the job.
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(publishedFiles()).isEmpty());
            assertThat(recordsWithAMarker(system)).isEmpty();
            assertThat(log.lines).noneMatch(AvatarPrivacyIT::hasAMarker);
        }
    }

    private static JsonNode avatar(StandaloneSystem system, String bio) {
        return system.ended(
                system.submitTo("/v1/avatars", """
            {"persona":{"id":"7","firstname":"Zebulonia","lastname":"Quistleburn","gender":"f","bio_facebook":"%s",
             "bio_instagram":"whistles opera","bio_x":"","bio_tiktok":""}}\
            """.formatted(bio)).path("id").asString());
    }

    /** All topics, those of the state stores too, from their beginning. */
    private static List<String> recordsWithAMarker(StandaloneSystem system) {
        var settings =
                Map.<String, Object>of("bootstrap.servers", system.kafka(), "isolation.level", "read_uncommitted");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var found = new ArrayList<String>();
            int records = 0;
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (var read : consumer.poll(Duration.ofMillis(200))) {
                    records++;
                    if (hasAMarker(text(read))) {
                        found.add(read.topic() + " " + read.offset());
                    }
                }
            }
            assertThat(records).isGreaterThan(50);
            return found;
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> read) {
        var headers = StreamSupport.stream(read.headers().spliterator(), false)
                .map(header -> text(header.value()))
                .collect(Collectors.joining(" "));
        return text(read.key()) + " " + text(read.value()) + " " + headers;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean hasAMarker(String text) {
        return MARKERS.stream().anyMatch(text::contains);
    }

    /** Files of the store, since the folders of the broker keep what it has not cleaned yet. */
    private List<Path> filesWithAMarker() throws IOException {
        return storedFiles().stream().filter(AvatarPrivacyIT::hasAMarker).toList();
    }

    private List<Path> publishedFiles() throws IOException {
        return storedFiles().stream()
                .filter(file -> file.toString().contains("avatars/7/"))
                .toList();
    }

    private List<Path> storedFiles() throws IOException {
        try (var files = Files.walk(folder.resolve("store"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean hasAMarker(Path file) {
        try {
            return hasAMarker(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // Deleted meanwhile.
            return false;
        }
    }

    /** What the system logs at level info and above, and what its libraries log. */
    private static final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        private final Logger ours = (Logger) LoggerFactory.getLogger("io.atelier");

        static LogLines open() {
            var appender = new LogLines();
            appender.setContext(appender.root.getLoggerContext());
            appender.start();
            appender.ours.setLevel(Level.INFO);
            appender.root.addAppender(appender);
            return appender;
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
            for (var cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                lines.add(cause.getClassName() + ": " + cause.getMessage());
            }
        }

        @Override
        public void close() {
            root.detachAppender(this);
            ours.setLevel(null);
            stop();
        }
    }
}
