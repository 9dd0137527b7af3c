package io.atelier.gateway.api.operations;

import io.atelier.messaging.KafkaClientFactory;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Requests the id of the cluster from a Kafka broker, at most once in two seconds. */
public final class KafkaBrokerProbe implements BrokerProbe, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaBrokerProbe.class);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofMillis(1_500);
    private static final Duration CACHE_TTL = Duration.ofSeconds(2);

    private final Admin admin;
    private final Mono<Boolean> reachable;

    public KafkaBrokerProbe(KafkaClientFactory clients) {
        this.admin = clients.admin(Map.of(
                AdminClientConfig.CLIENT_ID_CONFIG,
                "gateway-readiness",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) REQUEST_TIMEOUT.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) REQUEST_TIMEOUT.toMillis(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000));
        this.reachable = Mono.defer(this::request).cache(CACHE_TTL);
    }

    @Override
    public Mono<Boolean> reachable() {
        return reachable;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private Mono<Boolean> request() {
        var answer = admin.describeCluster().clusterId().toCompletionStage();
        return Mono.fromCompletionStage(answer)
                .map(cluster -> true)
                .timeout(TIMEOUT)
                .doOnError(failure -> LOG.debug("No Kafka broker answers: {}", failure.toString()))
                .onErrorReturn(false)
                .defaultIfEmpty(true);
    }
}
