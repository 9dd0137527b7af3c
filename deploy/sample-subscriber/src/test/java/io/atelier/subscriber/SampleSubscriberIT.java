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

/** The subscriber over a real broker, with everything that the contract allows to happen. */
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
                            // One partition, so that whoever had the last event had them all.
                            new NewTopic(EventFollower.EVENTS, 1, (short) 1),
                            new NewTopic(JobStates.JOBS, 2, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void jobIsHandledOnceThoughEventsRepeatAndTheSubscriberFallsAndComesBack()
            throws ExecutionException, InterruptedException {
        var told = new PublishedRecords();
        for (int number = 0; number < JOBS; number++) {
            send(life(GoldenEvents.job(number)));
        }

        // Falls at the fourth job: what it had handled of that poll is not committed and comes again.
        fallAt(4, told);
        assertThat(told.successes).hasSize(3).doesNotHaveDuplicates();

        // Comes back, does the rest, and stops in good order: everything is committed.
        follow(told, JOBS);
        assertThat(told.successes).containsExactlyInAnyOrderElementsOf(jobs(JOBS));

        // While it is away, all is said once more, and one thing that is new.
        for (int number = 0; number <= JOBS; number++) {
            send(life(GoldenEvents.job(number)));
        }
        follow(told, JOBS + 1);
        assertThat(told.successes).containsExactlyInAnyOrderElementsOf(jobs(JOBS + 1));
    }

    @Test
    void subscriberThatComesLateLearnsFromTheStatesWhatWasBefore() throws ExecutionException, InterruptedException {
        send(Stream.of(
                GoldenEvents.state(GoldenEvents.job(7)),
                GoldenEvents.state(GoldenEvents.job(8)),
                GoldenEvents.event("generation-state", GoldenEvents.job(9)),
                new ProducerRecord<>(JobStates.JOBS, GoldenEvents.job(8), null)));
        var told = new PublishedRecords();

        try (var ledger = ledger();
                var reader = new KafkaConsumer<>(
                        settings().loneReader(), new StringDeserializer(), new ByteArrayDeserializer())) {
            var states = JobStates.read(reader);
            states.tell(told, ledger);
            states.tell(told, ledger);
        }

        assertThat(told.successes).containsExactly(GoldenEvents.job(7));
    }

    /** All that is ever said of a job, with repetitions, what nobody knows yet, and the end told twice. */
    private static Stream<ProducerRecord<String, byte[]>> life(String job) {
        return Stream.of(
                        Stream.of(
                                GoldenEvents.event("generation-accepted", job),
                                GoldenEvents.event("generation-started", job),
                                GoldenEvents.event("generation-started", job),
                                GoldenEvents.event("generation-retry-scheduled", job)),
                        Stream.of(
                                GoldenEvents.unknown(job),
                                GoldenEvents.later(job),
                                GoldenEvents.event("generation-succeeded", job),
                                GoldenEvents.event("generation-succeeded", job)))
                .flatMap(each -> each);
    }

    private void fallAt(int success, PublishedRecords told) {
        var falling = new PublishedRecords() {
            @Override
            public void succeeded(Job job) {
                if (told.successes.size() == success - 1) {
                    throw new IllegalStateException("fell");
                }
                told.succeeded(job);
            }
        };
        try (var ledger = ledger()) {
            var follower = follower(ledger, falling);
            assertThatIllegalStateException().isThrownBy(follower::run).withMessage("fell");
        }
    }

    /** Runs until that many jobs were told of, and stops in good order. */
    private void follow(PublishedRecords told, int count) throws ExecutionException, InterruptedException {
        var enough = new CountDownLatch(Math.max(0, count - told.successes.size()));
        var counting = new PublishedRecords() {
            @Override
            public void succeeded(Job job) {
                told.succeeded(job);
                enough.countDown();
            }
        };
        var thread = Executors.newSingleThreadExecutor();
        try (var ledger = ledger()) {
            var follower = follower(ledger, counting);
            var running = thread.submit(() -> {
                follower.run();
                return true;
            });
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            follower.stop();
            assertThat(running.get()).isTrue();
        } finally {
            thread.shutdown();
        }
    }

    private EventFollower follower(HandledVersions ledger, JobListener listener) {
        var consumer =
                new KafkaConsumer<>(settings().groupMember(), new StringDeserializer(), new ByteArrayDeserializer());
        return new EventFollower(consumer, ledger, listener, Duration.ofMillis(100));
    }

    private HandledVersions ledger() {
        return HandledVersions.open(folder.resolve("handled.log"), Instant.now());
    }

    private SubscriberSettings settings() {
        return new SubscriberSettings(broker.bootstrapServers(), URI.create("http://127.0.0.1:9"), "copies", folder);
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
