package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Reads the dead letters from their topic whenever somebody asks: people do, and seldom. Keeps nothing in between. */
public final class KafkaDeadLetters implements DeadLetters, Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeadLetters.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int READERS = 2;
    private static final int WAITING = 8;

    private final String bootstrapServers;
    private final Scheduler io = Schedulers.newBoundedElastic(READERS, WAITING, "dead-letters");

    public KafkaDeadLetters(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    @Override
    public Mono<List<DeadLetterObject>> latest(int limit) {
        return Mono.fromCallable(() -> read(limit))
                .subscribeOn(io)
                .onErrorMap(RejectedExecutionException.class, failure -> crowded())
                .onErrorMap(KafkaException.class, KafkaDeadLetters::unread);
    }

    @Override
    public void dispose() {
        io.dispose();
    }

    private List<DeadLetterObject> read(int limit) {
        try (var consumer = new KafkaConsumer<>(settings(), new StringDeserializer(), new ByteArrayDeserializer())) {
            return new DeadLetterTopicReader(consumer, PATIENCE).latest(limit);
        }
    }

    private Map<String, Object> settings() {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // A letter may be of 100 KB: only a few are in memory at once.
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                50,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                2 << 20);
    }

    private static Problem crowded() {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "Too many ask for the dead letters at once. Try again in a few seconds.")
                .retryAfter(Duration.ofSeconds(5));
    }

    private static Problem unread(KafkaException failure) {
        LOG.warn("The dead letters could not be read: {}", failure.toString());
        return new Problem(ProblemKind.BROKER_UNAVAILABLE, "The message broker does not answer now. Try again.")
                .retryAfter(Duration.ofSeconds(5));
    }
}
