package io.atelier.subscriber;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Main class of the subscriber: handles all existing jobs at the first start, then the events, until it is stopped. */
public final class SampleSubscriber {

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

    private SampleSubscriber() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        // Numbers in names of files look the same wherever it is started.
        Locale.setDefault(Locale.ROOT);
        var settings = settingsOrExit();
        Files.createDirectories(settings.folder());
        var images = new ImageMirror(settings.folder().resolve("pictures"), settings.gateway());
        try (var processed = ProcessedVersionLog.open(settings.folder().resolve("handled.log"), Instant.now())) {
            bootstrap(settings, images, processed);
            var consumer = new KafkaConsumer<>(
                    settings.groupConsumer(), new StringDeserializer(), new ByteArrayDeserializer());
            var events = new EventConsumer(consumer, processed, images, RETRY_INTERVAL);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(events), "subscriber-stop"));
            events.run();
        }
    }

    private static SubscriberSettings settingsOrExit() {
        try {
            return SubscriberSettings.of(System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            throw e;
        }
    }

    /** Handles existing jobs once; an incomplete run is repeated at the next start. */
    private static void bootstrap(SubscriberSettings settings, JobListener listener, ProcessedVersionLog processed)
            throws IOException {
        var marker = settings.folder().resolve("bootstrapped");
        if (Files.exists(marker)) {
            return;
        }
        try (var consumer = new KafkaConsumer<>(
                settings.standaloneConsumer(), new StringDeserializer(), new ByteArrayDeserializer())) {
            JobTopicSnapshot.read(consumer).notifyListener(listener, processed);
        }
        Files.createFile(marker);
    }

    private static void stop(EventConsumer events) {
        try {
            events.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
