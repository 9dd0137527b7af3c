package io.atelier.gateway.api.topics;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.messaging.KafkaClientFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
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

/** Reads a topic for each request, on threads of its own. It is for rare requests, such as those of people, so nothing is cached. Thread-safe. */
public final class TopicQueries implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicQueries.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_READERS = 2;
    private static final int MAX_WAITING = 8;

    private static final Map<String, Object> SETTINGS = Map.of(
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            // A record may have 100 KB: limits how many are in memory.
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            50,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            2 << 20);

    private final KafkaClientFactory clients;
    private final String content;
    private final Scheduler io;

    /** @param content what is read, in plural, for messages and threads, such as {@code dead letters} */
    public TopicQueries(KafkaClientFactory clients, String content) {
        this.clients = clients;
        this.content = content;
        this.io = Schedulers.newBoundedElastic(MAX_READERS, MAX_WAITING, content.replace(' ', '-'));
    }

    /** The result of a query, which may block. Fails with a {@link Problem} if the records cannot be read now. */
    public <T> Mono<T> read(Function<TopicQuery, T> query) {
        return Mono.fromCallable(() -> run(query))
                .subscribeOn(io)
                .onErrorMap(RejectedExecutionException.class, failure -> overloaded())
                .onErrorMap(KafkaException.class, this::unavailable);
    }

    @Override
    public void dispose() {
        io.dispose();
    }

    private <T> T run(Function<TopicQuery, T> query) {
        try (var consumer = clients.consumer(SETTINGS, new StringDeserializer(), new ByteArrayDeserializer())) {
            return query.apply(new TopicQuery(consumer, TIMEOUT));
        }
    }

    private Problem overloaded() {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "There are too many requests for %s at the same time. Try again in a few seconds."
                                .formatted(content))
                .retryAfter(Duration.ofSeconds(5));
    }

    private Problem unavailable(KafkaException failure) {
        LOG.warn("The {} could not be read: {}", content, failure.toString());
        return new Problem(ProblemKind.BROKER_UNAVAILABLE, "The message broker does not answer. Try again.")
                .retryAfter(Duration.ofSeconds(5));
    }
}
