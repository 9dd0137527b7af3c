package io.atelier.gateway.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.gateway.JobHistoryFixture;
import io.atelier.gateway.api.events.EventBatch.Event;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.ProvisioningFixture;
import io.atelier.messaging.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** The stream of all events with a real broker. */
class KafkaFirehoseIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final StreamPosition EARLIEST = new StreamPosition(Optional.empty(), true);
    private static final StreamPosition LATEST = new StreamPosition(Optional.empty(), false);
    private static final EventCodec CODEC = new EventCodec("test");

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static KafkaProducer<String, byte[]> producer;

    private KafkaFirehose firehose;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder, 0);
        ProvisioningFixture.provisioner(ProvisioningFixture.properties(broker.bootstrapServers(), List.of("default")))
                .topics();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        producer.close();
        broker.close();
    }

    @BeforeEach
    void open() {
        firehose = new KafkaFirehose(KafkaClientFactory.of(broker.bootstrapServers()), new FirehoseProperties(3));
        firehose.start();
    }

    @AfterEach
    void close() {
        firehose.stop();
        await().atMost(TIMEOUT).until(() -> firehose.free() == 3);
        firehose.dispose();
    }

    @Test
    void streamResumesFromEachCursorWithoutGapOrRepetition() throws Exception {
        var before = cursor(LATEST);
        var sent = new ArrayList<String>();
        for (int i = 0; i < 40; i++) {
            sent.add(publish());
        }

        var all = events(new StreamPosition(FirehoseCursor.parse(before), false), 40);
        assertThat(all).extracting(Event::json).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(all).extracting(Event::name).containsOnly("generation.accepted");
        for (int received : List.of(1, 17, 39)) {
            var rest = events(
                    new StreamPosition(
                            FirehoseCursor.parse(all.get(received - 1).cursor()), false),
                    40 - received);
            var both = new ArrayList<>(all.subList(0, received));
            both.addAll(rest);
            assertThat(both).extracting(Event::json).containsExactlyInAnyOrderElementsOf(sent);
        }
        assertThat(events(EARLIEST, 40)).hasSizeGreaterThanOrEqualTo(40);
    }

    @Test
    void streamWithoutACursorBeginsWithTheNextEvent() throws Exception {
        publish();
        var received = new ArrayList<Event>();
        var started = new CountDownLatch(1);
        var reading = firehose.read(LATEST)
                .doOnNext(batch -> started.countDown())
                .flatMapIterable(EventBatch::events)
                .subscribe(event -> {
                    synchronized (received) {
                        received.add(event);
                    }
                });
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

        var next = publish();

        await().atMost(TIMEOUT).until(() -> {
            synchronized (received) {
                return !received.isEmpty();
            }
        });
        reading.dispose();
        assertThat(received).extracting(Event::json).containsExactly(next);
    }

    @Test
    void cursorWhoseEventsWereDeletedIsRefused() throws Exception {
        var old = new StreamPosition(FirehoseCursor.parse(cursor(EARLIEST)), false);
        for (int i = 0; i < 30; i++) {
            publish();
        }
        var present = new StreamPosition(FirehoseCursor.parse(cursor(LATEST)), false);
        deleteAll();

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> cursor(old))
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(ProblemKind.CURSOR_TOO_OLD));
        assertThat(cursor(present)).isNotEmpty();
        publish();
        assertThat(events(present, 1)).hasSize(1);
    }

    @Test
    void cursorOfAnotherTopicIsRefused() {
        var kinds = Map.of(
                List.of(0L),
                ProblemKind.VALIDATION_FAILED,
                List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L << 50),
                ProblemKind.CURSOR_TOO_OLD);
        kinds.forEach((offsets, kind) -> assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> cursor(new StreamPosition(Optional.of(new FirehoseCursor(offsets)), false)))
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(kind)));
    }

    @Test
    void oneStreamTooManyIsRefusedUntilAnotherEnds() {
        var reading = IntStream.range(0, 3)
                .mapToObj(stream -> firehose.read(LATEST).subscribe())
                .toList();

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> cursor(LATEST))
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(ProblemKind.OVERLOADED));

        reading.forEach(Disposable::dispose);
        await().atMost(TIMEOUT).until(() -> firehose.free() == 3);
        assertThat(cursor(LATEST)).isNotEmpty();
    }

    @Test
    void nothingIsReadAheadForASlowSubscriber() throws Exception {
        var before = new StreamPosition(FirehoseCursor.parse(cursor(LATEST)), false);
        var sent = new ArrayList<Future<?>>();
        for (int i = 0; i < 1_000; i++) {
            sent.add(producer.send(CODEC.record(event(), "many")));
        }
        for (var one : sent) {
            one.get();
        }
        var batches = new AtomicInteger();
        var slow = new BaseSubscriber<EventBatch>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(2);
            }

            @Override
            protected void hookOnNext(EventBatch batch) {
                batches.incrementAndGet();
            }
        };
        firehose.read(before).subscribe(slow);
        await().atMost(TIMEOUT).until(() -> batches.get() == 2);

        slow.request(Long.MAX_VALUE);
        assertThat(events(before, 1_000)).hasSize(1_000);
        slow.cancel();
    }

    @Test
    void allStreamsEndWhenTheGatewayStops() {
        var ended = new CountDownLatch(2);
        firehose.read(LATEST).doOnComplete(ended::countDown).subscribe();
        firehose.read(EARLIEST).doOnComplete(ended::countDown).subscribe();

        firehose.stop();

        await().atMost(TIMEOUT).until(() -> ended.getCount() == 0);
    }

    /** The cursor at which a stream begins. */
    private String cursor(StreamPosition start) {
        return Objects.requireNonNull(firehose.read(start).blockFirst(TIMEOUT)).cursor();
    }

    private List<Event> events(StreamPosition start, int count) {
        // The permit of a stream is released a moment after its end.
        await().atMost(TIMEOUT).until(() -> firehose.free() > 0);
        return Objects.requireNonNull(firehose.read(start)
                .flatMap(batch -> Flux.fromIterable(batch.events()))
                .take(count)
                .collectList()
                .block(TIMEOUT));
    }

    /** Publishes an event and returns its JSON. */
    private static String publish() throws Exception {
        var event = event();
        producer.send(CODEC.record(event, event.id() + "/1")).get();
        return EventCodec.json().writeValueAsString(event);
    }

    private static GenerationEvent event() {
        var job = new JobHistoryFixture().at(1);
        return new GenerationEvent.Accepted(job.id(), 1, JobStatus.QUEUED, "accepted", job.createdAt(), job.request());
    }

    private static void deleteAll() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            var all = IntStream.range(0, 8)
                    .mapToObj(number -> new TopicPartition(Topic.EVENTS, number))
                    .collect(Collectors.toMap(partition -> partition, partition -> RecordsToDelete.beforeOffset(-1)));
            admin.deleteRecords(all).all().get();
        }
    }
}
