package io.atelier.gateway.api.events;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.messaging.KafkaClientFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reads the events for each client with a consumer of its own, on threads that may block, and only when the client has taken the events that
 * were read before. Limits the number of streams.
 */
public final class KafkaFirehose implements Firehose, SmartLifecycle {

    private static final int MAX_RECORDS = 100;
    private static final int MAX_BYTES = 1 << 20;

    private final KafkaClientFactory clients;
    private final int maxStreams;
    private final Semaphore free;
    private final Scheduler io;
    private volatile Sinks.Empty<Void> closing = Sinks.empty();
    private volatile boolean running;

    public KafkaFirehose(KafkaClientFactory clients, FirehoseProperties properties) {
        this.clients = clients;
        this.maxStreams = properties.maxStreams();
        this.free = new Semaphore(maxStreams);
        // More threads than streams, so that a close need not wait for a reader.
        this.io = Schedulers.newBoundedElastic(maxStreams + 4, 10_000, "firehose");
    }

    @Override
    public Flux<EventBatch> read(StreamPosition start) {
        return Flux.defer(() -> {
            if (!free.tryAcquire()) {
                return Flux.error(full());
            }
            var reader = new EventTopicReader(this::consumer, start);
            return Mono.fromCallable(reader::next)
                    .subscribeOn(io)
                    .repeat()
                    .takeUntilOther(closing.asMono())
                    // The client was too slow. It learns that from the response when it reconnects with its cursor.
                    .onErrorComplete(InvalidOffsetException.class)
                    .doFinally(end -> io.schedule(() -> close(reader)));
        });
    }

    /** The number of further streams that are possible now. */
    int free() {
        return free.availablePermits();
    }

    @Override
    public void start() {
        closing = Sinks.empty();
        running = true;
    }

    /** Ends all streams, before the web server waits for its requests to end. */
    @Override
    public void stop() {
        running = false;
        closing.tryEmitEmpty();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    void dispose() {
        io.dispose();
    }

    private void close(EventTopicReader reader) {
        try {
            reader.close();
        } finally {
            free.release();
        }
    }

    private Problem full() {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "This gateway already has %d streams of all events, its limit. Close one, or read the topic atelier.events."
                                .formatted(maxStreams))
                .retryAfter(Duration.ofSeconds(10));
    }

    private Consumer<String, byte[]> consumer() {
        var settings = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                MAX_RECORDS,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                MAX_BYTES,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                MAX_BYTES,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                10_000);
        return clients.consumer(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
