package io.atelier.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.atelier.contract.job.Job;
import io.atelier.embedded.EmbeddedBroker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The subscriber with a real broker, and all that the contract allows: repetitions, unknown events, restarts and tombstones. */
class SampleSubscriberIT {

    private static final int JOBS = 6;

    @TempDir
    private static Path data;

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws ExecutionException, InterruptedException {
        broker = EmbeddedBroker.start(data, 0);
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(
                            // One partition, so that the last event arrives after all others.
                            new NewTopic(EventConsumer.EVENTS, 1, (short) 1),
                            new NewTopic(JobTopicSnapshot.JOBS, 2, (short) 1)
                                    .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void handlesEachJobOnceDespiteRepeatedEventsAndACrash() throws ExecutionException, InterruptedException {
        var listener = new RecordingJobListener();
        for (int number = 0; number < JOBS; number++) {
            send(history(GoldenEvents.job(number)));
        }

        // Crashes at the fourth job: the events handled in that poll are not committed and are delivered again.
        crashAt(4, listener);
        assertThat(listener.successes).hasSize(3).doesNotHaveDuplicates();

        // Restarts, handles the rest and stops cleanly: everything is committed.
        consume(listener, JOBS);
        assertThat(listener.successes).containsExactlyInAnyOrderElementsOf(jobs(JOBS));

        // While it is stopped, all events are published again, and those of a new job.
        for (int number = 0; number <= JOBS; number++) {
            send(history(GoldenEvents.job(number)));
        }
        consume(listener, JOBS + 1);
        assertThat(listener.successes).containsExactlyInAnyOrderElementsOf(jobs(JOBS + 1));
    }

    @Test
    void lateSubscriberReadsEarlierJobsFromTheStates() throws ExecutionException, InterruptedException {
        send(Stream.of(
                GoldenEvents.state(GoldenEvents.job(7)),
                GoldenEvents.state(GoldenEvents.job(8)),
                GoldenEvents.event("generation-state", GoldenEvents.job(9)),
                new ProducerRecord<>(JobTopicSnapshot.JOBS, GoldenEvents.job(8), null)));
        var listener = new RecordingJobListener();

        try (var processed = processedLog();
                var reader = new KafkaConsumer<>(
                        settings().standaloneConsumer(), new StringDeserializer(), new ByteArrayDeserializer())) {
            var snapshot = JobTopicSnapshot.read(reader);
            snapshot.notifyListener(listener, processed);
            snapshot.notifyListener(listener, processed);
        }

        assertThat(listener.successes).containsExactly(GoldenEvents.job(7));
    }

    /** The events of a job, with repetitions, unknown ones, and the success twice. */
    private static Stream<ProducerRecord<String, byte[]>> history(String job) {
        return Stream.of(
                        Stream.of(
                                GoldenEvents.event("generation-accepted", job),
                                GoldenEvents.event("generation-started", job),
                                GoldenEvents.event("generation-started", job),
                                GoldenEvents.event("generation-retry-scheduled", job)),
                        Stream.of(
                                GoldenEvents.unknown(job),
                                GoldenEvents.ofLaterVersion(job),
                                GoldenEvents.event("generation-succeeded", job),
                                GoldenEvents.event("generation-succeeded", job)))
                .flatMap(each -> each);
    }

    private void crashAt(int success, RecordingJobListener listener) {
        var failing = new RecordingJobListener() {
            @Override
            public void succeeded(Job job) {
                if (listener.successes.size() == success - 1) {
                    throw new IllegalStateException("crash");
                }
                listener.succeeded(job);
            }
        };
        try (var processed = processedLog()) {
            var consumer = eventConsumer(processed, failing);
            assertThatIllegalStateException().isThrownBy(consumer::run).withMessage("crash");
        }
    }

    /** Runs until that many jobs were handled, and stops cleanly. */
    private void consume(RecordingJobListener listener, int count) throws ExecutionException, InterruptedException {
        var remaining = new CountDownLatch(Math.max(0, count - listener.successes.size()));
        var counting = new RecordingJobListener() {
            @Override
            public void succeeded(Job job) {
                listener.succeeded(job);
                remaining.countDown();
            }
        };
        var thread = Executors.newSingleThreadExecutor();
        try (var processed = processedLog()) {
            var consumer = eventConsumer(processed, counting);
            var running = thread.submit(() -> {
                consumer.run();
                return true;
            });
            assertThat(remaining.await(60, TimeUnit.SECONDS)).isTrue();
            consumer.stop();
            assertThat(running.get()).isTrue();
        } finally {
            thread.shutdown();
        }
    }

    private EventConsumer eventConsumer(ProcessedVersionLog processed, JobListener listener) {
        var consumer =
                new KafkaConsumer<>(settings().groupConsumer(), new StringDeserializer(), new ByteArrayDeserializer());
        return new EventConsumer(consumer, processed, listener, Duration.ofMillis(100));
    }

    private ProcessedVersionLog processedLog() {
        return ProcessedVersionLog.open(folder.resolve("handled.log"), Instant.now());
    }

    private SubscriberSettings settings() {
        return new SubscriberSettings(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                URI.create("http://127.0.0.1:9"),
                "copies",
                folder);
    }

    private static List<String> jobs(int count) {
        return IntStream.range(0, count).mapToObj(GoldenEvents::job).toList();
    }

    private static void send(Stream<ProducerRecord<String, byte[]>> records)
            throws ExecutionException, InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (var written : records.toList()) {
                producer.send(written).get();
            }
        }
    }
}
