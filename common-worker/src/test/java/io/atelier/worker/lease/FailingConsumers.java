package io.atelier.worker.lease;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ShareConsumerFactory;

/** Consumers without a broker, that break when they are told to: while polling, or when they are made. */
final class FailingConsumers implements ShareConsumerFactory<String, byte[]> {

    private final AtomicInteger made = new AtomicInteger();
    private volatile boolean breaking;
    private volatile boolean refusing;

    void breakAll() {
        breaking = true;
    }

    void refuse() {
        refusing = true;
    }

    void mend() {
        breaking = false;
        refusing = false;
    }

    int made() {
        return made.get();
    }

    @Override
    public ShareConsumer<String, byte[]> createShareConsumer(@Nullable String groupId, @Nullable String clientId) {
        if (refusing) {
            throw new KafkaException("No resolvable bootstrap urls given in bootstrap.servers");
        }
        made.incrementAndGet();
        return new FrailConsumer();
    }

    @Override
    public ShareConsumer<String, byte[]> createShareConsumer(
            @Nullable String groupId, @Nullable String clientId, Map<String, Object> overrides) {
        return createShareConsumer(groupId, clientId);
    }

    @Override
    public Map<String, Object> getConfigurationProperties() {
        return Map.of();
    }

    private final class FrailConsumer extends MockShareConsumer<String, byte[]> {

        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            if (breaking) {
                throw new KafkaException("broken by the test");
            }
            try {
                if (new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("nobody counts this down");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ConsumerRecords.empty();
        }
    }
}
