package io.atelier.splitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.EndReport;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.PublishRequested;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.embedded.EmbeddedObjectStore;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** The splitter worker publishes images, with a real broker and a real store. */
class PublishWorkerIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String KEY = "splitter";

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static EmbeddedObjectStore server;

    @BeforeAll
    static void startServers() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        server = EmbeddedObjectStore.start(folder.resolve("store"), 0, KEY, "splitter-secret");
    }

    @AfterAll
    static void stopServers() {
        server.close();
        broker.close();
    }

    @Test
    void imagesArePublishedInABucketThatTheWorkerCreates() throws Exception {
        try (var worker = worker("--ATELIER_WORKER_ID=splitter-7")) {
            await().atMost(TIMEOUT).until(() -> server.bucket("avatars").exists());
            var job = JobId.create(Instant.now(), new Random());

            publish(task(job, tiles(worker.getBean(ObjectStore.class), job)));

            var end = (TaskSucceeded) end(job);
            assertThat(end.worker().id()).isEqualTo("splitter-7");
            assertThat(end.images()).hasSize(4).allSatisfy(image -> {
                var published = Objects.requireNonNull(image.published());
                assertThat(published.key()).isEqualTo("avatars/42/img_" + image.index() + ".png");
                assertThat(worker.getBean(ObjectPublisher.class).find(published).join())
                        .hasValueSatisfying(copy -> assertThat(copy.sha256()).isEqualTo(image.sha256()));
            });
        }
    }

    @Test
    void aBucketThatMustNotBeCreatedIsNamed() throws Exception {
        try (var worker = worker("--S3_BUCKET_NAME=portfolio", "--io.atelier.avatars.create-bucket=false")) {
            var job = JobId.create(Instant.now(), new Random());

            publish(task(job, tiles(worker.getBean(ObjectStore.class), job)));

            assertThat(((TaskFailed) end(job)).failure().message()).contains("S3 bucket 'portfolio' does not exist");
            assertThat(server.bucket("portfolio").exists()).isFalse();
        }
    }

    private static List<StoredImage> tiles(ObjectStore store, JobId job) {
        return IntStream.range(0, 4)
                .mapToObj(index -> SampleSplits.stored(
                                store, JobFolder.image(job, "split-0", 1, index), SampleSplits.grid(index))
                        .numbered(index))
                .toList();
    }

    private static PublishRequested task(JobId job, List<StoredImage> tiles) {
        return new PublishRequested(job, "publish", 1, 3, Instant.now(), null, "42", null, tiles);
    }

    private static void publish(PublishRequested task) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new EventCodec("test").record(task)).get(30, TimeUnit.SECONDS);
        }
    }

    /** The report that ends the task of a job. */
    private static JobEvent end(JobId job) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(Topic.TASK_REPORTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = new ArrayList<JobEvent>();
            await().atMost(TIMEOUT).until(() -> {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    EventCodec.event(record.headers(), record.value())
                            .filter(event -> event.job().equals(job) && event instanceof EndReport)
                            .ifPresent(ends::add);
                }
                return !ends.isEmpty();
            });
            return ends.get(0);
        }
    }

    private static ConfigurableApplicationContext worker(String... arguments) {
        var all = new ArrayList<>(List.of(
                "--server.port=0",
                "--io.atelier.messaging.bootstrap-servers=" + broker.bootstrapServers(),
                "--S3_ENDPOINT=" + server.endpoint(),
                "--S3_ACCESS_KEY=" + KEY,
                "--S3_SECRET_KEY=splitter-secret"));
        all.addAll(List.of(arguments));
        return SplitterApplication.application().web(WebApplicationType.NONE).run(all.toArray(String[]::new));
    }
}
