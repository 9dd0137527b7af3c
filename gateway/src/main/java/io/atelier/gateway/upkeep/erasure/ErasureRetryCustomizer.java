package io.atelier.gateway.upkeep.erasure;

import io.atelier.messaging.EventCodec;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.stream.binder.kafka.ListenerContainerWithDlqAndRetryCustomizer;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Configures the containers of the erasers to retry without an end, so that no erasure is skipped. The consumer polls between two attempts
 * and so stays in its group; the binder's own three attempts would all be made within one poll.
 */
public final class ErasureRetryCustomizer implements ListenerContainerWithDlqAndRetryCustomizer {

    private static final Logger LOG = LoggerFactory.getLogger(ErasureRetryCustomizer.class);
    private static final long INITIAL_INTERVAL_MILLIS = 500;
    private static final long MAX_INTERVAL_MILLIS = 30_000;

    private final String group;

    /** @param group the consumer group to configure; others are not changed */
    public ErasureRetryCustomizer(String group) {
        this.group = group;
    }

    @Override
    public boolean retryAndDlqInBinding(String destinationName, @Nullable String consumers) {
        return !group.equals(consumers);
    }

    @Override
    public void configure(
            AbstractMessageListenerContainer<?, ?> container,
            String destinationName,
            @Nullable String consumers,
            @Nullable BiFunction<ConsumerRecord<?, ?>, Exception, TopicPartition> deadLetters,
            @Nullable BackOff configured) {
        if (!group.equals(consumers)) {
            return;
        }
        var backOff = new ExponentialBackOff(INITIAL_INTERVAL_MILLIS, 2);
        backOff.setMaxInterval(MAX_INTERVAL_MILLIS);
        var handler = new DefaultErrorHandler(backOff);
        // By default, some kinds of exception are not retried.
        handler.setClassifications(Map.of(), true);
        handler.setLogLevel(KafkaException.Level.DEBUG);
        handler.setRetryListeners(ErasureRetryCustomizer::log);
        container.setCommonErrorHandler(handler);
        skipOtherEvents(container);
    }

    /** Skips events other than erasures before the binder handles them: each job has several events and at most one erasure. */
    private static <K, V> void skipOtherEvents(AbstractMessageListenerContainer<K, V> container) {
        container.setRecordInterceptor(
                (event, consumer) -> EventCodec.type(event.headers()).equals(Eraser.ERASED) ? event : null);
    }

    private static void log(ConsumerRecord<?, ?> event, @Nullable Exception failure, int attempt) {
        LOG.warn(
                "The erasure in {}-{}@{} failed (attempt {}) and is retried; the events after it wait: {}",
                event.topic(),
                event.partition(),
                event.offset(),
                attempt,
                failure == null
                        ? "unknown reason"
                        : NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
    }
}
