package io.atelier.gateway.api.events;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reads the events for each client with a consumer of its own, on threads that may block, only when the client has taken what was read
 * before. A bounded number at once.
 */
public final class KafkaFirehose implements Firehose, SmartLifecycle {

    private static final int RECORDS = 100;
    private static final int BYTES = 1 << 20;

    private final Map<String, Object> settings;
    private final int most;
    private final Semaphore free;
    private final Scheduler io;
    private volatile Sinks.Empty<Void> closing = Sinks.empty();
    private volatile boolean running;

    public KafkaFirehose(String bootstrapServers, FirehoseProperties properties) {
        this.settings = settings(bootstrapServers);
        this.most = properties.maxStreams();
        this.free = new Semaphore(most);
        // Some threads more than there are streams, so that a close need not wait for a reader.
        this.io = Schedulers.newBoundedElastic(most + 4, 10_000, "firehose");
    }

    @Override
    public Flux<EventBatch> read(StreamPosition start) {
        return Flux.defer(() -> {
            if (!free.tryAcquire()) {
                return Flux.error(full());
            }
            var tail = new EventTopicReader(() -> new KafkaConsumer<>(settings), start);
            return Mono.fromCallable(tail::next)
                    .subscribeOn(io)
                    .repeat()
                    .takeUntilOther(closing.asMono())
                    // It comes back with its cursor, and is told then that it was too slow.
                    .onErrorComplete(InvalidOffsetException.class)
                    .doFinally(end -> io.schedule(() -> close(tail)));
        });
    }

    /** How many streams more there may be now. */
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

    private void close(EventTopicReader tail) {
        try {
            tail.close();
        } finally {
            free.release();
        }
    }

    private Problem full() {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "%d clients read all events here already. Close a stream, or read the topic itself."
                                .formatted(most))
                .retryAfter(Duration.ofSeconds(10));
    }

    private static Map<String, Object> settings(String bootstrapServers) {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                RECORDS,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                BYTES,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                BYTES,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                10_000);
    }
}
