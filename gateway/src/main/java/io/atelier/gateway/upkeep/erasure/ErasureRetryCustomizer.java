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
 * Lets the erasers try again until it works, and never pass over an erasure. Between two attempts the consumer polls, so that its group does
 * not take it for dead; the binder's own attempts would all be made within one poll, and there are three of them.
 */
public final class ErasureRetryCustomizer implements ListenerContainerWithDlqAndRetryCustomizer {

    private static final Logger LOG = LoggerFactory.getLogger(ErasureRetryCustomizer.class);
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private final String group;

    /** @param group whose members never give up; all others are left alone */
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
        var pauses = new ExponentialBackOff(FIRST_PAUSE_MILLIS, 2);
        pauses.setMaxInterval(LONGEST_PAUSE_MILLIS);
        var handler = new DefaultErrorHandler(pauses);
        // Some kinds of exception would be passed over at once.
        handler.setClassifications(Map.of(), true);
        handler.setLogLevel(KafkaException.Level.DEBUG);
        handler.setRetryListeners(ErasureRetryCustomizer::tell);
        container.setCommonErrorHandler(handler);
        passOverOthers(container);
    }

    /** Each job has several events and at most one erasure: the others need not go through the binder to be ignored. */
    private static <K, V> void passOverOthers(AbstractMessageListenerContainer<K, V> container) {
        container.setRecordInterceptor(
                (event, consumer) -> EventCodec.type(event.headers()).equals(Eraser.ERASED) ? event : null);
    }

    private static void tell(ConsumerRecord<?, ?> event, @Nullable Exception failure, int attempt) {
        LOG.warn(
                "What {} partition {} says at {} could not be done yet (attempt {}); trying again, and what is behind it waits: {}",
                event.topic(),
                event.partition(),
                event.offset(),
                attempt,
                failure == null
                        ? "no reason"
                        : NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
    }
}
