package io.atelier.worker.binding;

import java.util.stream.Stream;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.integration.kafka.support.KafkaSendFailureException;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;

/**
 * Logs the errors of bindings, except that the brokers do not answer: {@link ProducerOutageLog} reports the beginning and the end of that, while
 * Spring's own handler would log each record that was not sent, with its stack trace. Thread-safe.
 */
final class BindingErrorLog implements MessageHandler {

    private static final Logger LOG = LoggerFactory.getLogger(BindingErrorLog.class);

    @Override
    public void handleMessage(Message<?> error) {
        if (error.getPayload() instanceof Throwable failure) {
            if (isOutage(failure)) {
                LOG.debug("A record was not sent", failure);
            } else {
                LOG.error("A binding failed", failure);
            }
        } else {
            LOG.error("A binding failed: {}", error.getPayload());
        }
    }

    private static boolean isOutage(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof KafkaSendFailureException || cause instanceof RetriableException);
    }
}
