package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.atelier.messaging.SharedBroker;
import io.atelier.worker.lease.TaskHandler.Disposition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ShareKafkaMessageListenerContainer;

/** Task consumers on the embedded broker. */
final class TaskConsumerIT extends LeaseContract {

    @Override
    String bootstrapServers() {
        return SharedBroker.bootstrapServers();
    }

    @DisplayName("The containers of a worker start without a warning, of which there would be one for each consumer")
    @Test
    void containersStartWithoutWarnings() {
        var logger = (Logger) LoggerFactory.getLogger(ShareKafkaMessageListenerContainer.class);
        var log = new ListAppender<ILoggingEvent>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
        try (var harness = new LeaseHarness(bootstrapServers())) {
            var done = new CopyOnWriteArrayList<String>();
            harness.worker(1, lease -> {
                done.add(lease.task().task());
                return Disposition.ACCEPT;
            });
            harness.publish("one");
            await().atMost(Duration.ofSeconds(30)).until(() -> !done.isEmpty());
        } finally {
            logger.detachAppender(log);
        }

        assertThat(List.copyOf(log.list))
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }
}
