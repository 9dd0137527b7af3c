package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.messaging.KafkaClientFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Reads the dead letters from their topic for each request. Requests are rare, because only people make them, so nothing is cached. */
public final class KafkaDeadLetters implements DeadLetters, Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeadLetters.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_READERS = 2;
    private static final int MAX_WAITING = 8;

    private static final Map<String, Object> SETTINGS = Map.of(
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            // A dead letter may have 100 KB: limits how many are in memory.
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            50,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            2 << 20);

    private final KafkaClientFactory clients;
    private final Scheduler io = Schedulers.newBoundedElastic(MAX_READERS, MAX_WAITING, "dead-letters");

    public KafkaDeadLetters(KafkaClientFactory clients) {
        this.clients = clients;
    }

    @Override
    public Mono<List<DeadLetterObject>> latest(int limit) {
        return Mono.fromCallable(() -> read(limit))
                .subscribeOn(io)
                .onErrorMap(RejectedExecutionException.class, failure -> overloaded())
                .onErrorMap(KafkaException.class, KafkaDeadLetters::unavailable);
    }

    @Override
    public void dispose() {
        io.dispose();
    }

    private List<DeadLetterObject> read(int limit) {
        try (var consumer = clients.consumer(SETTINGS, new StringDeserializer(), new ByteArrayDeserializer())) {
            return new DeadLetterTopicReader(consumer, TIMEOUT).latest(limit);
        }
    }

    private static Problem overloaded() {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "There are too many requests for dead letters at the same time. Try again in a few seconds.")
                .retryAfter(Duration.ofSeconds(5));
    }

    private static Problem unavailable(KafkaException failure) {
        LOG.warn("The dead letters could not be read: {}", failure.toString());
        return new Problem(ProblemKind.BROKER_UNAVAILABLE, "The message broker does not answer. Try again.")
                .retryAfter(Duration.ofSeconds(5));
    }
}
