package io.atelier.subscriber;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The subscriber as a process of its own, until Ctrl-C: on its first start all jobs that there are, then what happens. */
public final class SampleSubscriber {

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private SampleSubscriber() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var settings = SubscriberSettings.of(System.getenv());
        Files.createDirectories(settings.folder());
        var images = new ImageFolder(settings.folder().resolve("pictures"), settings.gateway());
        try (var ledger = HandledVersions.open(settings.folder().resolve("handled.log"), Instant.now())) {
            bootstrap(settings, images, ledger);
            var member =
                    new KafkaConsumer<>(settings.groupMember(), new StringDeserializer(), new ByteArrayDeserializer());
            var follower = new EventFollower(member, ledger, images, PAUSE);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(follower), "goodbye"));
            follower.run();
        }
    }

    /** Once: a start that did not get to its end is repeated by the next one. */
    private static void bootstrap(SubscriberSettings settings, JobListener listener, HandledVersions ledger)
            throws IOException {
        var done = settings.folder().resolve("bootstrapped");
        if (Files.exists(done)) {
            return;
        }
        try (var reader =
                new KafkaConsumer<>(settings.loneReader(), new StringDeserializer(), new ByteArrayDeserializer())) {
            JobStates.read(reader).tell(listener, ledger);
        }
        Files.createFile(done);
    }

    private static void stop(EventFollower follower) {
        try {
            follower.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
